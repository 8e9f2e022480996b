/** Which ways in are switched on, beside a user's identities: by them the last one is known, which nobody may take away. */
export interface WaysOn {
  /** A number is a way in if it was proved by SMS at this moment or later. `undefined`: nobody logs in by SMS. */
  readonly phoneTrustedSince: number | undefined
  /** Whether users log in by password. Default is `false`. */
  readonly passwords?: boolean
}

/**
 * One of a user's ways in: an identity of theirs, their phone number, a password with an account name. A password without one is by the phone number
 * too.
 */
export type WayIn = "identity" | "phone" | "password"
