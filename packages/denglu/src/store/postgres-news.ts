import { createGrowingPause } from "./growing-pause.ts"
import type { News } from "./store.ts"

/** The part of `pg`'s Client that is used. */
export interface ListeningClient {
  connect(): Promise<unknown>
  query(text: string): Promise<unknown>
  end(): Promise<unknown>
  on(event: "notification", listener: (message: { readonly payload?: string | undefined }) => void): unknown
  on(event: "error" | "end", listener: (error?: Error) => void): unknown
}

export interface PostgresListener {
  onNews(listener: (news: News) => void): () => void
  close(): Promise<void>
}

/** Milliseconds until the next try to connect. */
const firstPause = 250
const longestPause = 10_000

/**
 * Follows `NOTIFY denglu` on a connection of its own, which is made anew when it breaks. After each connecting everything counts as
 * news, for what was said meanwhile is lost. Who needs to hear must ask now and then anyway: this only makes it soon.
 */
export function listenToPostgres(createClient: () => ListeningClient): PostgresListener {
  const listeners = new Set<(news: News) => void>()
  let client: ListeningClient | undefined
  let closed = false
  const pause = createGrowingPause(firstPause, longestPause)
  let timer: NodeJS.Timeout | undefined

  function tell(news: News): void {
    for (const listener of listeners) listener(news)
  }

  function connect(): void {
    const fresh = createClient()
    client = fresh
    let over = false
    const ended = () => {
      if (over) return
      over = true
      fresh.end().catch(() => {})
      if (closed) return
      timer = setTimeout(connect, pause.next())
      timer.unref()
    }
    fresh.on("error", ended)
    fresh.on("end", ended)
    fresh.on("notification", ({ payload }) => {
      if (payload === "revocations" || payload === "signing_keys") tell(payload)
    })
    fresh
      .connect()
      .then(() => fresh.query("LISTEN denglu"))
      .then(() => {
        pause.reset()
        tell("revocations")
        tell("signing_keys")
      })
      .catch(ended)
  }

  connect()
  return {
    onNews(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      // A database that is silent never says goodbye.
      await Promise.race([client?.end().catch(() => {}), new Promise(resolve => setTimeout(resolve, 500))])
    },
  }
}
