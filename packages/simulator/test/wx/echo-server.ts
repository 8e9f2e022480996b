import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** What the server saw of a request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** A server that answers what it saw, except on paths that are given an answer of their own. */
export async function startEchoServer(
  answers: Readonly<Record<string, (response: ServerResponse) => void>> = {},
) {
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = ""
    for await (const chunk of request.setEncoding("utf8")) body += chunk
    const { method, url = "", headers } = request
    const own = answers[new URL(url, "http://host").pathname]
    if (own !== undefined) own(response)
    else
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify({ method, url, headers, body }))
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
