import type { Session, UserProfile } from "./store.ts"

export interface LogInEntry {
  readonly now: number
  readonly appid: string
  readonly openid: string
  readonly unionid?: string
  /** Name of the open-platform account within which a `unionid` means the same person. */
  readonly openPlatform: string
  readonly sessionKey: SealedSessionKey
  /** The id to give a user who is created now. */
  readonly newUserId: string
  readonly session: NewSession
}

/** For ways in that bring no `session_key`. */
export const noSessionKey: SealedSessionKey = { sealed: "", fingerprint: "" }

export interface SealedSessionKey {
  /** The sealed text; only `session/sealer.ts` can open it. */
  readonly sealed: string
  /** A keyed hash of the key: equal for equal keys, and says nothing else. */
  readonly fingerprint: string
}

export interface SessionKeys {
  readonly current: string
  readonly previous: string | undefined
  /** When the current key came. */
  readonly changedAt: number
}

export interface NewSession {
  readonly id: string
  readonly idleExpiresAt: number
  readonly absoluteExpiresAt: number
  /** `User-Agent` of the client, cut to 256 characters, so that a person can recognise the device. */
  readonly userAgent: string
}

/** Who is leaving is not logged in. */
export type LogInOutcome = LoggedIn | LeavingOutcome

/** No session was opened, and nobody was created. What the login brought may have been kept, to go with the rest. */
export interface LeavingOutcome {
  readonly kind: "leaving"
  readonly userId: string
  /** When the user is to be erased. */
  readonly leavesAt: number
}

export interface LoggedIn {
  readonly kind: "logged_in"
  readonly user: UserProfile
  /** The user was created by this very call. */
  readonly isNew: boolean
  /**
   * Another user who has the unionid that this identity has, too: one person is two users here. Told at least by the login that brings the
   * unionid to the identity; left out where there is no such user.
   */
  readonly conflictsWith?: string
  readonly session: Session
}
