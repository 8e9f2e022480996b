import type { Clock } from "../clock.ts"

export interface FollowOptions {
  readonly url: URL
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** Revoked sessions as the login server's feed tells them. */
export interface FollowedRevocations {
  has(sessionId: string): boolean
  /** Resolves with the feed's first answer, or after `ms`. */
  ready(ms: number): Promise<void>
  stop(): void
}

/** Longest life (ms) of an access token, and a margin: what was revoked longer ago matters no more. */
const keepFor = 25 * 3_600_000
const longPollSeconds = 20
/** At least this long (ms) between two questions: behind a load balancer each may meet another instance and be answered at once. */
const pause = 250
const longestPauseAfterErrors = 5_000
const longestFeed = 8_000_000

/** Follows `GET /.well-known/revocations` by long polling until stopped. */
export function followRevocations({ url, fetch, clock, onError }: FollowOptions): FollowedRevocations {
  const revokedAt = new Map<string, number>()
  const stopping = new AbortController()
  let cursor: string | undefined
  let answered: () => void = () => {}
  const firstAnswer = new Promise<void>(resolve => {
    answered = resolve
  })

  async function ask(): Promise<void> {
    const question = new URL(url)
    if (cursor !== undefined) {
      question.searchParams.set("since", cursor)
      question.searchParams.set("wait", String(longPollSeconds))
    }
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout((longPollSeconds + 5) * 1000)])
    const response = await fetch(question, {
      signal,
      redirect: "error",
      headers: { accept: "application/json" },
    })
    const text = await response.text()
    if (!response.ok || text.length > longestFeed)
      throw new Error(`the revocation feed answered ${response.status}`)
    const page = readPage(JSON.parse(text))
    for (const { sid, revoked_at } of page.revocations) revokedAt.set(sid, revoked_at * 1000)
    cursor = page.cursor
    for (const [sid, at] of revokedAt) if (at + keepFor < clock()) revokedAt.delete(sid)
    answered()
  }

  async function follow(): Promise<void> {
    let wait = pause
    while (!stopping.signal.aborted) {
      try {
        await ask()
        wait = pause
      } catch (error) {
        if (stopping.signal.aborted) return
        onError(error)
        wait = Math.min(wait * 2, longestPauseAfterErrors)
      }
      await sleep(wait, stopping.signal)
    }
  }

  void follow()
  return {
    has: sessionId => revokedAt.has(sessionId),
    ready: ms => Promise.race([firstAnswer, sleep(ms, stopping.signal)]),
    stop: () => stopping.abort(),
  }
}

interface Page {
  readonly cursor: string
  readonly revocations: readonly { readonly sid: string; readonly revoked_at: number }[]
}

function readPage(value: unknown): Page {
  const { cursor, revocations } = (value ?? {}) as Partial<Record<keyof Page, unknown>>
  const good =
    typeof cursor === "string" &&
    Array.isArray(revocations) &&
    revocations.every(entry => typeof entry?.sid === "string" && typeof entry?.revoked_at === "number")
  if (!good) throw new Error("the revocation feed is not what it should be")
  return { cursor, revocations }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    timer.unref()
    signal.addEventListener("abort", done)
  })
}
