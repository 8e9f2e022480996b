import type { SmsLimit, SmsPurpose } from "./sms-store.ts"

/** From when on a number may have another message, after those it had at `times`; `undefined`: now. */
export function blockedUntil(
  times: readonly number[],
  limits: readonly SmsLimit[],
  now: number,
): number | undefined {
  const latestFirst = [...times].sort((one, other) => other - one)
  const ends = limits
    .map(({ most, within }) => (latestFirst[most - 1] ?? Number.NEGATIVE_INFINITY) + within)
    .filter(end => end > now)
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** Whether only somebody who is logged in can ask for digits of this purpose. They count apart, so that strangers can't use them up. */
export function isAskedByUser(purpose: SmsPurpose): boolean {
  return purpose === "bind" || purpose === "leave"
}

/** Whether a number that is a user's lets them in. */
export function isTrusted(smsVerifiedAt: number | null, trustedSince: number): boolean {
  return smsVerifiedAt !== null && smsVerifiedAt >= trustedSince
}
