import { actorOf } from "../session-events.ts"
import { decideRotation, isLive, rotated } from "../session-rules.ts"
import type { RevocationReason, RotateOutcome, RotateRequest, Session } from "../store.ts"
import { bytes, list, type MysqlConnection, number, table } from "./mysql-connection.ts"
import { type Row, readSession, readUser } from "./rows.ts"

const day = 86_400_000

const columns = `
  s.id, s.user_id, s.appid, s.openid, s.counter, s.created_at, s.rotated_at, s.idle_expires_at,
  s.absolute_expires_at, s.revoked_at, s.revoked_reason, s.user_agent, s.opened_by`

const live = (at: string) =>
  `s.revoked_at IS NULL AND s.idle_expires_at > ${at} AND s.absolute_expires_at > ${at}`

/** Locks sessions in the order of their ids and answers them as they are. */
const lockSessions = (ids: readonly string[]) => `
SELECT ${columns} FROM denglu_sessions s FORCE INDEX (PRIMARY)
WHERE s.id IN (${list(ids)}) ORDER BY s.id FOR UPDATE`

const sessionsById = (rows: readonly Row[] = []) =>
  new Map(rows.map(row => [row.id as string, readSession(row)] as const))

/** What became of a presented counter; `reuse` is left to the caller, who has to end the session. */
export type Rotation = RotateOutcome | { readonly kind: "reuse"; readonly session: Session }

/**
 * Moves the counters that are the current ones, in one round trip. The sessions are locked and read before they are moved, so that what
 * the statement did is known without its saying so: it goes by the same rule as `decideRotation`. No two requests are about
 * the same session.
 */
export async function rotateTogether(
  connection: MysqlConnection,
  requests: readonly RotateRequest[],
): Promise<readonly Rotation[]> {
  const ids = requests.map(({ id }) => id)
  const [, locked, users, moved] = await connection.query([
    "BEGIN",
    lockSessions(ids),
    `SELECT s.id AS session_id, u.id, u.nickname, u.avatar_url, u.created_at, u.updated_at, u.leaves_at
      FROM denglu_sessions s FORCE INDEX (PRIMARY) JOIN denglu_users u FORCE INDEX (PRIMARY) ON u.id = s.user_id
      WHERE s.id IN (${list(ids)})`,
    moveCounters(requests),
    "COMMIT",
  ])
  const sessions = sessionsById(locked?.rows)
  const people = new Map(users?.rows.map(row => [row.session_id, readUser(row)]))
  const outcomes = requests.map(request => outcomeOf(request, sessions.get(request.id)))
  if (outcomes.filter(({ kind }) => kind === "rotated").length !== moved?.affected)
    throw new Error("the statement and the rule disagree on a rotation")
  return outcomes

  function outcomeOf(request: RotateRequest, session: Session | undefined): Rotation {
    const decision = decideRotation(session, request)
    if (session === undefined || decision === "unknown") return { kind: "unknown" }
    if (decision === "expired") return { kind: "expired" }
    if (decision === "revoked" || decision === "reuse") return { kind: decision, session }
    const user = people.get(session.id)
    if (user === undefined) throw new Error("a session without its user")
    if (decision === "replay") return { kind: "replayed", session, user }
    return { kind: "rotated", session: rotated(session, request), user }
  }
}

function moveCounters(requests: readonly RotateRequest[]): string {
  const rows = requests.map(({ id, counter, now, idle }) => [
    bytes(id),
    number(counter),
    number(now),
    number(now + idle),
  ])
  const idleEnd = "LEAST(e.idle_expires_at, s.absolute_expires_at)"
  return `
UPDATE ${table(["id", "counter", "at", "idle_expires_at"], rows)} e
  JOIN denglu_sessions s FORCE INDEX (PRIMARY) ON s.id = e.id
SET s.counter = s.counter + 1, s.rotated_at = e.at, s.ends_on = ${idleEnd} DIV ${day}, s.idle_expires_at = ${idleEnd}
WHERE s.id IN (${list(requests.map(({ id }) => id))}) AND s.counter = e.counter AND ${live("e.at")}`
}

/** A session that is to end. */
export interface Ending {
  readonly id: string
  readonly reason: RevocationReason
  readonly now: number
  readonly userId: string | undefined
}

/**
 * Ends sessions in one round trip; answers of each whether it was live until now. They are locked and read before, see
 * {@link rotateTogether}. As many numbers are taken as revocations may come of it: gaps between them mean nothing.
 */
export async function endTogether(
  connection: MysqlConnection,
  endings: readonly Ending[],
): Promise<readonly boolean[]> {
  const ids = endings.map(({ id }) => id)
  const entry = table(
    ["k", "id", "at", "reason", "user_id", "actor", "detail"],
    endings.map(({ id, now, reason, userId }, index) => [
      number(index),
      bytes(id),
      number(now),
      bytes(reason),
      bytes(userId),
      bytes(actorOf[reason]),
      bytes(JSON.stringify({ reason })),
    ]),
  )
  const ending = `s.id IN (${list(ids)}) AND (e.user_id IS NULL OR s.user_id = e.user_id) AND ${live("e.at")}`
  const [, locked, , , , ended] = await connection.query([
    "BEGIN",
    lockSessions(ids),
    takeNumbers(endings.length),
    `INSERT INTO denglu_revocations (n, session_id, revoked_at)
      SELECT c.value - e.k, s.id, e.at
      FROM ${entry} e JOIN denglu_sessions s FORCE INDEX (PRIMARY) ON s.id = e.id
        JOIN denglu_counters c ON c.name = ${bytes("revocations")}
      WHERE ${ending}`,
    `INSERT INTO denglu_audit (${endedColumns})
      SELECT s.user_id, e.at, CONCAT(s.id, ':ended'), 'session.ended', s.id, s.appid, e.actor, e.detail
      FROM ${entry} e JOIN denglu_sessions s FORCE INDEX (PRIMARY) ON s.id = e.id
      WHERE ${ending}`,
    `UPDATE ${entry} e JOIN denglu_sessions s FORCE INDEX (PRIMARY) ON s.id = e.id
      SET s.revoked_at = e.at, s.revoked_reason = e.reason WHERE ${ending}`,
    "COMMIT",
  ])
  const sessions = sessionsById(locked?.rows)
  const answers = endings.map(({ id, now, userId }) => {
    const session = sessions.get(id)
    return (
      session !== undefined && (userId === undefined || userId === session.userId) && isLive(session, now)
    )
  })
  if (answers.filter(Boolean).length !== ended?.affected)
    throw new Error("the statement and the rule disagree on an end")
  return answers
}

const endedColumns = "user_id, at, id, type, session_id, appid, actor, detail"

/** Takes numbers for revocations, the last of which is the counter's value then. Its lock lets them become visible in their order. */
const takeNumbers = (count: number) =>
  `UPDATE denglu_counters SET value = value + ${number(count)} WHERE name = ${bytes("revocations")}`

/** Ends a user's live sessions but for one, in two round trips; answers their ids. */
export async function endAllOf(
  connection: MysqlConnection,
  userId: string,
  reason: RevocationReason,
  now: number,
  exceptId: string | undefined,
): Promise<string[]> {
  const [, found] = await connection.query([
    "BEGIN",
    `SELECT s.id FROM denglu_sessions s FORCE INDEX (denglu_sessions_of_user)
      WHERE s.user_id = ${bytes(userId)} AND ${live(number(now))}
        ${exceptId === undefined ? "" : `AND s.id <> ${bytes(exceptId)}`}
      ORDER BY s.id FOR UPDATE`,
  ])
  const ids = found?.rows.map(({ id }) => id as string) ?? []
  const entry = table(
    ["k", "id"],
    ids.map((id, index) => [number(index), bytes(id)]),
  )
  await connection.query([
    ...(ids.length === 0
      ? []
      : [
          takeNumbers(ids.length),
          `INSERT INTO denglu_revocations (n, session_id, revoked_at)
            SELECT c.value - e.k, e.id, ${number(now)}
            FROM ${entry} e JOIN denglu_counters c ON c.name = ${bytes("revocations")}`,
          `INSERT INTO denglu_audit (${endedColumns})
            SELECT s.user_id, ${number(now)}, CONCAT(s.id, ':ended'), 'session.ended', s.id, s.appid,
              ${bytes(actorOf[reason])}, ${bytes(JSON.stringify({ reason }))}
            FROM denglu_sessions s FORCE INDEX (PRIMARY) WHERE s.id IN (${list(ids)})`,
          `UPDATE denglu_sessions SET revoked_at = ${number(now)}, revoked_reason = ${bytes(reason)}
            WHERE id IN (${list(ids)})`,
        ]),
    "COMMIT",
  ])
  return ids
}

export async function findSession(connection: MysqlConnection, id: string): Promise<Session | undefined> {
  const [found] = await connection.query([
    `SELECT ${columns} FROM denglu_sessions s WHERE s.id = ${bytes(id)}`,
  ])
  const row = found?.rows[0]
  return row === undefined ? undefined : readSession(row)
}

export async function listSessionsOf(
  connection: MysqlConnection,
  userId: string,
  now: number,
): Promise<Session[]> {
  const [found] = await connection.query([
    `SELECT ${columns} FROM denglu_sessions s WHERE s.user_id = ${bytes(userId)} AND ${live(number(now))}
      ORDER BY s.created_at DESC, s.id DESC`,
  ])
  return found?.rows.map(readSession) ?? []
}

export async function listLatestSessions(
  connection: MysqlConnection,
  now: number,
  limit: number,
): Promise<Session[]> {
  const [found] = await connection.query([
    `SELECT ${columns} FROM denglu_sessions s WHERE ${live(number(now))}
      ORDER BY s.created_at DESC, s.id DESC LIMIT ${number(limit)}`,
  ])
  return found?.rows.map(readSession) ?? []
}
