import { randomBytes } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { FeedEvent, Message, State } from "../protocol.ts"

/** A message that has not been told yet. */
export type Draft = Omit<Message, "id" | "at"> & { readonly at?: number }

/** What pages listen to. */
export interface Feed {
  /** A number for a request and its reply. */
  nextExchange(): number
  /** Tells a message, and keeps it for those who come later. */
  add(draft: Draft): Message
  tell(event: Exclude<FeedEvent, { kind: "message" }>): void
  clear(): void
  /** Answers `GET /playground/feed`: server-sent events until somebody hangs up. */
  serve(req: IncomingMessage, res: ServerResponse): void
  /** Ends all. */
  close(): void
}

const mostKept = 500
const mostListeners = 64
/** Bytes that may wait for a page that does not read. */
const mostWaiting = 8_388_608
const heartbeatMs = 15_000
/** What a page waits before it comes back. */
const retryMs = 1_000

/** @param state what a page that comes is told first */
export function createFeed(state: () => State): Feed {
  // Numbers begin anew with each start, so that one of another run says nothing.
  const run = randomBytes(6).toString("hex")
  const listeners = new Set<ServerResponse>()
  let kept: readonly Message[] = []
  let lastId = 0
  let lastExchange = 0
  /** The last message before the latest clearing. */
  let clearedAt = 0

  const heartbeat = setInterval(() => {
    for (const listener of listeners) write(listener, ": still here\n\n")
  }, heartbeatMs)
  heartbeat.unref()

  function write(listener: ServerResponse, text: string): void {
    if (listener.writableLength > mostWaiting) listener.destroy()
    else listener.write(text)
  }

  function broadcast(text: string): void {
    for (const listener of listeners) write(listener, text)
  }

  function written(event: FeedEvent): string {
    const id = event.kind === "message" ? `id: ${run}-${event.message.id}\n` : ""
    return `${id}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`
  }

  /** What a page missed, by the last id it says it has seen. */
  function replay(seen: string | undefined): string {
    const [, ofRun, id] = /^([0-9a-f]+)-(\d+)$/.exec(seen ?? "") ?? []
    const known = ofRun === run && Number(id) > clearedAt ? Number(id) : undefined
    const missed = kept.filter(message => message.id > (known ?? 0))
    const stale = seen !== undefined && known === undefined
    return [
      written({ kind: "state", state: state() }),
      ...(stale ? [written({ kind: "cleared" })] : []),
      ...missed.map(message => written({ kind: "message", message })),
    ].join("")
  }

  return {
    nextExchange: () => ++lastExchange,
    add(draft) {
      const message: Message = { at: Date.now(), ...draft, id: ++lastId }
      kept = [...kept.slice(1 - mostKept), message]
      broadcast(written({ kind: "message", message }))
      return message
    },
    tell: event => broadcast(written(event)),
    clear() {
      kept = []
      clearedAt = lastId
      broadcast(written({ kind: "cleared" }))
    },
    serve(req, res) {
      if (req.method !== "GET") {
        res.writeHead(405, { allow: "GET" }).end()
        return
      }
      if (listeners.size >= mostListeners) {
        res.writeHead(503, { "retry-after": "5" }).end()
        return
      }
      res.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      })
      const seen = req.headers["last-event-id"]
      res.write(`retry: ${retryMs}\n\n${replay(typeof seen === "string" ? seen : undefined)}`)
      listeners.add(res)
      res.once("close", () => listeners.delete(res))
      res.on("error", () => listeners.delete(res))
    },
    close() {
      clearInterval(heartbeat)
      for (const listener of listeners) listener.end()
      listeners.clear()
    },
  }
}
