import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { createSimulator } from "./create-simulator.ts"
import { createListener, type WeChatExchange } from "./http-listener.ts"
import type { Simulator } from "./simulator.ts"

export interface StartOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Default is a new one. */
  readonly simulator?: Simulator
  /** Is asked first; answers whether the request was its own. For pages that belong beside the simulator. */
  readonly before?: (req: IncomingMessage, res: ServerResponse) => Promise<boolean>
  /** Takes over a socket, or answers `false`. */
  readonly upgrade?: (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  /** Is told of each exchange with `api.weixin.qq.com`. */
  readonly observe?: (exchange: WeChatExchange) => void
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

/** @throws Error (as a rejection) with code `EADDRINUSE` if the port is taken */
export async function startSimulator({
  port,
  simulator = createSimulator(),
  before = async () => false,
  upgrade = () => false,
  observe,
}: StartOptions): Promise<StartedSimulator> {
  const listener = createListener(simulator, observe)
  const server = createServer((req, res) => {
    before(req, res).then(
      answered => {
        if (!answered) listener(req, res)
      },
      () => res.destroy(),
    )
  })
  server.on("upgrade", (req, socket, head) => {
    if (!upgrade(req, socket, head)) socket.destroy()
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
