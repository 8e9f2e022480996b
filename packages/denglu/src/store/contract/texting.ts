import assert from "node:assert/strict"
import type { LogInBySms, NewSms, SmsLogInOutcome } from "../sms-store.ts"
import type { Store } from "../store.ts"
import { day, eventId, minute, start } from "./store-case.ts"

export const appid = "wxsim0000000000001"
export const number = "+8613800138000"
export const other = "+8613900139000"
export const right = "right"
export const limits = [
  { most: 1, within: minute },
  { most: 5, within: 60 * minute },
  { most: 10, within: day },
]
let count = 0

export function newSms(given: Partial<NewSms> = {}): NewSms {
  count += 1
  const createdAt = given.createdAt ?? start
  return {
    idDigest: `sms${count}`,
    phone: number,
    countryCode: "86",
    purpose: "login",
    userId: null,
    digits: right,
    createdAt,
    expiresAt: createdAt + 5 * minute,
    ...given,
  }
}

/** Digits that are on their way, past all limits. */
export async function sent(store: Store, given: Partial<NewSms> = {}): Promise<NewSms> {
  const sms = newSms(given)
  assert.equal((await store.keepSms(sms, [{ most: 1_000, within: day }])).kind, "kept")
  return sms
}

export function typed({ idDigest }: NewSms, given: Partial<LogInBySms> = {}): LogInBySms {
  count += 1
  const now = given.now ?? start
  const ends = { idleExpiresAt: now + day, absoluteExpiresAt: now + 7 * day }
  return {
    idDigest,
    digits: [right],
    now,
    appid,
    session: { id: `by-sms${count}`, ...ends, userAgent: "Mozilla/5.0" },
    newUserId: `new${count}`,
    proof: `proof${count}`,
    trustedSince: now - 90 * day,
    ...given,
  }
}

export const logInBy = (store: Store, sms: NewSms, given?: Partial<LogInBySms>) =>
  store.logInBySms(typed(sms, given))

export function opened(outcome: SmsLogInOutcome): SmsLogInOutcome & { readonly kind: "opened" } {
  assert.equal(outcome.kind, "opened")
  return outcome as SmsLogInOutcome & { readonly kind: "opened" }
}

/** A user with this number, who came by SMS. */
export async function smsUser(store: Store, phone = number, now = start): Promise<string> {
  const sms = await sent(store, { phone, createdAt: now })
  return opened(await logInBy(store, sms, { now })).user.id
}

export const bindBy = (store: Store, sms: NewSms, userId: string, now = start, sessionId = "") =>
  store.bindPhoneBySms({
    idDigest: sms.idDigest,
    digits: [right],
    userId,
    sessionId,
    proof: "proof",
    eventId: eventId(),
    now,
  })

export const byWeChat = (store: Store, userId: string, phone = number, sessionId = "") =>
  store.bindPhone({
    userId,
    sessionId,
    phone,
    countryCode: "86",
    appid,
    verifiedAt: start,
    smsVerifiedAt: null,
    proof: "wechat",
    eventId: eventId(),
  })
