import type { IncomingMessage, ServerResponse } from "node:http"
import { type Listening, listen } from "./listen.ts"

/** `node:http` in front of a `fetch` handler, with the `env` that `@hono/node-server` gives. */
export type FetchServer = (
  request: Request,
  env: { readonly incoming: IncomingMessage },
) => Response | Promise<Response>

export function serveFetch(handle: FetchServer): Promise<Listening> {
  return listen(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: incoming.headers as Record<string, string>,
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    })
    await write(await handle(request, { incoming }), outgoing)
  })
}

async function write(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}
