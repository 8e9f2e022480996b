import type { ServerResponse } from "node:http"
import { ownHeaders } from "./plain-http.ts"

/** Server-sent events to every open page. */
export interface PageEvents {
  add(res: ServerResponse): void
  send(name: string): void
  close(): void
}

/** How often (ms) a silent connection is kept from being taken for a dead one. */
const heartbeatMs = 15_000

export function createPageEvents(): PageEvents {
  const pages = new Set<ServerResponse>()
  const heartbeat = setInterval(() => {
    for (const page of pages) page.write(": here\n\n")
  }, heartbeatMs)
  heartbeat.unref()
  return {
    add(res) {
      res.writeHead(200, { ...ownHeaders, "content-type": "text/event-stream" })
      res.write("retry: 500\n\n")
      pages.add(res)
      res.once("close", () => pages.delete(res))
    },
    send(name) {
      for (const page of pages) page.write(`event: ${name}\ndata: \n\n`)
    },
    close() {
      clearInterval(heartbeat)
      for (const page of pages) page.end()
      pages.clear()
    },
  }
}
