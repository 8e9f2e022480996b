import type { Clock } from "../clock.ts"

/** A clock that all instances on one database agree on, however wrong their machines are. */
export interface SharedClock {
  readonly now: Clock
  /**
   * To be called about every second. Asks the database again if the last time was half a minute ago, or if this machine has slept: its
   * monotonic clock stands still meanwhile, and would let tokens live on that are over.
   */
  keepUp(): Promise<void>
}

export interface SharedClockOptions {
  /** Asks the database for its time, milliseconds since 1970. */
  readonly ask: () => Promise<number>
  /** Milliseconds from some moment on, which nobody ever sets: `performance.now`. */
  readonly elapsed: () => number
  /** The machine's time of day, milliseconds since 1970, right or wrong: by its jumps a sleep is noticed. */
  readonly wall: Clock
}

/** Of so many answers the fastest counts: it leaves the least room for error. */
const samples = 3
const syncEvery = 30_000
/** Time (ms) of day that the monotonic clock has not seen: more than a correction by NTP takes at once. */
const slept = 1_000

/**
 * Opens a clock that follows the database's. Between two askings it goes on by this machine's monotonic clock, so that neither
 * a wrong time of day nor its correction is noticed. It is off by at most half a round trip and what drifts in between.
 */
export async function openSharedClock({ ask, elapsed, wall }: SharedClockOptions): Promise<SharedClock> {
  let offset = 0
  let syncedAt = 0
  let wallAhead = 0

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
    syncedAt = elapsed()
    wallAhead = wall() - syncedAt
  }

  await sync()
  return {
    now: () => Math.floor(offset + elapsed()),
    async keepUp() {
      const passed = elapsed()
      if (passed - syncedAt >= syncEvery || Math.abs(wall() - passed - wallAhead) > slept) await sync()
    },
  }
}
