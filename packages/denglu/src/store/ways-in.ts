/** Which ways in are switched on, beside a user's identities: by them the last one is known, which nobody may take away. */
export interface WaysOn {
  /** A number is a way in if it was proved by SMS at this moment or later. `undefined`: nobody logs in by SMS. */
  readonly phoneTrustedSince: number | undefined
  /** The apps whose users log in: an identity of another is no way in. `undefined`: of all apps. */
  readonly appids?: readonly string[]
  /** Whether users log in by password. Default is `false`. */
  readonly passwords?: boolean
}

/**
 * One of a user's ways in: an identity of theirs, their phone number, a password with an account name. A password without one is by the phone number
 * too.
 */
export type WayIn = "identity" | "phone" | "password"

/** Whether an identity of this app is a way in. */
export function opens(appid: string, on: WaysOn | undefined): boolean {
  return on?.appids === undefined || on.appids.includes(appid)
}
