import type { AuditActor, AuditEvent, AuditType } from "../audit-store.ts"
import type { HeldPhone, PersonalData } from "../leaving-store.ts"
import type { Session, UserProfile } from "../store.ts"
import { absorbedBy, listMergesOf } from "./merge-rows.ts"
import { phoneOf } from "./merge-users.ts"
import { findUserRow, ownerIs } from "./owners.ts"
import { type Row, readSession } from "./rows.ts"
import { type Dialect, type Script, statement } from "./script.ts"

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
  for (const userId of [id, ...absorbed]) events.push(...(yield* eventsOf(userId)))
  return {
    user,
    phone: (yield* phoneOf(id)) as HeldPhone | undefined,
    sessions: yield* sessionsOf(dialect, id),
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
    s.revoked_at, s.revoked_reason, s.user_agent`
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

function* eventsOf(userId: string): Script<AuditEvent[]> {
  const { rows } = yield statement(
    "SELECT user_id, at, id, type, session_id, appid, actor, detail FROM denglu_audit WHERE user_id = ? ORDER BY at, id",
    userId,
  )
  return rows.map(readEvent)
}

function readEvent(row: Row): AuditEvent {
  return {
    id: row.id as string,
    at: row.at as number,
    type: row.type as AuditType,
    userId: row.user_id as string,
    ...(row.session_id === null ? {} : { sessionId: row.session_id as string }),
    ...(row.appid === null ? {} : { appid: row.appid as string }),
    actor: row.actor as AuditActor,
    ...(row.detail === null ? {} : { detail: JSON.parse(row.detail as string) }),
  }
}
