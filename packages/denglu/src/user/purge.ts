import type { Clock } from "../clock.ts"
import type { EventHub } from "../events.ts"
import { describeError, type Logger } from "../log.ts"
import { newId, type RandomBytes } from "../random.ts"
import { backOff } from "../store/leaving-store.ts"
import type { LeftUser, ResolvedUser, Store } from "../store/store.ts"
import { inTime } from "./in-time.ts"

/** What `onPurge` is told: the user with identities, and the ids of users who were merged into this one. */
export type PurgedUser = ResolvedUser

/** Things of a user that are kept elsewhere than in the store, as files. */
export interface PersonalFiles {
  /** Removes all there is of the user. Doing it again does nothing. */
  remove(userId: string): Promise<void>
}

/** Erases users who have left, once their time has come. */
export interface Purger {
  /** Erases all who are due, one after another. Answers how many. Joins a sweep that is under way. */
  sweep(): Promise<number>
  /** Erases this user, if they are due and nobody else is at it. Answers whether it did. */
  purge(userId: string): Promise<boolean>
}

export interface PurgerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: RandomBytes
  readonly events: EventHub
  readonly log: Logger
  readonly onPurge: ((user: PurgedUser) => void | Promise<void>) | undefined
  readonly files: readonly PersonalFiles[]
}

/** How long (ms) `onPurge` may take: less than another waits before it tries. */
const hookDeadline = 30_000
const hookIsLate = () => new Error(`onPurge took longer than ${hookDeadline / 1000} s`)
/** How often (ms) a database's file is written anew at most, so that nothing is left in its unused parts. */
const scrubEvery = 86_400_000

/**
 * The order is: `onPurge`, files, the store, the event. What fails or is killed on the way begins again from the front, so each of them may come
 * more than once, but for the store: that erases all in one transaction, and after it there is nobody left to begin with.
 */
export function createPurger(options: PurgerOptions): Purger {
  const { store, clock, random, events, log, onPurge, files } = options
  let underWay: Promise<number> | undefined
  let scrubbedAt = Number.NEGATIVE_INFINITY

  async function sweepOnce(): Promise<number> {
    let erased = 0
    for (;;) {
      const left = await store.takeLeft({ now: clock() })
      if (left === undefined) break
      if (await erase(left)) erased += 1
    }
    await scrub()
    return erased
  }

  async function erase({ userId, tries }: LeftUser): Promise<boolean> {
    try {
      const user = await store.resolveUser(userId)
      if (user !== undefined) {
        await inTime(async () => onPurge?.(user), hookDeadline, hookIsLate)
        for (const id of [userId, ...user.mergedIds]) for (const some of files) await some.remove(id)
      }
      const change = { userId, now: clock(), actor: "system", eventId: newId(random) } as const
      const ids = await store.eraseUser(change)
      if (ids === undefined) return false
      events.emit("user.purged", { userId, mergedIds: ids.slice(1) })
      return true
    } catch (error) {
      log.error(
        { userId, tries, error: describeError(error), retryInSeconds: backOff(tries) / 1000 },
        "a user who has left can't be erased; it is tried again",
      )
      return false
    }
  }

  async function scrub(): Promise<void> {
    const now = clock()
    if (store.scrub === undefined || now - scrubbedAt < scrubEvery) return
    try {
      if (await store.scrub()) scrubbedAt = now
    } catch (error) {
      scrubbedAt = now
      log.warn({ error: describeError(error) }, "copies of erased rows may be left in the database's file")
    }
  }

  return {
    sweep() {
      underWay ??= sweepOnce().finally(() => {
        underWay = undefined
      })
      return underWay
    },
    async purge(userId) {
      const left = await store.takeLeft({ now: clock(), userId })
      return left !== undefined && (await erase(left))
    },
  }
}
