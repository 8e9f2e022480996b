// The limit: node:http that asks WeChat and answers a token. It keeps nothing.
import { createServer } from "node:http"
import { Pool } from "undici"
import { newToken } from "./tokens.js"
import { parameters } from "./upstream.js"

const wechat = new Pool(process.env.BENCH_UPSTREAM, { connections: 512, pipelining: 1 })

async function logIn(text) {
  const query = new URLSearchParams(parameters(JSON.parse(text).code))
  const { body } = await wechat.request({ path: `/sns/jscode2session?${query}`, method: "GET" })
  const { openid } = JSON.parse(await body.text())
  return JSON.stringify({ token: newToken().token, user: { id: openid } })
}

const server = createServer((req, res) => {
  let text = ""
  req.setEncoding("utf8")
  req.on("data", chunk => {
    text += chunk
  })
  req.on("end", () =>
    logIn(text).then(
      body =>
        res
          .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
          .end(body),
      () => res.writeHead(500).end(),
    ),
  )
})
server.listen(0, "127.0.0.1", () => console.log(`ready ${server.address().port}`))
process.on("SIGTERM", () => process.exit(0))
