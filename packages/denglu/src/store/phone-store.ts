import type { Occasion } from "./store.ts"

/** What a store promises about phone numbers: a number has one user at most, and a user one number. */
export interface PhoneStore {
  /**
   * Makes a verified number the user's, in place of the one they had, and records `phone.bound`. See {@link BindPhoneOutcome}.
   *
   * - Of N users at once who want the same number exactly one gets it. The others get `taken`, and what they had is still theirs.
   * - The number the user had before is free once this resolves.
   * - Nobody is moved or merged, and no other user's number changes.
   */
  bindPhone(binding: PhoneBinding): Promise<BindPhoneOutcome>

  /**
   * Takes the user's number away, if it is one that the request means, and records `phone.unbound`. Answers whether it did: of N callers
   * at once exactly one gets `true`.
   */
  unbindPhone(request: UnbindPhone): Promise<boolean>

  /** The user's number, or `undefined` if they have none. */
  findPhone(userId: string): Promise<Phone | undefined>

  /** Whose number it is, or `undefined` if it is nobody's. */
  findPhoneOwner(phone: string): Promise<string | undefined>
}

/** A number whose user has proved that it is theirs. */
export interface Phone {
  /** E.164, with the `+`: `+8613800138000`. */
  readonly phone: string
  /** As E.164 begins, without the `+`: `86`. */
  readonly countryCode: string
  /** The mini program it was verified in. */
  readonly appid: string
  /** When it was last verified, in milliseconds since 1970. */
  readonly verifiedAt: number
  /** A keyed hash of what proved it, so that the same proof sent again is known: at most 64 characters. */
  readonly proof: string
}

export interface PhoneBinding extends Phone {
  readonly userId: string
  /** Id of the audit event. */
  readonly eventId: string
}

/**
 * What became of a number, checked in this order:
 *
 * - `gone`: there is no such user (any more), or they were merged into another.
 * - `renewed`: it was the user's already; everything else about it is as given now.
 * - `taken`: it is another user's. Nothing changed.
 * - `changed`: the user had another one before.
 * - `bound`: the user had none.
 */
export type BindPhoneOutcome = "gone" | "renewed" | "taken" | "changed" | "bound"

export interface UnbindPhone extends Occasion {
  readonly userId: string
  /** Only a number that was verified in this app, and not after this moment. Default is any. */
  readonly only?: { readonly appid: string; readonly verifiedUntil: number }
}
