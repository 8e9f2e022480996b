/** A WeChat that takes every code and answers at once. */
import { createServer } from "node:http"
import { listen } from "./listen.ts"
import { sessionAnswer } from "./session-answer.ts"

listen(
  createServer((req, res) => {
    const body = sessionAnswer(req.url ?? "")
    res.writeHead(200, { "content-type": "text/plain", "content-length": body.length }).end(body)
  }),
)
