import type { Occasion } from "./store.ts"
import type { WaysOn } from "./ways-in.ts"

/** What a store promises about phone numbers: a number has one user at most, and a user one number. */
export interface PhoneStore {
  /**
   * Makes a verified number the user's, in place of the one they had, and records `phone.bound`. See {@link BindPhoneOutcome}.
   *
   * - Of N users at once who want the same number exactly one gets it. The others get `taken`, and what they had is still theirs.
   * - The number the user had before is free once this resolves.
   * - With the number they had before the user's sessions end that were opened by SMS, but for the one that asks.
   * - Nobody is moved or merged, and no other user's number changes.
   */
  bindPhone(binding: PhoneBinding): Promise<BindPhoneOutcome>

  /**
   * Takes the user's number away, if it is one that the request means, records `phone.unbound`, and ends the sessions that were opened by
   * SMS. Of N callers at once exactly one gets `unbound`.
   */
  unbindPhone(request: UnbindPhone): Promise<UnbindPhoneOutcome>

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
  /** The mini program it was verified in; `""` if it was proved by SMS since. */
  readonly appid: string
  /** When it was last verified, in milliseconds since 1970. */
  readonly verifiedAt: number
  /** When it was last proved by digits sent to it; `null` if only WeChat has vouched for it. Binding the same number with `null` changes nothing of it. */
  readonly smsVerifiedAt: number | null
  /** A keyed hash of what proved it, so that the same proof sent again is known: at most 64 characters. */
  readonly proof: string
}

export interface PhoneBinding extends Phone {
  readonly userId: string
  /** The session that asks, which goes on. */
  readonly sessionId: string
  /** Id of the audit event. */
  readonly eventId: string
}

/**
 * What became of a number, checked in this order:
 *
 * - `gone`: there is no such user (any more), or they were merged into another.
 * - `renewed`: it was the user's already; everything else about it is as given now.
 * - `taken`: it is another user's. Nothing changed.
 * - `changed`: the user had another one before. These sessions have ended with it.
 * - `bound`: the user had none.
 */
export type BindPhoneOutcome = BoundPhone | { readonly kind: "gone" } | { readonly kind: "taken" }

/** The number is the user's. */
export type BoundPhone =
  | { readonly kind: "renewed" | "bound" }
  | { readonly kind: "changed"; readonly endedSessions: readonly string[] }

export interface UnbindPhone extends Occasion {
  readonly userId: string
  /** Only a number that was verified in this app, and not after this moment, and never by SMS. Default is any. */
  readonly only?: { readonly appid: string; readonly verifiedUntil: number }
  /** A user's last way in stays. Default is that it may go. */
  readonly ways?: WaysOn
}

/**
 * - `unbound`: it is gone, and so are these sessions.
 * - `none`: the user has no number, or not one that is meant.
 * - `last`: they have no other way in. Nothing has happened.
 */
export type UnbindPhoneOutcome =
  | { readonly kind: "unbound"; readonly endedSessions: readonly string[] }
  | { readonly kind: "none" | "last" }
