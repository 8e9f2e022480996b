import { openInMemory, writeInMemory } from "./memory-opening.ts"
import { bindInMemory } from "./memory-phones.ts"
import type { MemoryState, RunInMemory } from "./memory-state.ts"
import { openedWithout } from "./session-rules.ts"
import { blockedUntil, isAskedByUser, isTrusted } from "./sms-rules.ts"
import {
  type BindBySms,
  type BindBySmsOutcome,
  type KeepSmsOutcome,
  keepSmsFor,
  type LogInBySms,
  mostTries,
  type NewSms,
  type ProvedPhone,
  type SmsLimit,
  type SmsLogInOutcome,
  type SmsStore,
  type TakeSms,
} from "./sms-store.ts"

/** Digits that were sent, and what became of them. */
export interface KeptSms extends NewSms {
  readonly tries: number
  readonly usedAt: number | null
}

/** Digits by SMS, in memory. */
export function smsInMemory(state: MemoryState, run: RunInMemory): SmsStore {
  const { sms, phones, users, audit } = state

  function keep(given: NewSms, limits: readonly SmsLimit[]): KeepSmsOutcome {
    const times = [...sms.values()]
      .filter(
        ({ phone, purpose }) =>
          phone === given.phone && isAskedByUser(purpose) === isAskedByUser(given.purpose),
      )
      .map(({ createdAt }) => createdAt)
    const until = blockedUntil(times, limits, given.createdAt)
    if (until !== undefined) return { kind: "too_many", retryAt: until }
    sms.set(given.idDigest, { ...given, tries: 0, usedAt: null })
    return { kind: "kept" }
  }

  function logIn(request: LogInBySms): SmsLogInOutcome {
    const number = takeInMemory(state, { ...request, purpose: "login", userId: null })
    if (number === undefined) return { kind: "invalid" }
    const { appid, session, now, idDigest } = request
    const kept = phones.get(number.phone)
    if (kept === undefined) return create(request, number)
    if (!isTrusted(kept.smsVerifiedAt, request.trustedSince)) return { kind: "untrusted" }
    const outcome = openInMemory(state, { userId: kept.userId, appid, openedBy: "sms", now, session })
    if (outcome.kind === "gone") throw new Error("a number without its user")
    if (outcome.kind === "leaving") {
      const used = sms.get(idDigest) as KeptSms
      sms.set(idDigest, { ...used, usedAt: null })
      return outcome
    }
    phones.set(kept.phone, { ...kept, verifiedAt: now, smsVerifiedAt: now })
    keepWhose(state, idDigest, kept.userId)
    return { ...outcome, isNew: false }
  }

  function create(request: LogInBySms, number: ProvedPhone): SmsLogInOutcome {
    const { now, newUserId: userId, proof, session, appid } = request
    const user = { id: userId, nickname: null, avatarUrl: null, createdAt: now, updatedAt: now }
    const profile = { ...user, leavesAt: null }
    users.set(userId, profile)
    phones.set(number.phone, { ...number, userId, appid: "", verifiedAt: now, smsVerifiedAt: now, proof })
    const of = { at: now, userId, sessionId: session.id, appid, actor: "user" } as const
    audit.push({ ...of, id: `${userId}:created`, type: "user.created" })
    audit.push({ ...of, id: `${session.id}:phone`, type: "phone.bound", detail: { outcome: "bound" } })
    const opened = openedWithout({ now, appid, session, openedBy: "sms", userId }, userId)
    writeInMemory(state, opened)
    keepWhose(state, request.idDigest, userId)
    return { kind: "opened", session: opened, user: profile, isNew: true }
  }

  function bind({ userId, sessionId, proof, eventId, ...request }: BindBySms): BindBySmsOutcome {
    const number = takeInMemory(state, { ...request, purpose: "bind", userId })
    if (number === undefined) return { kind: "invalid" }
    const { now } = request
    const proved = { verifiedAt: now, smsVerifiedAt: now, proof, sessionId, eventId }
    return { ...bindInMemory(state, { ...number, userId, appid: "", ...proved }), number }
  }

  return {
    keepSms: (given, limits) => run(() => keep(given, limits)),
    dropSms: idDigest => run(() => void sms.delete(idDigest)),
    logInBySms: request => run(() => logIn(request)),
    bindPhoneBySms: request => run(() => bind(request)),
    findOwnerBySms: ({ trustedSince, ...request }) =>
      run(() => {
        const number = takeInMemory(state, { ...request, purpose: "reset", userId: null })
        if (number === undefined) return { kind: "invalid" } as const
        const owner = phones.get(number.phone)
        if (owner === undefined) return { kind: "unknown" } as const
        if (!isTrusted(owner.smsVerifiedAt, trustedSince)) return { kind: "untrusted" } as const
        keepWhose(state, request.idDigest, owner.userId)
        return { kind: "proved", userId: owner.userId } as const
      }),
    proveBySms: ({ userId, ...request }) =>
      run(() => {
        const number = takeInMemory(state, { ...request, purpose: "leave", userId })
        return number !== undefined && phones.get(number.phone)?.userId === userId
      }),
  }
}

/** Whose used digits were: so they are erased with the user, even if they have another number by then. */
function keepWhose({ sms }: MemoryState, idDigest: string, userId: string): void {
  sms.set(idDigest, { ...(sms.get(idDigest) as KeptSms), userId })
}

/** Takes digits, if they are right. */
function takeInMemory({ sms }: MemoryState, request: TakeSms): ProvedPhone | undefined {
  const { idDigest, purpose, userId, digits, now } = request
  const kept = sms.get(idDigest)
  if (kept === undefined || kept.purpose !== purpose || kept.userId !== userId) return undefined
  if (kept.usedAt !== null || kept.tries >= mostTries || kept.expiresAt <= now) return undefined
  const isRight = digits.includes(kept.digits)
  sms.set(idDigest, { ...kept, tries: kept.tries + 1, usedAt: isRight ? now : null })
  const { phone, countryCode } = kept
  return isRight ? { phone, countryCode } : undefined
}

/** Drops messages that no limit looks back at any more; answers how many, at most `limit`. */
export function dropSmsInMemory({ sms }: MemoryState, now: number, limit: number): number {
  const over = [...sms.values()].filter(({ createdAt }) => createdAt <= now - keepSmsFor).slice(0, limit)
  for (const { idDigest } of over) sms.delete(idDigest)
  return over.length
}

/** Forgets what was sent to a user's number, but for digits that are still good, and what was sent at their wish. */
export function eraseSmsInMemory({ sms, phones }: MemoryState, userId: string, now: number): void {
  for (const kept of [...sms.values()]) {
    const isOver = kept.usedAt !== null || kept.expiresAt <= now
    const isTheirs = isOver && phones.get(kept.phone)?.userId === userId
    if (isTheirs || kept.userId === userId) sms.delete(kept.idDigest)
  }
}
