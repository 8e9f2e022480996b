import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"

/** A server on a port of its own, and how to ask it. */
export interface Listening {
  ask(path: string, init?: RequestInit): Promise<Answer>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly body: any
}

export async function listen(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  return listening(server, async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
}

export function listening(server: Server, close: () => Promise<void>): Listening {
  const { port } = server.address() as AddressInfo
  return {
    async ask(path, init) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
      const text = await response.text()
      const isJson = text !== "" && /json/.test(response.headers.get("content-type") ?? "")
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
    },
    close,
  }
}

/** What a mini program sends. */
export const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})

export const bearer = (token: string, headers: Record<string, string> = {}): RequestInit => ({
  headers: { authorization: `Bearer ${token}`, ...headers },
})
