import type { Clock } from "../clock.ts"

export interface CircuitBreakerOptions {
  /** Failures within the window that open it, at least. Default is 10. */
  readonly failures?: number
  /** Share of the calls within the window that must have failed. Default is 0.8: with every other call coming through, going on helps more people. */
  readonly share?: number
  /** Milliseconds looked back on. Default is 10,000. */
  readonly windowMs?: number
  /** Milliseconds it stays open before one call may try. Default is 5,000. */
  readonly openMs?: number
  readonly clock: Clock
}

/** `came_through`: WeChat answered, whatever it said. `unknown`: nothing can be learnt from this call. */
export type Outcome = "came_through" | "failed" | "unknown"

/** A call that was let through; how it went is told once. */
export interface Admission {
  report(outcome: Outcome): void
}

export interface CircuitBreaker {
  /** Lets a call through, or answers in how many seconds one may try again. */
  admit(): Admission | number
}

const slices = 10

/**
 * Keeps calls off a WeChat that can't be reached, so that people hear at once rather than after a deadline. Closed it
 * counts; open it refuses; after a while it lets one call try, and that call decides.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { failures = 10, share = 0.8, windowMs = 10_000, openMs = 5_000, clock } = options
  const sliceMs = windowMs / slices
  const failed = new Uint32Array(slices)
  const total = new Uint32Array(slices)
  let newest = 0
  let openUntil: number | undefined
  let probing = false

  const normal: Admission = {
    report(outcome) {
      // A call from before it opened says nothing about now.
      if (openUntil !== undefined || outcome === "unknown") return
      const slice = moveWindow()
      total[slice] = (total[slice] as number) + 1
      if (outcome !== "failed") return
      failed[slice] = (failed[slice] as number) + 1
      const sum = failed.reduce((a, b) => a + b)
      if (sum >= failures && sum >= share * total.reduce((a, b) => a + b)) open()
    },
  }

  /** A probe that is never reported would keep everyone out, so each report frees its place. */
  const probe: Admission = {
    report(outcome) {
      probing = false
      if (outcome === "failed") open()
      else if (outcome === "came_through") close()
    },
  }

  function open() {
    openUntil = clock() + openMs
  }

  function close() {
    openUntil = undefined
    failed.fill(0)
    total.fill(0)
  }

  /** Empties the slices that time has passed over, and answers the index of the present one. */
  function moveWindow(): number {
    const now = Math.floor(clock() / sliceMs)
    if (now - newest >= slices || now < newest) {
      failed.fill(0)
      total.fill(0)
    } else {
      for (let slice = newest + 1; slice <= now; slice += 1)
        failed[slice % slices] = total[slice % slices] = 0
    }
    newest = now
    return now % slices
  }

  return {
    admit() {
      if (openUntil === undefined) return normal
      // A clock set back must not keep it open for longer than ever meant.
      const left = Math.min(openUntil - clock(), openMs)
      if (left > 0) return Math.ceil(left / 1_000)
      if (probing) return 1
      probing = true
      return probe
    },
  }
}
