import { isMeant, reasonOf } from "../phone-rules.ts"
import type {
  BindPhoneOutcome,
  Phone,
  PhoneBinding,
  PhoneStore,
  UnbindPhone,
  UnbindPhoneOutcome,
} from "../phone-store.ts"
import { recordEvent } from "./audit-events.ts"
import { endSessions, lockSessionsBySms } from "./end-sessions.ts"
import { lockUsers } from "./owners.ts"
import type { Row } from "./rows.ts"
import { type Dialect, type Script, type ScriptRunner, type Statement, statement } from "./script.ts"
import { waysInOf } from "./ways-in.ts"

const columns = "phone, country_code, appid, verified_at, proof, sms_verified_at"

/** Phone numbers, on any engine. */
export function phoneMethods({ write, read }: ScriptRunner): PhoneStore {
  return {
    bindPhone: binding => write(dialect => bindPhone(dialect, binding)),
    unbindPhone: request => write(dialect => unbind(dialect, request)),
    findPhone: userId => read(() => findPhone(userId)),
    findPhoneOwner: phone => read(() => findOwner(phone)),
  }
}

/** See `PhoneStore.bindPhone`. */
export function* bindPhone(dialect: Dialect, binding: PhoneBinding): Script<BindPhoneOutcome> {
  const { userId, phone, countryCode, appid, verifiedAt, smsVerifiedAt, proof, eventId, sessionId } = binding
  // The row of the user is what stands between two numbers for one user at once.
  const user = yield statement("SELECT merged_into FROM denglu_users WHERE id = ? FOR UPDATE", userId)
  if (user.rows[0]?.merged_into !== null) return { kind: "gone" }
  const had = yield* findPhone(userId)
  const isRenewed = had?.phone === phone
  if (isRenewed)
    yield statement(
      `UPDATE denglu_phones SET country_code = ?, appid = ?, verified_at = ?, proof = ?, sms_verified_at = ?
        WHERE phone = ? AND user_id = ?`,
      countryCode,
      appid,
      verifiedAt,
      proof,
      smsVerifiedAt ?? had.smsVerifiedAt,
      phone,
      userId,
    )
  else {
    // Seen before anything is written: two who want each other's number would wait for each other.
    if ((yield* findOwner(phone)) !== undefined) return { kind: "taken" }
    if (had !== undefined)
      yield statement("DELETE FROM denglu_phones WHERE phone = ? AND user_id = ?", had.phone, userId)
    const inserted = yield insertPhone(userId, binding)
    if (inserted.affected === 0) {
      if (had !== undefined) yield insertPhone(userId, had)
      return { kind: "taken" }
    }
  }
  const kind = isRenewed ? "renewed" : had === undefined ? "bound" : "changed"
  yield recordEvent({
    id: eventId,
    at: verifiedAt,
    type: "phone.bound",
    userId,
    ...(appid === "" ? {} : { appid }),
    actor: "user",
    detail: { outcome: kind },
  })
  if (kind !== "changed") return { kind }
  const opened = yield* lockSessionsBySms(dialect, userId, verifiedAt)
  const sessions = opened.filter(({ id }) => id !== sessionId)
  const reason = reasonOf("user")
  return {
    kind,
    endedSessions: yield* endSessions(dialect, { sessions, reason, actor: "user", now: verifiedAt }),
  }
}

function* unbind(
  dialect: Dialect,
  { userId, now, actor, eventId, only, ways }: UnbindPhone,
): Script<UnbindPhoneOutcome> {
  yield* lockUsers([userId, userId])
  const had = yield* findPhone(userId)
  if (had === undefined || (only !== undefined && !isMeant(had, only))) return { kind: "none" }
  if (ways !== undefined && !(yield* waysInOf(dialect, userId, ways)).some(way => way !== "phone"))
    return { kind: "last" }
  yield statement("DELETE FROM denglu_phones WHERE phone = ? AND user_id = ?", had.phone, userId)
  yield recordEvent({ id: eventId, at: now, type: "phone.unbound", userId, actor })
  const endedSessions = yield* endSessions(dialect, {
    sessions: yield* lockSessionsBySms(dialect, userId, now),
    reason: reasonOf(actor),
    actor,
    now,
  })
  return { kind: "unbound", endedSessions }
}

/** The user's number. */
export function* findPhone(userId: string): Script<Phone | undefined> {
  const { rows } = yield statement(`SELECT ${columns} FROM denglu_phones WHERE user_id = ?`, userId)
  return rows[0] === undefined ? undefined : readPhone(rows[0])
}

function* findOwner(phone: string): Script<string | undefined> {
  const { rows } = yield statement("SELECT user_id FROM denglu_phones WHERE phone = ?", phone)
  return rows[0]?.user_id as string | undefined
}

export function insertPhone(userId: string, number: Phone): Statement {
  const { phone, countryCode, appid, verifiedAt, proof, smsVerifiedAt } = number
  return statement(
    `INSERT INTO denglu_phones (user_id, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    userId,
    phone,
    countryCode,
    appid,
    verifiedAt,
    proof,
    smsVerifiedAt,
  )
}

function readPhone(row: Row): Phone {
  return {
    phone: row.phone as string,
    countryCode: row.country_code as string,
    appid: row.appid as string,
    verifiedAt: row.verified_at as number,
    proof: row.proof as string,
    smsVerifiedAt: row.sms_verified_at as number | null,
  }
}
