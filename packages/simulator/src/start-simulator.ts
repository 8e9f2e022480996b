import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { createSimulator } from "./create-simulator.ts"
import type { Wire } from "./faults.ts"
import type { Simulator } from "./simulator.ts"

export interface StartOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Default is a new one. */
  readonly simulator?: Simulator
}

/** The pretend WeChat as a server on 127.0.0.1. */
export interface StartedSimulator {
  /** `http://127.0.0.1:3001` */
  readonly url: string
  readonly port: number
  readonly simulator: Simulator
  /** Cuts off what is under way and stops. */
  close(): Promise<void>
}

/** The longest body it reads, in bytes. */
const bodyLimit = 1_048_576

/** @throws Error (as a rejection) with code `EADDRINUSE` if the port is taken */
export async function startSimulator({
  port,
  simulator = createSimulator(),
}: StartOptions): Promise<StartedSimulator> {
  const server = createServer((req, res) => {
    answer(simulator, req, res).catch(() => res.destroy())
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    simulator,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

async function answer(simulator: Simulator, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readBody(req)
  const target = `http://${req.headers.host ?? "nobody"}${req.url ?? "/"}`
  if (!URL.canParse(target)) {
    res.writeHead(400).end()
    return
  }
  const wire = simulator.answer({
    method: req.method ?? "GET",
    url: new URL(target),
    body,
    origin: req.headers.origin ?? null,
  })
  write(wire, req, res)
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
