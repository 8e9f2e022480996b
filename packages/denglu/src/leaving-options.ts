import { whole } from "./option-checks.ts"
import type { PurgedUser } from "./user/purge.ts"

/** What becomes of users who delete their account. */
export interface LeavingOptions {
  /**
   * How long the account of somebody who deletes it (`DELETE /me`) is kept, in seconds, 0 to 1,814,400 (15 working days). Until then a login
   * can restore it. Default is 604,800 (7 days). 0: ten seconds.
   */
  readonly coolingOff?: number
  /**
   * Called before a user who has left is erased, with identities and the ids of users merged into this one: for deleting what your own
   * database has of them. If it throws, rejects, or takes longer than 30 s, nothing is erased, and it is called again later: after a
   * minute, then after two, up to six hours. It may be called again also after it has succeeded. Default is none.
   */
  readonly onPurge?: (user: PurgedUser) => void | Promise<void>
}

export interface SettledLeaving {
  /** Seconds. */
  readonly coolingOff: number
  readonly onPurge: LeavingOptions["onPurge"] | undefined
}

const longest = 21 * 86_400

/** @throws TypeError */
export function settleLeaving({ coolingOff = 604_800, onPurge }: LeavingOptions): SettledLeaving {
  if (onPurge !== undefined && typeof onPurge !== "function")
    throw new TypeError("onPurge must be a function: onPurge: user => deleteOrdersOf(user.id)")
  return { coolingOff: whole("coolingOff", coolingOff, 0, longest), onPurge }
}
