import type { AuditActor } from "../audit-store.ts"
import { endedEvent } from "../session-events.ts"
import type { RevocationReason } from "../store.ts"
import { recordEvents } from "./audit-events.ts"
import { ownerIs } from "./owners.ts"
import { type Dialect, type Script, statement } from "./script.ts"

/** A session that is live and locked: it was read with {@link liveSession} and `FOR UPDATE`. */
export interface LockedSession {
  readonly id: string
  readonly userId: string
  readonly appid: string
}

export interface EndRequest {
  readonly sessions: readonly LockedSession[]
  readonly reason: RevocationReason
  readonly actor: AuditActor
  readonly now: number
}

/** Whether a session `s` is live: twice the moment as a value. */
export const liveSession = "s.revoked_at IS NULL AND s.idle_expires_at > ? AND s.absolute_expires_at > ?"

/** Ends the sessions, records it, and tells the other instances. Answers their ids. */
export function* endSessions(dialect: Dialect, request: EndRequest): Script<string[]> {
  const { sessions } = request
  if (sessions.length === 0) return []
  let n = 0
  if (dialect !== "sqlite") {
    // Numbers are taken under the lock of their counter, so that they become visible in their order. SQLite numbers by itself.
    yield statement(
      "UPDATE denglu_counters SET value = value + ? WHERE name = ?",
      sessions.length,
      "revocations",
    )
    const { rows } = yield statement("SELECT value FROM denglu_counters WHERE name = ?", "revocations")
    n = Number(rows[0]?.value) - sessions.length
  }
  for (const some of inSteps(sessions)) {
    yield* endSome(dialect, { ...request, sessions: some }, n)
    n += some.length
  }
  if (dialect === "postgres") yield statement("SELECT pg_notify('denglu', 'revocations')")
  return sessions.map(({ id }) => id)
}

function* endSome(
  dialect: Dialect,
  { sessions, reason, actor, now }: EndRequest,
  after: number,
): Script<void> {
  yield statement(
    `UPDATE denglu_sessions SET revoked_at = ?, revoked_reason = ? WHERE id IN (${sessions.map(() => "?").join(", ")})`,
    now,
    reason,
    ...sessions.map(({ id }) => id),
  )
  yield dialect === "sqlite"
    ? statement(
        `INSERT INTO denglu_revocations (session_id, revoked_at) VALUES ${sessions.map(() => "(?, ?)").join(", ")}`,
        ...sessions.flatMap(({ id }) => [id, now]),
      )
    : statement(
        `INSERT INTO denglu_revocations (n, session_id, revoked_at) VALUES ${sessions.map(() => "(?, ?, ?)").join(", ")}`,
        ...sessions.flatMap(({ id }, index) => [after + 1 + index, id, now]),
      )
  yield recordEvents(sessions.map(session => endedEvent(session, reason, now, actor)))
}

/** The live sessions that a user's identity has opened, locked. */
export function* lockSessionsOfIdentity(
  dialect: Dialect,
  {
    userId,
    appid,
    openid,
    now,
  }: { readonly userId: string; readonly appid: string; readonly openid: string; readonly now: number },
): Script<LockedSession[]> {
  const opened =
    dialect === "sqlite"
      ? "s.identity_n = (SELECT n FROM denglu_identities WHERE openid = ? AND appid = ?)"
      : "s.openid = ? AND s.appid = ?"
  const { rows } = yield statement(
    `SELECT s.id FROM denglu_sessions s WHERE ${ownerIs(dialect)} AND ${opened} AND ${liveSession}
      ORDER BY s.id FOR UPDATE`,
    userId,
    openid,
    appid,
    now,
    now,
  )
  return rows.map(row => ({ id: row.id as string, userId, appid }))
}

/** The user's live sessions that digits sent by SMS have opened, locked. */
export function* lockSessionsBySms(dialect: Dialect, userId: string, now: number): Script<LockedSession[]> {
  const { rows } = yield statement(
    `SELECT s.id, s.appid FROM denglu_sessions s WHERE ${ownerIs(dialect)} AND s.opened_by = 'sms' AND ${liveSession}
      ORDER BY s.id FOR UPDATE`,
    userId,
    now,
    now,
  )
  return rows.map(row => ({ id: row.id as string, appid: row.appid as string, userId }))
}

const inOneStep = 50

/** Fifty at a time, and what is left one by one: the statements have two texts, which are prepared once. */
function inSteps<Piece>(pieces: readonly Piece[]): Piece[][] {
  const whole = pieces.length - (pieces.length % inOneStep)
  const steps: Piece[][] = []
  for (let index = 0; index < whole; index += inOneStep) steps.push(pieces.slice(index, index + inOneStep))
  return [...steps, ...pieces.slice(whole).map(piece => [piece])]
}
