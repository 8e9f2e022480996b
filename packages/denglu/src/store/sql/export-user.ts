import type { AuditEvent } from "../audit-store.ts"
import type { HeldPhone, PersonalData } from "../leaving-store.ts"
import type { Session, UserProfile } from "../store.ts"
import { listEventsOf } from "./audit-events.ts"
import { passwordOf } from "./merge-passwords.ts"
import { absorbedBy, listMergesOf } from "./merge-rows.ts"
import { findUserRow, ownerIs } from "./owners.ts"
import { findPhone } from "./phones.ts"
import { readSession } from "./rows.ts"
import { type Dialect, type Script, statement } from "./script.ts"
import { smsOf } from "./sms.ts"

/** Events of one user in an export, the latest. */
const mostEvents = 10_000

/** See `LeavingStore.exportUser`. */
export function* exportUser(dialect: Dialect, id: string): Script<PersonalData | undefined> {
  const found = yield* findUserRow(dialect, id)
  if (found === undefined) return undefined
  const { row: _, ...user } = found
  const merged: UserProfile[] = []
  const absorbed = yield* absorbedBy(id)
  for (const absorbedId of absorbed) {
    const row = yield* findUserRow(dialect, absorbedId)
    if (row !== undefined) merged.push(readUserRow(row))
  }
  const events: AuditEvent[] = []
  for (const userId of [id, ...absorbed]) events.push(...(yield* listEventsOf(userId, mostEvents, undefined)))
  const phone = yield* findPhone(id)
  const password = yield* passwordOf(id)
  return {
    user,
    password: password && { account: password.account, changedAt: password.changedAt },
    phone: phone as HeldPhone | undefined,
    sessions: yield* sessionsOf(dialect, id),
    sms: yield* smsOf(id, phone?.phone),
    merges: yield* listMergesOf(id),
    merged,
    events: events.sort((one, other) => one.at - other.at),
  }
}

function readUserRow({ id, nickname, avatarUrl, createdAt, updatedAt, leavesAt }: UserProfile): UserProfile {
  return { id, nickname, avatarUrl, createdAt, updatedAt, leavesAt }
}

/** All of them, not only those that are live. */
function* sessionsOf(dialect: Dialect, userId: string): Script<Session[]> {
  const columns = `s.id, s.appid, s.counter, s.created_at, s.rotated_at, s.idle_expires_at, s.absolute_expires_at,
    s.revoked_at, s.revoked_reason, s.user_agent, s.opened_by`
  const { rows } = yield statement(
    dialect === "sqlite"
      ? `SELECT ${columns}, i.openid FROM denglu_sessions s LEFT JOIN denglu_identities i ON i.n = s.identity_n
          WHERE s.${ownerIs(dialect)} ORDER BY s.created_at DESC, s.id DESC`
      : `SELECT ${columns}, s.openid FROM denglu_sessions s
          WHERE s.${ownerIs(dialect)} ORDER BY s.created_at DESC, s.id DESC`,
    userId,
  )
  return rows.map(row => readSession({ ...row, user_id: userId }))
}
