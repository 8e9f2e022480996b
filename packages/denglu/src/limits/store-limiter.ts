import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import type { Store } from "../store/store.ts"
import type { Limiter, OpenLimiter } from "./limiter.ts"

/** Limiters whose counts the instances share through the database. */
export interface StoreLimiters {
  readonly open: OpenLimiter
  /** Tells the database what was counted here since, and learns what the others have counted. */
  share(): Promise<void>
}

interface Count {
  /** All instances together, when last heard. */
  told: number
  /** Counted here and not told yet. */
  untold: number
}

const minute = 60_000
/** A key is shared from this part of its limit on: who is far from it costs the database nothing. */
const worthSharing = 1 / 16
/** Keys that are told in one statement at most. */
const mostAtOnce = 1_000

/**
 * Counts by the minute, here at once and with the others every half second. A statement for every request, as libraries have it, would cost the
 * database as much as the login itself; the price of not asking is that what others let pass within half a second is noticed late, so
 * that n instances let pass at most `points` + what comes in half a second + n · `points` / 16.
 */
export function createStoreLimiters(store: Pick<Required<Store>, "addCounts">, clock: Clock): StoreLimiters {
  let counts = new Map<string, Count>()
  let shared = new Set<string>()
  let window = 0

  function turn(): void {
    const now = Math.floor(clock() / minute)
    if (now === window) return
    window = now
    counts = new Map()
    shared = new Set()
  }

  function open(name: string, points: number): Limiter {
    const share = Math.ceil(points * worthSharing)
    return {
      async take(key) {
        turn()
        const named = `${name} ${key}`
        const count = counts.get(named) ?? { told: 0, untold: 0 }
        if (count.told + count.untold >= points)
          throw new DengluError("rate_limited", {
            retryAfter: Math.max(1, Math.ceil(((window + 1) * minute - clock()) / 1000)),
          })
        count.untold += 1
        counts.set(named, count)
        if (count.told + count.untold >= share) shared.add(named)
      },
    }
  }

  return {
    open,
    async share() {
      turn()
      const of = window
      const told = [...shared]
        .map(key => ({ key, count: counts.get(key) as Count }))
        .filter(({ count }) => count.untold > 0)
        .slice(0, mostAtOnce)
        .map(entry => ({ ...entry, sent: entry.count.untold }))
      if (told.length === 0) return
      // To the end of the line: with more keys than can be told at once each has its turn.
      for (const { key } of told) if (shared.delete(key)) shared.add(key)
      const totals = await store.addCounts(told.map(({ key, sent }) => ({ key, window: of, count: sent })))
      told.forEach(({ count, sent }, index) => {
        count.untold -= sent
        count.told = totals[index] ?? count.told + sent
      })
    },
  }
}
