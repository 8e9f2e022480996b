/** The simulated WeChat's time, which can be moved. */
export interface SimulatedClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Moves the clock forward by so many milliseconds; never back. */
  advance(ms: number): void
}

/** Runs with the machine's clock, or stands still at `frozenAt` until it is moved. */
export function createClock(frozenAt?: number): SimulatedClock {
  let moved = 0
  return {
    now: () => (frozenAt ?? Date.now()) + moved,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new TypeError("the clock only moves forward, by milliseconds")
      moved += ms
    },
  }
}
