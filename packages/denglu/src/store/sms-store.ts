import type { OpenedSession } from "./opening-store.ts"
import type { BindPhoneOutcome } from "./phone-store.ts"
import type { LeavingOutcome, NewSession } from "./store.ts"

/**
 * What a store promises about digits sent by SMS. They are taken by one statement that counts the try and compares: of N tries at once
 * no more than {@link mostTries} are compared, and of N right ones exactly one is taken.
 */
export interface SmsStore {
  /**
   * Keeps digits that are about to be sent, unless the number has had as many as `limits` allow: of N callers at once with one number
   * no more are kept than that. `bind` and `leave`, which only users ask for, count apart from `login` and `reset`, which anybody asks for.
   */
  keepSms(sms: NewSms, limits: readonly SmsLimit[]): Promise<KeepSmsOutcome>

  /** Forgets digits that could not be sent, and that there was one: the number has it for another time. */
  dropSms(idDigest: string): Promise<void>

  /**
   * Logs in by digits of purpose `login`: the user who has proved this number by SMS since `trustedSince`, or a new one if the number is nobody's.
   * Of N callers at once with one new number, all get the same user, and exactly one gets `isNew: true`. See {@link SmsLogInOutcome}.
   */
  logInBySms(request: LogInBySms): Promise<SmsLogInOutcome>

  /** Makes the number the user's by digits of purpose `bind` that this user has asked for, as `bindPhone` does. `invalid`: the digits are not right. */
  bindPhoneBySms(request: BindBySms): Promise<BindBySmsOutcome>

  /** Whose number it is, by digits of purpose `reset`. See {@link SmsOwnerOutcome}. */
  findOwnerBySms(request: FindOwnerBySms): Promise<SmsOwnerOutcome>

  /**
   * Takes digits of purpose `leave` that this user has asked for. Answers whether they are right, and went to the number that is the user's: then
   * the person is there.
   */
  proveBySms(request: ProveBySms): Promise<boolean>
}

/** What digits are good for: a login, making a number one's own, a new password, deleting the account. */
export type SmsPurpose = "login" | "bind" | "reset" | "leave"

/** Tries that one message allows. */
export const mostTries = 5

/** How long (ms) it is known that a number was sent a message: as long as any limit looks back. */
export const keepSmsFor = 86_400_000

export interface NewSms {
  /** Of what only the one who asked holds. */
  readonly idDigest: string
  /** E.164. */
  readonly phone: string
  /** Without the `+`. */
  readonly countryCode: string
  readonly purpose: SmsPurpose
  /** Who asked, for the purposes `bind` and `leave`. For the others it is `null` until the digits are used: then it is whose they were. */
  readonly userId: string | null
  /** A keyed hash. The digits themselves are kept nowhere. */
  readonly digits: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** At most so many in the last `within` ms, {@link keepSmsFor} at most. */
export interface SmsLimit {
  readonly most: number
  readonly within: number
}

export type KeepSmsOutcome =
  | { readonly kind: "kept" }
  /** The number may have another from `retryAt` (ms since 1970) on. */
  | { readonly kind: "too_many"; readonly retryAt: number }

/** Digits as they were typed. */
export interface TakeSms {
  readonly idDigest: string
  readonly purpose: SmsPurpose
  /** Who types them, for the purposes `bind` and `leave`. */
  readonly userId: string | null
  /** Their keyed hash, under every secret that may have made the kept one. */
  readonly digits: readonly string[]
  readonly now: number
}

/** A number whose digits were right: the person with the phone is there. */
export interface ProvedPhone {
  readonly phone: string
  readonly countryCode: string
}

export interface LogInBySms extends Omit<TakeSms, "purpose" | "userId"> {
  readonly appid: string
  readonly session: NewSession
  /** The id to give a user who is created now. */
  readonly newUserId: string
  /** What the number is kept with, see `Phone.proof`. */
  readonly proof: string
  /** A user's number counts if it was proved by SMS at this moment or later. */
  readonly trustedSince: number
}

/**
 * - `invalid`: wrong, used, over, never sent, for another purpose, or tried too often. Nothing has happened but a try.
 * - `untrusted`: the number is a user's, but it is not known well enough that it still is: WeChat alone has vouched for it, or the proof is
 *   too old. The digits are used up.
 * - `leaving`: the user has deleted their account. The digits are still good.
 */
export type SmsLogInOutcome =
  | (OpenedSession & { readonly isNew: boolean })
  | LeavingOutcome
  | { readonly kind: "invalid" | "untrusted" }

export interface FindOwnerBySms extends Omit<TakeSms, "purpose" | "userId"> {
  /** A user's number counts if it was proved by SMS at this moment or later. */
  readonly trustedSince: number
}

/**
 * - `invalid`: the digits are not right.
 * - `unknown`: the number is nobody's. The digits are used up.
 * - `untrusted`: as in {@link SmsLogInOutcome}.
 */
export type SmsOwnerOutcome =
  | { readonly kind: "proved"; readonly userId: string }
  | { readonly kind: "invalid" | "unknown" | "untrusted" }

export interface BindBySms extends Omit<TakeSms, "purpose" | "userId"> {
  readonly userId: string
  /** The session that asks, see `PhoneBinding`. */
  readonly sessionId: string
  readonly proof: string
  /** Id of the audit event. */
  readonly eventId: string
}

export type BindBySmsOutcome =
  | { readonly kind: "invalid" }
  | (BindPhoneOutcome & { readonly number: ProvedPhone })

export interface ProveBySms extends Omit<TakeSms, "purpose" | "userId"> {
  readonly userId: string
}
