import type { Clock } from "../clock.ts"

/** A clock that all instances on one database agree on, however wrong their machines are. */
export interface SharedClock {
  readonly now: Clock
  /** Asks the database again. */
  sync(): Promise<void>
}

export interface SharedClockOptions {
  /** Asks the database for its time, milliseconds since 1970. */
  readonly ask: () => Promise<number>
  /** Milliseconds from some moment on, which nobody ever sets: `performance.now`. */
  readonly elapsed: () => number
}

/** Of so many answers the fastest counts: it leaves the least room for error. */
const samples = 3

/**
 * Opens a clock that follows the database's. Between two askings it goes on by this machine's monotonic clock, so that neither
 * a wrong time of day nor its correction is noticed. It is off by at most half a round trip and what drifts in between.
 */
export async function openSharedClock({ ask, elapsed }: SharedClockOptions): Promise<SharedClock> {
  let offset = 0

  async function sync(): Promise<void> {
    let fastest = Number.POSITIVE_INFINITY
    let found = offset
    for (let sample = 0; sample < samples; sample += 1) {
      const before = elapsed()
      const answer = await ask()
      const after = elapsed()
      if (after - before >= fastest) continue
      fastest = after - before
      found = answer - (before + after) / 2
    }
    offset = found
  }

  await sync()
  return { now: () => Math.floor(offset + elapsed()), sync }
}
