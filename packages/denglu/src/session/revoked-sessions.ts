import type { Clock } from "../clock.ts"
import { newId, type RandomBytes } from "../random.ts"
import type { Revocation, Store } from "../store/store.ts"

/**
 * The sessions whose access tokens must be refused although they look valid: those revoked within the life of an access
 * token. Kept in memory, fed by the store, so that a check costs a look-up and the record survives restarts.
 */
export interface RevokedSessions {
  has(sessionId: string): boolean
  /** What this process has revoked itself: in force from now on. The store has it already. */
  add(sessionIds: readonly string[], revokedAt: number): void
  /** Asks the store for what other processes have revoked. Rejects if the store does. */
  poll(): Promise<void>
  /**
   * The feed for services without the store: what came after `cursor`, or everything if the cursor is not one of this process.
   */
  since(cursor: string | undefined): RevocationPage
  /** Lets all who wait in {@link changed} go, and nobody wait from now on: the server is about to stop. */
  release(): void
  /** Resolves when there is more than `cursor` knows, or after `ms`, or when the signal aborts. */
  changed(cursor: string, ms: number, signal: AbortSignal): Promise<void>
}

export interface RevocationPage {
  readonly revocations: readonly Revocation[]
  readonly cursor: string
}

export interface RevokedSessionsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: RandomBytes
  /** How long (ms) a revocation matters: an access token's life, and a margin. */
  readonly keepFor: number
}

export async function openRevokedSessions(options: RevokedSessionsOptions): Promise<RevokedSessions> {
  const { store, clock, keepFor } = options
  const epoch = newId(options.random).slice(0, 10)
  const revokedAt = new Map<string, number>()
  let feed: Revocation[] = []
  let dropped = 0
  let storeCursor = ""
  const waiting = new Set<() => void>()
  let released = false

  function take(revocation: Revocation): void {
    if (revokedAt.has(revocation.sessionId) || revocation.revokedAt + keepFor < clock()) return
    revokedAt.set(revocation.sessionId, revocation.revokedAt)
    feed.push(revocation)
  }

  function wake(): void {
    for (const resolve of waiting) resolve()
  }

  function forgetOutlived(): void {
    const before = clock() - keepFor
    const first = feed.findIndex(revocation => revocation.revokedAt >= before)
    const outlived = first === -1 ? feed.length : first
    if (outlived === 0) return
    for (const revocation of feed.slice(0, outlived)) revokedAt.delete(revocation.sessionId)
    feed = feed.slice(outlived)
    dropped += outlived
  }

  async function poll(): Promise<void> {
    const before = feed.length
    const page = await store.revocationsSince(storeCursor)
    storeCursor = page.cursor
    for (const revocation of page.revocations) take(revocation)
    if (feed.length > before) wake()
    forgetOutlived()
  }

  const cursorNow = () => `${epoch}.${dropped + feed.length}`

  await poll()
  return {
    has: sessionId => revokedAt.size !== 0 && revokedAt.has(sessionId),
    add(sessionIds, at) {
      for (const sessionId of sessionIds) take({ sessionId, revokedAt: at })
      wake()
    },
    poll,
    since(cursor) {
      const [of, position] = cursor?.split(".") ?? []
      const from = of === epoch && position !== undefined ? Math.max(Number(position) - dropped, 0) : 0
      return { revocations: feed.slice(Number.isNaN(from) ? 0 : from), cursor: cursorNow() }
    },
    release() {
      released = true
      wake()
    },
    changed(cursor, ms, signal) {
      if (released || cursor !== cursorNow() || signal.aborted) return Promise.resolve()
      return new Promise(resolve => {
        const done = () => {
          clearTimeout(timer)
          waiting.delete(done)
          signal.removeEventListener("abort", done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        waiting.add(done)
        signal.addEventListener("abort", done)
      })
    },
  }
}
