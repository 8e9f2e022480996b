import type { OpenSessionOutcome, OpenSessionRequest } from "./opening-store.ts"
import type { NewSession, Occasion, RevocationReason, Session, UserProfile } from "./store.ts"
import type { WaysOn } from "./ways-in.ts"

/**
 * What a store promises about passwords. A user has one at most; its account name is nobody else's. What is kept of it is a hash, sealed: a
 * store compares it byte by byte and knows no more of it.
 */
export interface PasswordStore {
  /**
   * Makes a user who has this account name and password, and opens their first session. Of N callers at once with the same name exactly one gets
   * `opened`; the others `taken`, and nothing has happened.
   */
  registerUser(request: RegisterUser): Promise<RegisterUserOutcome>

  /** The password of a user, found by its account name, by the user's phone number, or by the user; `undefined` if there is none. */
  findPassword(by: PasswordKey): Promise<PasswordRecord | undefined>

  /**
   * As `openSessionOf`, if the user's password still is the one that was compared: of a login and a change of password at the same time
   * either the session comes first and is ended by the change, or it is not opened.
   */
  openSessionByPassword(request: OpenByPassword): Promise<OpenSessionOutcome | { readonly kind: "changed" }>

  /**
   * Gives a user a password, or another one, if what is there is what was expected. Of N callers at once with the same expectation exactly one
   * gets `set`. With `ending` it ends the user's sessions, but for one that may be named, in the same transaction.
   */
  setPassword(request: SetPassword): Promise<SetPasswordOutcome>

  /** Replaces a hash by another one of the same password. Answers whether it did: of N callers at once exactly one gets `true`. */
  rehashPassword(request: RehashPassword): Promise<boolean>

  /**
   * Takes a user's password away and ends the sessions that were opened by it, but for one that may be named. Never without another way in:
   * then it is `last`. Of N callers at once exactly one gets `removed`.
   */
  removePassword(request: RemovePassword): Promise<RemovePasswordOutcome>
}

export type PasswordKey =
  | { readonly account: string }
  /** E.164: found if it is the verified number of a user who has a password. */
  | { readonly phone: string }
  | { readonly userId: string }

export interface PasswordRecord {
  readonly userId: string
  /** As `accountName` makes it; `null` for who logs in by phone number only. */
  readonly account: string | null
  /** Sealed. */
  readonly hash: string
  /** When the user has last chosen it, in milliseconds since 1970. */
  readonly changedAt: number
}

export interface RegisterUser {
  /** The new user's. */
  readonly userId: string
  readonly account: string
  readonly hash: string
  /** The app that the session counts as. */
  readonly appid: string
  readonly now: number
  readonly session: NewSession
}

export type RegisterUserOutcome =
  | { readonly kind: "opened"; readonly session: Session; readonly user: UserProfile; readonly isNew: true }
  | { readonly kind: "taken" }

export interface OpenByPassword extends Omit<OpenSessionRequest, "openedBy"> {
  /** The hash that was compared. */
  readonly hash: string
}

export interface SetPassword extends Occasion {
  readonly userId: string
  /** The account name from now on. `undefined`: as it is. */
  readonly account: string | undefined
  readonly hash: string
  /** The hash it takes the place of; `null` if there is none; `undefined`: whatever is there. */
  readonly expected: string | null | undefined
  /** Which sessions it ends, and why. */
  readonly ending?: { readonly reason: RevocationReason; readonly exceptId?: string }
}

/**
 * Checked in this order:
 *
 * - `gone`: there is no such user (any more), or they are leaving, or were merged into another.
 * - `changed`: the present password is not the expected one.
 * - `nameless`: there is neither an account name nor a phone number to log in by.
 * - `taken`: the account name is another user's.
 * - `set`: done.
 */
export type SetPasswordOutcome =
  | { readonly kind: "set"; readonly isFirst: boolean; readonly endedSessions: readonly string[] }
  | { readonly kind: "gone" | "changed" | "nameless" | "taken" }

export interface RehashPassword extends Occasion {
  readonly userId: string
  readonly expected: string
  readonly hash: string
}

export interface RemovePassword extends Occasion {
  readonly userId: string
  /** Ways in that count beside identities. Default is none. */
  readonly ways?: WaysOn
  readonly exceptId?: string
}

export type RemovePasswordOutcome =
  | { readonly kind: "removed"; readonly endedSessions: readonly string[] }
  | { readonly kind: "none" | "last" }
