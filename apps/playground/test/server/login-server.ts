import { once } from "node:events"
import { createServer, type IncomingMessage, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { createLogin, type Login, type LoginOptions } from "denglu"

/** A `node:http` server on a free port of this machine. */
export interface Listening {
  readonly url: string
  close(): Promise<void>
}

/** @param upgrade takes over a socket, or says that it is not its own */
export async function listen(
  listener: RequestListener,
  upgrade?: (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean,
): Promise<Listening> {
  const server = createServer(listener)
  server.on("upgrade", (req, socket, head) => {
    if (upgrade?.(req, socket, head) !== true) socket.destroy()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

/** A login server that can be stopped and started again at the same address; its clock can be moved. */
export interface LoginServer {
  readonly url: string
  /** How often it was started. */
  starts(): number
  advance(ms: number): void
  /** Fails if it was told to. */
  restart(): Promise<void>
  /** Makes the next start fail. */
  failNextStart(): void
  close(): Promise<void>
}

export async function startLoginServer(options: LoginOptions): Promise<LoginServer> {
  let login: Login | undefined
  let clockAhead = 0
  let starts = 0
  let isFailing = false
  const listening = await listen((req, res) => {
    if (login === undefined) res.destroy()
    else login.node(req, res)
  })

  async function start(): Promise<void> {
    if (isFailing) {
      isFailing = false
      throw new Error("the port is taken")
    }
    starts += 1
    login = await createLogin({ ...options, clock: () => Date.now() + clockAhead })
  }

  async function stop(): Promise<void> {
    const running = login
    login = undefined
    await running?.close()
  }

  await start()
  return {
    url: listening.url,
    starts: () => starts,
    advance(ms) {
      clockAhead += ms
    },
    failNextStart() {
      isFailing = true
    },
    async restart() {
      await stop()
      await start()
    },
    async close() {
      await stop()
      await listening.close()
    },
  }
}
