import type { BindPhoneOutcome, Phone, PhoneBinding, PhoneStore, UnbindPhone } from "../phone-store.ts"
import { recordEvent } from "./audit-events.ts"
import type { Row } from "./rows.ts"
import { type Script, type ScriptRunner, type Statement, statement } from "./script.ts"

const columns = "phone, country_code, appid, verified_at, proof"

/** Phone numbers, on any engine. */
export function phoneMethods({ write, read }: ScriptRunner): PhoneStore {
  return {
    bindPhone: binding => write(() => bind(binding)),
    unbindPhone: request => write(() => unbind(request)),
    findPhone: userId => read(() => find(userId)),
    findPhoneOwner: phone => read(() => findOwner(phone)),
  }
}

function* bind(binding: PhoneBinding): Script<BindPhoneOutcome> {
  const { userId, phone, countryCode, appid, verifiedAt, proof, eventId } = binding
  // The row of the user is what stands between two numbers for one user at once.
  const user = yield statement("SELECT merged_into FROM denglu_users WHERE id = ? FOR UPDATE", userId)
  if (user.rows[0]?.merged_into !== null) return "gone"
  const had = yield* find(userId)
  const isRenewed = had?.phone === phone
  if (isRenewed)
    yield statement(
      "UPDATE denglu_phones SET country_code = ?, appid = ?, verified_at = ?, proof = ? WHERE phone = ? AND user_id = ?",
      countryCode,
      appid,
      verifiedAt,
      proof,
      phone,
      userId,
    )
  else {
    // Seen before anything is written: two who want each other's number would wait for each other.
    if ((yield* findOwner(phone)) !== undefined) return "taken"
    if (had !== undefined)
      yield statement("DELETE FROM denglu_phones WHERE phone = ? AND user_id = ?", had.phone, userId)
    const inserted = yield insert(userId, binding)
    if (inserted.affected === 0) {
      if (had !== undefined) yield insert(userId, had)
      return "taken"
    }
  }
  const outcome = isRenewed ? "renewed" : had === undefined ? "bound" : "changed"
  yield recordEvent({
    id: eventId,
    at: verifiedAt,
    type: "phone.bound",
    userId,
    appid,
    actor: "user",
    detail: { outcome },
  })
  return outcome
}

function* unbind({ userId, now, actor, eventId, only }: UnbindPhone): Script<boolean> {
  const removed = yield only === undefined
    ? statement("DELETE FROM denglu_phones WHERE user_id = ?", userId)
    : statement(
        "DELETE FROM denglu_phones WHERE user_id = ? AND appid = ? AND verified_at <= ?",
        userId,
        only.appid,
        only.verifiedUntil,
      )
  if (removed.affected === 0) return false
  yield recordEvent({ id: eventId, at: now, type: "phone.unbound", userId, actor })
  return true
}

function* find(userId: string): Script<Phone | undefined> {
  const { rows } = yield statement(`SELECT ${columns} FROM denglu_phones WHERE user_id = ?`, userId)
  return rows[0] === undefined ? undefined : readPhone(rows[0])
}

function* findOwner(phone: string): Script<string | undefined> {
  const { rows } = yield statement("SELECT user_id FROM denglu_phones WHERE phone = ?", phone)
  return rows[0]?.user_id as string | undefined
}

function insert(userId: string, { phone, countryCode, appid, verifiedAt, proof }: Phone): Statement {
  return statement(
    `INSERT INTO denglu_phones (user_id, ${columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    userId,
    phone,
    countryCode,
    appid,
    verifiedAt,
    proof,
  )
}

function readPhone(row: Row): Phone {
  return {
    phone: row.phone as string,
    countryCode: row.country_code as string,
    appid: row.appid as string,
    verifiedAt: row.verified_at as number,
    proof: row.proof as string,
  }
}
