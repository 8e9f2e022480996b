import { DengluError } from "../../errors.ts"
import type { HeldSms } from "../leaving-store.ts"
import type { OpenSessionOutcome } from "../opening-store.ts"
import type { BindPhoneOutcome } from "../phone-store.ts"
import { openedWithout } from "../session-rules.ts"
import { blockedUntil, isAskedByUser, isTrusted } from "../sms-rules.ts"
import {
  type BindBySms,
  type BindBySmsOutcome,
  type FindOwnerBySms,
  type KeepSmsOutcome,
  keepSmsFor,
  type LogInBySms,
  mostTries,
  type NewSms,
  type ProveBySms,
  type ProvedPhone,
  type SmsLimit,
  type SmsLogInOutcome,
  type SmsOwnerOutcome,
  type SmsPurpose,
  type SmsStore,
  type TakeSms,
} from "../sms-store.ts"
import { recordEvent } from "./audit-events.ts"
import { openSessionOf, writeSession } from "./open-session-of.ts"
import { lockUsers } from "./owners.ts"
import { bindPhone, findPhone } from "./phones.ts"
import { type Dialect, type Script, type ScriptRunner, statement } from "./script.ts"

/** Digits by SMS, for every database. */
export function smsMethods({ write }: ScriptRunner): SmsStore {
  return {
    keepSms: (sms, limits) => write(() => keepSms(sms, limits)),
    dropSms: idDigest => write(() => dropOne(idDigest)),
    logInBySms: request => write(dialect => logInBySms(dialect, request)),
    bindPhoneBySms: request => write(dialect => bindPhoneBySms(dialect, request)),
    findOwnerBySms: request => write(() => findOwnerBySms(request)),
    proveBySms: request => write(() => proveBySms(request)),
  }
}

/**
 * See `SmsStore.keepSms`. Two who count the same messages make the same `seq`, and one of them is passed over. What is asked for without an
 * account counts up from 1, what a user asks for counts down from -1.
 */
function* keepSms(sms: NewSms, limits: readonly SmsLimit[]): Script<KeepSmsOutcome> {
  const { phone, purpose, createdAt: now } = sms
  const isUsers = isAskedByUser(purpose)
  const { rows } = yield statement(
    `SELECT seq, created_at FROM denglu_sms WHERE phone = ? AND ${isUsers ? "seq < 0 ORDER BY seq" : "seq > 0 ORDER BY seq DESC"} LIMIT ?`,
    phone,
    Math.max(...limits.map(({ most }) => most)),
  )
  const until = blockedUntil(
    rows.map(row => row.created_at as number),
    limits,
    now,
  )
  if (until !== undefined) return { kind: "too_many", retryAt: until }
  const { affected } = yield statement(
    `INSERT INTO denglu_sms (id_digest, phone, seq, country_code, purpose, user_id, digits, tries, created_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING`,
    sms.idDigest,
    phone,
    ((rows[0]?.seq as number | undefined) ?? 0) + (isUsers ? -1 : 1),
    sms.countryCode,
    purpose,
    sms.userId,
    sms.digits,
    now,
    sms.expiresAt,
  )
  const shortest = Math.min(...limits.map(({ within }) => within))
  return affected === 1 ? { kind: "kept" } : { kind: "too_many", retryAt: now + shortest }
}

function* dropOne(idDigest: string): Script<void> {
  yield statement("DELETE FROM denglu_sms WHERE id_digest = ?", idDigest)
}

/**
 * Takes digits, if they are right. Counting, comparing and using up are one statement. `tries * 0` tells PostgreSQL that the moment is a `bigint`.
 */
function* takeSms(request: TakeSms): Script<ProvedPhone | undefined> {
  const { idDigest, purpose, userId, digits, now } = request
  const whose = userId === null ? "user_id IS NULL" : "user_id = ?"
  const { affected } = yield statement(
    `UPDATE denglu_sms SET tries = tries + 1,
        used_at = CASE WHEN digits IN (${digits.map(() => "?").join(", ")}) THEN tries * 0 + ? ELSE NULL END
      WHERE id_digest = ? AND purpose = ? AND ${whose} AND used_at IS NULL AND tries < ${mostTries} AND expires_at > ?`,
    ...digits,
    now,
    idDigest,
    purpose,
    ...(userId === null ? [] : [userId]),
    now,
  )
  if (affected === 0) return undefined
  const { rows } = yield statement(
    "SELECT phone, country_code, used_at FROM denglu_sms WHERE id_digest = ?",
    idDigest,
  )
  const [row] = rows
  if (row === undefined || row.used_at === null) return undefined
  return { phone: row.phone as string, countryCode: row.country_code as string }
}

/** Times that somebody else may get the number, or lose it, while it is looked whose it is. */
const mostLooks = 4

/** See `SmsStore.logInBySms`. */
function* logInBySms(dialect: Dialect, request: LogInBySms): Script<SmsLogInOutcome> {
  const number: ProvedPhone | undefined = yield* takeSms({ ...request, purpose: "login", userId: null })
  if (number === undefined) return { kind: "invalid" }
  for (let look = 0; look < mostLooks; look += 1) {
    const { rows } = yield statement("SELECT user_id FROM denglu_phones WHERE phone = ?", number.phone)
    const ownerId = rows[0]?.user_id as string | undefined
    const outcome: SmsLogInOutcome | undefined =
      ownerId === undefined
        ? yield* createUser(dialect, request, number)
        : yield* openOwners(dialect, request, number, ownerId)
    if (outcome !== undefined) return outcome
  }
  throw new DengluError("store_unavailable", { message: "a phone number changes hands again and again" })
}

/** A new user with this number. `undefined` if it is somebody's by now. */
function* createUser(
  dialect: Dialect,
  request: LogInBySms,
  { phone, countryCode }: ProvedPhone,
): Script<SmsLogInOutcome | undefined> {
  const { now, newUserId: userId, proof, session, appid } = request
  const { affected } = yield statement(
    `INSERT INTO denglu_phones (phone, user_id, country_code, appid, verified_at, proof, sms_verified_at)
      VALUES (?, ?, ?, '', ?, ?, ?) ON CONFLICT DO NOTHING`,
    phone,
    userId,
    countryCode,
    now,
    proof,
    now,
  )
  if (affected === 0) return undefined
  yield statement("INSERT INTO denglu_users (id, created_at, updated_at) VALUES (?, ?, ?)", userId, now, now)
  const of = { at: now, userId, sessionId: session.id, appid, actor: "user" } as const
  yield recordEvent({ ...of, id: `${userId}:created`, type: "user.created" })
  yield recordEvent({ ...of, id: `${session.id}:phone`, type: "phone.bound", detail: { outcome: "bound" } })
  const opened = openedWithout({ now, appid, session, openedBy: "sms", userId }, userId)
  yield* writeSession(dialect, opened)
  yield* keepWhose(request.idDigest, userId)
  const user = { id: userId, nickname: null, avatarUrl: null, createdAt: now, updatedAt: now, leavesAt: null }
  return { kind: "opened", session: opened, user, isNew: true }
}

/** A session of the user whose number it is, if it still is and may be relied on. `undefined` if it is another's by now. */
function* openOwners(
  dialect: Dialect,
  request: LogInBySms,
  { phone }: ProvedPhone,
  ownerId: string,
): Script<SmsLogInOutcome | undefined> {
  const { idDigest, now, trustedSince, appid, session } = request
  yield* lockUsers([ownerId, ownerId])
  const { rows } = yield statement(
    "SELECT sms_verified_at FROM denglu_phones WHERE phone = ? AND user_id = ? FOR UPDATE",
    phone,
    ownerId,
  )
  const [row] = rows
  if (row === undefined) return undefined
  if (!isTrusted(row.sms_verified_at as number | null, trustedSince)) return { kind: "untrusted" }
  const outcome: OpenSessionOutcome = yield* openSessionOf(dialect, {
    userId: ownerId,
    appid,
    openedBy: "sms",
    now,
    session,
  })
  if (outcome.kind === "gone") return undefined
  if (outcome.kind === "leaving") {
    yield statement("UPDATE denglu_sms SET used_at = NULL WHERE id_digest = ?", idDigest)
    return outcome
  }
  yield statement(
    "UPDATE denglu_phones SET verified_at = ?, sms_verified_at = ? WHERE phone = ? AND user_id = ?",
    now,
    now,
    phone,
    ownerId,
  )
  yield* keepWhose(idDigest, ownerId)
  return { ...outcome, isNew: false }
}

/** Whose used digits were: so they are erased with the user, even if they have another number by then. */
function* keepWhose(idDigest: string, userId: string): Script<void> {
  yield statement("UPDATE denglu_sms SET user_id = ? WHERE id_digest = ?", userId, idDigest)
}

/** See `SmsStore.findOwnerBySms`. */
function* findOwnerBySms({ trustedSince, ...request }: FindOwnerBySms): Script<SmsOwnerOutcome> {
  const number: ProvedPhone | undefined = yield* takeSms({ ...request, purpose: "reset", userId: null })
  if (number === undefined) return { kind: "invalid" }
  const { rows } = yield statement(
    "SELECT user_id, sms_verified_at FROM denglu_phones WHERE phone = ?",
    number.phone,
  )
  const [row] = rows
  if (row === undefined) return { kind: "unknown" }
  if (!isTrusted(row.sms_verified_at as number | null, trustedSince)) return { kind: "untrusted" }
  const userId = row.user_id as string
  yield* keepWhose(request.idDigest, userId)
  return { kind: "proved", userId }
}

/** See `SmsStore.bindPhoneBySms`. The user is locked first, as by everything that erases or merges them. */
function* bindPhoneBySms(
  dialect: Dialect,
  { userId, sessionId, proof, eventId, ...request }: BindBySms,
): Script<BindBySmsOutcome> {
  yield* lockUsers([userId, userId])
  const number: ProvedPhone | undefined = yield* takeSms({ ...request, purpose: "bind", userId })
  if (number === undefined) return { kind: "invalid" }
  const { now } = request
  const outcome: BindPhoneOutcome = yield* bindPhone(dialect, {
    ...number,
    userId,
    sessionId,
    appid: "",
    verifiedAt: now,
    smsVerifiedAt: now,
    proof,
    eventId,
  })
  return { ...outcome, number }
}

/** See `SmsStore.proveBySms`. */
function* proveBySms({ userId, ...request }: ProveBySms): Script<boolean> {
  yield* lockUsers([userId, userId])
  const number: ProvedPhone | undefined = yield* takeSms({ ...request, purpose: "leave", userId })
  return number !== undefined && (yield* findPhone(userId))?.phone === number.phone
}

/** Drops messages that no limit looks back at any more; answers how many, at most `limit`. */
export function* dropSms(now: number, limit: number): Script<number> {
  if (limit <= 0) return 0
  const { rows } = yield statement(
    "SELECT id_digest FROM denglu_sms WHERE created_at <= ? ORDER BY created_at LIMIT ?",
    now - keepSmsFor,
    limit,
  )
  for (const { id_digest: idDigest } of rows) yield* dropOne(idDigest as string)
  return rows.length
}

/** What was sent to a user's number, or at their wish. */
export function* smsOf(userId: string, phone: string | undefined): Script<HeldSms[]> {
  const { rows } = yield statement(
    "SELECT phone, purpose, created_at, used_at FROM denglu_sms WHERE user_id = ? OR phone = ? ORDER BY created_at, seq",
    userId,
    phone ?? "",
  )
  return rows.map(row => ({
    phone: row.phone as string,
    purpose: row.purpose as SmsPurpose,
    createdAt: row.created_at as number,
    usedAt: row.used_at as number | null,
  }))
}

/** Forgets what was sent to a user's number, but for digits that are still good: who asked for them may be about to begin anew with it. */
export function* eraseSmsTo(userId: string, now: number): Script<void> {
  yield statement(
    `DELETE FROM denglu_sms WHERE (used_at IS NOT NULL OR expires_at <= ?)
      AND phone IN (SELECT phone FROM denglu_phones WHERE user_id = ?)`,
    now,
    userId,
  )
}
