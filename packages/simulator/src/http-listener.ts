import type { IncomingMessage, ServerResponse } from "node:http"
import type { Wire } from "./faults.ts"
import type { Simulator } from "./simulator.ts"

/** A request that a server made to the pretend WeChat, and what became of it. Secrets are in it, as on the wire. */
export interface WeChatExchange {
  readonly method: string
  readonly url: URL
  readonly body: string
  /** `reset` and `truncated`: the connection broke, before or in the middle of the answer. */
  readonly reply:
    | { readonly status: number; readonly contentType: string; readonly body: string }
    | "reset"
    | "truncated"
  /** Milliseconds since 1970, by the simulated clock. */
  readonly startedAt: number
  /** Milliseconds since 1970, by the simulated clock. */
  readonly endedAt: number
}

export type SimulatorListener = (req: IncomingMessage, res: ServerResponse) => void

/** The longest body it reads, in bytes. */
const bodyLimit = 1_048_576

/** The pretend WeChat for a `node:http` server. @param observe is told of each exchange with `api.weixin.qq.com` */
export function createListener(
  simulator: Simulator,
  observe: (exchange: WeChatExchange) => void = () => {},
): SimulatorListener {
  return (req, res) => {
    answer(simulator, req, res, observe).catch(() => res.destroy())
  }
}

async function answer(
  simulator: Simulator,
  req: IncomingMessage,
  res: ServerResponse,
  observe: (exchange: WeChatExchange) => void,
): Promise<void> {
  const startedAt = simulator.clock.now()
  const body = await readBody(req)
  const target = `http://${req.headers.host ?? "nobody"}${req.url ?? "/"}`
  if (!URL.canParse(target)) {
    res.writeHead(400).end()
    return
  }
  const url = new URL(target)
  const method = req.method ?? "GET"
  const wire = simulator.answer({ method, url, body, origin: req.headers.origin ?? null })
  const delayMs = wire.kind === "reply" ? wire.delayMs : 0
  write(wire, req, res)
  if (!url.pathname.startsWith("/__simulator__"))
    observe({
      method,
      url,
      body,
      reply: seen(wire),
      startedAt,
      endedAt: simulator.clock.now() + delayMs,
    })
}

function seen(wire: Wire): WeChatExchange["reply"] {
  if (wire.kind !== "reply") return wire.kind
  const { contentType, body } = wire.reply
  return { status: wire.status, contentType, body: typeof body === "string" ? body : "" }
}

function write(wire: Wire, req: IncomingMessage, res: ServerResponse): void {
  if (wire.kind === "reset") {
    req.socket.resetAndDestroy()
    return
  }
  const { contentType, body } = wire.reply
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length
  const headers = { "content-type": contentType, "content-length": length }
  if (wire.kind === "truncated") {
    res.writeHead(200, headers)
    res.write(body.slice(0, Math.floor(body.length / 2)), () => res.destroy())
    return
  }
  const send = () => {
    if (!res.destroyed) res.writeHead(wire.status, headers).end(body)
  }
  if (wire.delayMs === 0) send()
  else {
    const timer = setTimeout(send, wire.delayMs)
    res.once("close", () => clearTimeout(timer))
  }
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimit) throw new Error("the body is too large")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}
