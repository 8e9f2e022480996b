import type { AuditActor, AuditEvent } from "./audit-store.ts"
import type { Merge } from "./people-store.ts"
import type { SmsPurpose } from "./sms-store.ts"
import type { Session, User, UserProfile } from "./store.ts"

/**
 * What a store promises about users who go: they leave, may come back until `leavesAt`, and are erased after it.
 *
 * Whoever is leaving is logged in by nothing, see `LogInOutcome`. A login that began before may still open a session:
 * {@link LeavingStore.endSessionsOfLeaving} ends it.
 */
export interface LeavingStore {
  /**
   * Marks the user as leaving and ends all their sessions with reason `account_deleted`, in one transaction. Of N callers at once exactly
   * one gets `left`, the others `leaving`. An earlier `leavesAt` than the present one takes its place, a later one changes nothing.
   */
  leaveUser(request: LeaveRequest): Promise<LeaveOutcome>

  /**
   * Lets a user stay after all, as long as `leavesAt` has not come. Answers whether it did: of N callers at once exactly one gets `true`.
   * Sessions that have ended stay ended.
   */
  restoreUser(request: UserChange): Promise<boolean>

  /**
   * Ends the live sessions of all who began to leave at `since` or later: a login that was under way then could open one. Answers those it
   * ended.
   */
  endSessionsOfLeaving(since: number, now: number): Promise<readonly EndedOfUser[]>

  /**
   * Takes a user whose `leavesAt` has come, for erasing: nobody else gets the same one until `backOff(tries)` ms are over. So what is to be
   * done before the erasing is tried again after a failure and after a crash, by one at a time. With `userId` only that one, and now, unless
   * another has taken it. `undefined` if there is none.
   */
  takeLeft(request: TakeRequest): Promise<LeftUser | undefined>

  /**
   * Erases a user whose `leavesAt` has come, and those who were merged into them: rows, identities, unionids, phone number, password, sessions,
   * session keys, what merges moved. Sessions that still lived are revoked. Of the audit only random ids are left. Answers the ids that were
   * erased; `undefined`, and nothing has happened, if the user is not there or is not due. Of N callers at once exactly one is answered ids.
   */
  eraseUser(request: UserChange): Promise<readonly string[] | undefined>

  /** Everything that is held of a user, but for secrets. `undefined` if there is none. */
  exportUser(id: string): Promise<PersonalData | undefined>

  /** Those who wait to be erased at `now`: how many, and since when the longest. For operators. */
  countOverdue(now: number): Promise<{ readonly count: number; readonly oldest: number | undefined }>

  /**
   * Overwrites what erased rows may have left in unused parts of the database's files. Answers `false` if nothing was erased since the last
   * time. Only engines with files of their own have it. Takes about 6 s per GB and lets nothing else happen meanwhile.
   */
  scrub?(): Promise<boolean>
}

/** A change of one user, and the event of it. */
export interface UserChange {
  readonly userId: string
  readonly now: number
  readonly actor: AuditActor
  /** A name for the event, that nothing else has. */
  readonly eventId: string
}

export interface LeaveRequest extends UserChange {
  /** When the user is to be erased. */
  readonly leavesAt: number
}

/**
 * - `left`: the user is leaving from now on.
 * - `leaving`: they were before.
 * - `unknown`: there is no such user, or they were merged into another.
 */
export type LeaveOutcome =
  | {
      readonly kind: "left" | "leaving"
      readonly leavesAt: number
      /** The sessions that this call has ended. */
      readonly endedSessions: readonly string[]
    }
  | { readonly kind: "unknown" }

export interface EndedOfUser {
  readonly userId: string
  readonly sessionIds: readonly string[]
}

export interface TakeRequest {
  readonly now: number
  readonly userId?: string
}

export interface LeftUser {
  readonly userId: string
  readonly leavesAt: number
  /** How often it was taken, this time included. */
  readonly tries: number
}

/** How long (ms) a user who was taken for erasing is left alone. */
export function backOff(tries: number): number {
  return Math.min(60_000 * 2 ** (tries - 1), 6 * 3_600_000)
}

/** All that is held of one user. */
export interface PersonalData {
  readonly user: User
  readonly phone: HeldPhone | undefined
  readonly password: HeldPassword | undefined
  /** Also those that are over, as long as they are kept; the latest first. */
  readonly sessions: readonly Session[]
  /** What was sent to the user's number, or at their wish, within a day; the oldest first. */
  readonly sms: readonly HeldSms[]
  readonly merges: readonly Merge[]
  /** Users who were merged into this one. */
  readonly merged: readonly UserProfile[]
  /** What the audit has of the user and of those, the oldest first. */
  readonly events: readonly AuditEvent[]
}

export interface HeldPassword {
  readonly account: string | null
  readonly changedAt: number
}

export interface HeldPhone {
  readonly phone: string
  readonly countryCode: string
  readonly appid: string
  readonly verifiedAt: number
  readonly smsVerifiedAt: number | null
}

export interface HeldSms {
  readonly phone: string
  readonly purpose: SmsPurpose
  readonly createdAt: number
  readonly usedAt: number | null
}
