/** A WeChat that takes every code and answers at once, or after BENCH_DELAY_MS. */
import { createServer } from "node:http"
import { listen } from "./listen.ts"
import { sessionAnswer } from "./session-answer.ts"

const delay = Number(process.env.BENCH_DELAY_MS ?? 0)

listen(
  createServer((req, res) => {
    const answer = () => {
      const body = sessionAnswer(req.url ?? "")
      res.writeHead(200, { "content-type": "text/plain", "content-length": body.length }).end(body)
    }
    if (delay === 0) answer()
    else setTimeout(answer, delay)
  }),
)
