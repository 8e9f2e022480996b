import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type AddressInfo, Server as NetServer } from "node:net"
import type { Login } from "../running-login.ts"
import { CliError } from "./cli-error.ts"

export interface ServeOptions {
  readonly login: Login
  /** Answers requests. Default is the login alone. */
  readonly handler?: (req: IncomingMessage, res: ServerResponse) => unknown
  readonly port: number
  readonly host: string
  /** What to do about a port that is taken: `--port N`. */
  readonly portHint: string
}

/** Milliseconds. */
export interface DrainTimes {
  readonly notice: number
  readonly linger: number
  readonly atMost: number
}

/** A login that takes requests. */
export interface Serving {
  /** `http://127.0.0.1:3000` */
  readonly url: string
  /**
   * Ends it: `/readyz` answers 503, for `notice` ms requests are still taken, so that a load balancer can see it; then no new connections.
   * Those that are there are kept until they have been quiet for `linger` ms, and each answer says that its connection ends: to drop one
   * that looks idle could cut off a request on its way. Then, or after `atMost` ms in all, the login is closed. Answers whether everything
   * could be finished.
   */
  drain(times: DrainTimes): Promise<boolean>
}

/**
 * Connections that may wait to be taken in; the kernel's `net.core.somaxconn` says how many at most. With Node's 511 a rush of new ones, as after a
 * restart, overflows while the event loop is busy, and who is dropped comes again only after a second or two.
 */
export const backlog = 4_096

/** @throws CliError if the port is taken or the address is not this machine's */
export async function serve({
  login,
  handler = login.node,
  port,
  host,
  portHint,
}: ServeOptions): Promise<Serving> {
  let draining = false
  let lastRequestAt = 0
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // Longer than the 60 s after which load balancers drop a connection, so that it is never we who drop one in use.
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    (req, res) => {
      lastRequestAt = performance.now()
      if (draining) res.setHeader("connection", "close")
      return handler(req, res)
    },
  )
  let connections = 0
  server.on("connection", () => {
    connections += 1
  })

  /** A moment right after all who knocked were let in: whoever waits in the kernel's queue while the door closes is thrown out. */
  async function quietMoment(): Promise<void> {
    for (let quiet = 0, turns = 0; quiet < 3 && turns < 1_000; turns += 1) {
      const before = connections
      await new Promise(resolve => setImmediate(resolve))
      quiet = connections === before ? quiet + 1 : 0
    }
  }

  server.listen({ port, host, backlog })
  try {
    await once(server, "listening")
  } catch (error) {
    throw listenError(error, port, host, portHint)
  }
  const { port: actual, family, address } = server.address() as AddressInfo
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${actual}`,
    async drain({ notice, linger, atMost }) {
      login.drain()
      await new Promise(resolve => setTimeout(resolve, notice))
      const closed = once(server, "close").then(() => true)
      await quietMoment()
      // Not the server's own close(): that drops idle connections at once.
      NetServer.prototype.close.call(server)
      draining = true
      const sweeping = setInterval(() => {
        if (performance.now() - lastRequestAt >= linger) server.closeIdleConnections()
      }, 20)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<boolean>(resolve => {
        timer = setTimeout(resolve, atMost - notice, false)
      })
      const finished = await Promise.race([closed, late])
      clearTimeout(timer)
      clearInterval(sweeping)
      if (!finished) server.closeAllConnections()
      await login.close()
      return finished
    },
  }
}

/** What can be done about a failed `listen`; anything else is answered as it is. */
export function listenError(error: unknown, port: number, host: string, portHint: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "EADDRINUSE")
    return new CliError({
      en: `Port ${port} is taken by another program (maybe this one, started before). Stop that one, or take another port: ${portHint}`,
      zh: `端口 ${port} 已被其他程序占用（也可能是之前启动的本程序）。请先停止它，或换一个端口：${portHint}`,
    })
  if (code === "EACCES")
    return new CliError({
      en: `Port ${port} may not be opened by this user. Take one above 1023: ${portHint}`,
      zh: `当前用户无权打开端口 ${port}，请使用 1023 以上的端口：${portHint}`,
    })
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new CliError({
      en: `${host} is no address of this machine. Listen on 127.0.0.1, or on 0.0.0.0 in a container.`,
      zh: `${host} 不是本机地址。请监听 127.0.0.1，容器中用 0.0.0.0。`,
    })
  return error
}
