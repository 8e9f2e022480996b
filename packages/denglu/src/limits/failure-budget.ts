import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import type { Store } from "../store/store.ts"

/** Gives a try back that did not fail. */
export type GiveBack = () => void | Promise<void>

/** Lets so many tries fail per hour, or day, under one key. A try is taken before it is made, so that no number of tries at once is more than that. */
export interface FailureBudget {
  /** Takes one try. @throws DengluError `rate_limited` (also as a rejection), with the seconds until there is one again */
  take(key: string): GiveBack | Promise<GiveBack>
}

const minute = 60_000
const hour = 3_600_000
export const day = 86_400_000

/**
 * Counts here if this process alone uses the database, else in it, one statement a try: unlike a rate limit this must be
 * exact between instances, and whoever takes a try needs the database anyway. Redis is not asked, since it may forget.
 *
 * @param span milliseconds, whole minutes; each begins anew with the clock. Default is an hour
 */
export function createFailureBudget(
  name: string,
  failures: number,
  { addCounts }: Pick<Store, "addCounts">,
  clock: Clock,
  span = hour,
): FailureBudget {
  return addCounts === undefined
    ? createLocalBudget(failures, clock, span)
    : createSharedBudget(name, failures, addCounts, clock, span)
}

function usedUp(now: number, span: number): DengluError {
  return new DengluError("rate_limited", { retryAfter: Math.max(1, Math.ceil((span - (now % span)) / 1000)) })
}

/** Keys that are remembered at most, about 20 MB. Beyond it the one that failed longest ago is forgotten. */
const mostKeys = 100_000

function createLocalBudget(failures: number, clock: Clock, span: number): FailureBudget {
  let taken = new Map<string, number>()
  let window = 0

  return {
    take(key) {
      const now = clock()
      const current = Math.floor(now / span)
      if (current !== window) {
        window = current
        taken = new Map()
      }
      const before = taken.get(key) ?? 0
      if (before >= failures) throw usedUp(now, span)
      taken.delete(key)
      taken.set(key, before + 1)
      if (taken.size > mostKeys) taken.delete(taken.keys().next().value as string)
      const counted = taken
      return () => {
        const count = (counted.get(key) ?? 1) - 1
        if (count === 0) counted.delete(key)
        else counted.set(key, count)
      }
    },
  }
}

/** What is refused is taken off again at once: until then it counts too, so that a count is never lower than the tries under way and failed. */
function createSharedBudget(
  name: string,
  failures: number,
  addCounts: Required<Store>["addCounts"],
  clock: Clock,
  span: number,
): FailureBudget {
  return {
    async take(key) {
      const now = clock()
      // Counts are dropped when their minute is over, and this one must last until the end of its span.
      const window = (Math.floor(now / span) + 1) * (span / minute) - 1
      const add = async (count: number) =>
        (await addCounts([{ key: `${name} ${key}`, window, count }]))[0] ?? 0
      const giveBack = async () => void (await add(-1))
      if ((await add(1)) <= failures) return giveBack
      await giveBack()
      throw usedUp(now, span)
    },
  }
}
