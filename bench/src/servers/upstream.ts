/** A WeChat that takes every code and answers at once: whose it is stands in its first ten digits. */
import { createHash } from "node:crypto"
import { createServer } from "node:http"
import { listen } from "./listen.ts"

listen(
  createServer((req, res) => {
    const code = /js_code=(\d+)/.exec(req.url ?? "")?.[1] ?? ""
    const person = code.slice(0, 10)
    // Every login brings a new key: the most a store can be asked to do.
    const sessionKey = createHash("md5").update(code).digest("base64")
    const body = JSON.stringify({
      session_key: sessionKey,
      openid: `oBench${person.padStart(22, "A")}`,
      unionid: `uBench${person.padStart(22, "A")}`,
    })
    res.writeHead(200, { "content-type": "text/plain", "content-length": body.length }).end(body)
  }),
)
