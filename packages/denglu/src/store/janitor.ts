import type { Clock } from "../clock.ts"
import type { Store } from "./store.ts"

/** Removes what is over, in steps so small that nobody waits for them. */
export interface Janitor {
  /** Removes all that is over now. Answers how many rows it removed. Joins a sweep that is under way. */
  sweep(): Promise<number>
  /** Resolves when no step is under way any more. */
  stop(): Promise<void>
}

export interface JanitorOptions {
  readonly store: Pick<Store, "purge">
  readonly clock: Clock
  /** Milliseconds from the end of one sweep to the next. */
  readonly everyMs: number
  /** How long (ms) ended sessions and revocations are kept. */
  readonly keepRevocationsFor: number
  /** Called with what a sweep failed with; the next sweep tries again. */
  readonly onError?: (error: unknown) => void
}

/** Rows in one step: below 10 ms in SQLite, where a step holds the event loop. */
const rowsInOneStep = 500

export function startJanitor(options: JanitorOptions): Janitor {
  const { store, clock, everyMs, keepRevocationsFor, onError = () => {} } = options
  let stopped = false
  let underWay: Promise<number> | undefined
  let timer: NodeJS.Timeout

  async function sweepOnce(): Promise<number> {
    let removed = 0
    while (!stopped) {
      const inStep = await store.purge(clock(), keepRevocationsFor, rowsInOneStep)
      removed += inStep
      if (inStep < rowsInOneStep) break
      // Whoever waits goes first.
      await new Promise(resolve => setImmediate(resolve))
    }
    return removed
  }

  function sweep(): Promise<number> {
    underWay ??= sweepOnce().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  function schedule(): void {
    timer = setTimeout(() => {
      sweep()
        .catch(onError)
        .finally(() => {
          if (!stopped) schedule()
        })
    }, everyMs)
    timer.unref()
  }

  schedule()
  return {
    sweep,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await underWay?.catch(() => {})
    },
  }
}
