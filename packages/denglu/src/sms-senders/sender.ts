import type { SmsPurpose } from "../store/sms-store.ts"

/** A message to send. */
export interface SmsMessage {
  /** E.164: `+8613800138000`. */
  readonly phone: string
  /** Without the `+`: `86`. */
  readonly countryCode: string
  /** Without the country code: `13800138000`. */
  readonly nationalNumber: string
  /** Six digits. */
  readonly code: string
  readonly purpose: SmsPurpose
  /** Seconds for which the digits are good. */
  readonly expiresIn: number
}

/**
 * Sends a message, or rejects: then it counts as not sent. It has 5 seconds; when `signal` is aborted nobody waits for it any more. What it rejects
 * with is not logged but for its `code`, since it may hold the number.
 */
export type SendSms = (message: SmsMessage, signal: AbortSignal) => Promise<void>

/** Why a message could not be sent. */
export class SmsError extends Error {
  override readonly name = "SmsError"
  /** The provider's word for it, as `LimitExceeded.PhoneNumberDailyLimit`; or `timeout`, `unreachable`. */
  readonly code: string

  /** @param code only its letters, digits, dots, dashes and underscores are kept */
  constructor(code: string) {
    const kept = code.replace(/[^\w.-]/g, "").slice(0, 64) || "unknown"
    super(`the SMS was not sent: ${kept}`)
    this.code = kept
  }
}

/** A mark that the same function has in every copy of this package: the command line is bundled with one of its own. */
const shows = Symbol.for("denglu.console-sender")

/** Whether a sender shows the digits instead of sending them. */
export function isConsoleSender(send: SendSms): boolean {
  return shows in send
}

/** Marks a sender as one that shows the digits instead of sending them. */
export function markConsoleSender(send: SendSms): SendSms {
  return Object.assign(send, { [shows]: true })
}
