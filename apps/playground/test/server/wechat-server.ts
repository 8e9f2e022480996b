import type { IncomingMessage, ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import type { Simulator } from "@denglu/simulator"
import type { Playground } from "../../src/server/index.ts"

/**
 * Answers as the pretend WeChat's server does when a playground is mounted into it.
 *
 * @param keys is given every session_key that goes out
 */
export async function answerWeChat(
  simulator: Simulator,
  playground: Playground,
  req: IncomingMessage,
  res: ServerResponse,
  keys: Set<string>,
): Promise<void> {
  if (await playground.handle(req, res)) return
  const startedAt = Date.now()
  const body = await text(req)
  const method = req.method ?? "GET"
  const target = `http://${req.headers.host}${req.url}`
  if (!URL.canParse(target)) {
    res.writeHead(400).end()
    return
  }
  const url = new URL(target)
  const wire = simulator.answer({ method, url, body, origin: null })
  const observe = (reply: Parameters<Playground["observe"]>[0]["reply"]) => {
    if (url.pathname.startsWith("/__simulator__")) return
    playground.observe({ method, url, body, reply, startedAt, endedAt: Date.now() })
  }
  if (wire.kind === "reset") {
    observe("reset")
    req.socket.resetAndDestroy()
    return
  }
  const { contentType, body: answered } = wire.reply
  const key = /"session_key":"([^"]+)"/.exec(answered.toString())?.[1]
  if (key !== undefined) keys.add(JSON.parse(`"${key}"`))
  if (wire.kind === "truncated") {
    observe("truncated")
    res.writeHead(200, { "content-length": answered.length })
    res.write(answered.slice(0, answered.length / 2), () => res.destroy())
    return
  }
  observe({ status: wire.status, contentType, body: answered.toString() })
  res.writeHead(wire.status, { "content-type": contentType }).end(answered)
}
