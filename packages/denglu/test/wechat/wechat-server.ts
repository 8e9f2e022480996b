import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, createServer as createSocketServer, type Server } from "node:net"

/** A WeChat on this machine that answers as a test says. */
export interface WeChatServer {
  readonly baseUrl: string
  /** Path and query of every request, in order. */
  readonly asked: string[]
  /** Resolves with the next request that comes in. */
  arrival(): Promise<void>
  close(): Promise<void>
}

export async function startServer(answer: RequestListener): Promise<WeChatServer> {
  const asked: string[] = []
  let arrived: (() => void)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? "")
    for (const resolve of arrived) resolve()
    arrived = []
    answer(request, response)
  })
  await listen(server)
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    arrival: () => new Promise(resolve => arrived.push(resolve)),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Takes connections and stays silent. */
export async function startSilence() {
  let connections = 0
  const server = createSocketServer(socket => {
    connections += 1
    socket.on("error", () => {}).resume()
  })
  await listen(server)
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

/** A port of this machine where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createSocketServer()
  await listen(server)
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

function listen(server: Server): Promise<void> {
  return new Promise(resolve => server.listen(0, "127.0.0.1", resolve))
}
