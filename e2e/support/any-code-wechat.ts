/**
 * A WeChat that takes every code, for loads for which nobody could issue so many: `node any-code-wechat.ts DELAY_MS`. Whose a code is stands
 * in what comes before its first hyphen.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

const delay = Number(process.argv[2] ?? 0)
const server = createServer((req, res) => {
  const [, person = ""] = /js_code=([^&-]+)/.exec(req.url ?? "") ?? []
  const body = `{"session_key":"c2Vzc2lvbi1rZXktMDAwMQ==","openid":"o${person.padStart(27, "0")}"}`
  const answer = () =>
    res.writeHead(200, { "content-type": "text/plain", "content-length": body.length }).end(body)
  if (delay === 0) answer()
  else setTimeout(answer, delay)
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", 4_096, () => console.log(`listening ${(server.address() as AddressInfo).port}`))
