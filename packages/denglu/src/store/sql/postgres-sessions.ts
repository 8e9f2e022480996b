import { actorOf } from "../session-events.ts"
import { decideRotation, endsOn } from "../session-rules.ts"
import type { RevocationReason, RotateOutcome, RotateRequest, Session, UserProfile } from "../store.ts"
import { numbers, type PostgresClient, texts } from "./postgres-connection.ts"
import { type RevocationPage, readCursor, revocationPage, wentBack } from "./revocation-cursor.ts"
import { type Row, readSession } from "./rows.ts"

const day = 86_400_000

const sessionColumns = `
  s.id, s.user_id, s.appid, s.openid, s.counter, s.created_at, s.rotated_at, s.idle_expires_at,
  s.absolute_expires_at, s.revoked_at, s.revoked_reason, s.user_agent, s.opened_by`
const userColumns = `
  u.nickname AS u_nickname, u.avatar_url AS u_avatar_url, u.created_at AS u_created_at, u.updated_at AS u_updated_at,
  u.leaves_at AS u_leaves_at`

function readUserOf(row: Row): UserProfile {
  if (row.u_created_at === null) throw new Error("a session without its user")
  return {
    id: row.user_id as string,
    nickname: row.u_nickname as string | null,
    avatarUrl: row.u_avatar_url as string | null,
    createdAt: row.u_created_at as number,
    updatedAt: row.u_updated_at as number,
    leavesAt: row.u_leaves_at as number | null,
  }
}

const live = (at: string) =>
  `s.revoked_at IS NULL AND s.idle_expires_at > ${at} AND s.absolute_expires_at > ${at}`

/**
 * Numbers and records what `ended (id, at, user_id, appid, actor, reason)` lists, and tells whoever listens. For use after a CTE of that
 * name.
 */
const recordEnded = `
numbered AS (
  UPDATE denglu_counters SET value = value + (SELECT count(*) FROM ended)
  WHERE name = 'revocations' AND EXISTS (SELECT FROM ended)
  RETURNING value
),
recorded AS (
  INSERT INTO denglu_revocations (n, session_id, revoked_at)
  SELECT numbered.value - row_number() OVER () + 1, ended.id, ended.at FROM numbered, ended
),
audited AS (
  INSERT INTO denglu_audit (user_id, at, id, type, session_id, appid, actor, detail)
  SELECT user_id, at, id || ':ended', 'session.ended', id, appid, actor, '{"reason":"' || reason || '"}' FROM ended
),
told AS MATERIALIZED (
  SELECT pg_notify('denglu', 'revocations') FROM numbered
)`

const rotateText = `
WITH entry AS (
  SELECT * FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
    AS e (k, id, counter, at, idle)
),
moved AS (
  UPDATE denglu_sessions s SET counter = s.counter + 1, rotated_at = e.at,
    idle_expires_at = least(e.at + e.idle, s.absolute_expires_at),
    ends_on = (least(e.at + e.idle, s.absolute_expires_at) / ${day})::integer
  FROM entry e
  WHERE s.id = e.id AND s.counter = e.counter AND ${live("e.at")}
  RETURNING e.k, ${sessionColumns}
)
SELECT s.*, ${userColumns} FROM moved s LEFT JOIN denglu_users u ON u.id = s.user_id`

/** By id, so that two statements that meet lock the rows in the same order, and with the places they had. */
function inOrder<Piece extends { readonly id: string }>(
  pieces: readonly Piece[],
): readonly (Piece & { readonly index: number })[] {
  return pieces
    .map((piece, index) => ({ ...piece, index }))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** Moves the counters that are the current ones; what is not moved is answered `undefined` and has to be judged. */
export async function rotateTogether(
  client: PostgresClient,
  requests: readonly RotateRequest[],
): Promise<readonly (RotateOutcome | undefined)[]> {
  const sorted = inOrder(requests)
  const { rows } = await client.query({
    name: "denglu_rotate",
    text: rotateText,
    values: [
      numbers(sorted.map(({ index }) => index)),
      texts(sorted.map(({ id }) => id)),
      numbers(sorted.map(({ counter }) => counter)),
      numbers(sorted.map(({ now }) => now)),
      numbers(sorted.map(({ idle }) => idle)),
    ],
  })
  const outcomes = new Array<RotateOutcome | undefined>(requests.length).fill(undefined)
  for (const row of rows)
    outcomes[row.k as number] = { kind: "rotated", session: readSession(row), user: readUserOf(row) }
  return outcomes
}

const judgeText = `
WITH locked AS MATERIALIZED (
  SELECT ${sessionColumns} FROM denglu_sessions s WHERE s.id = $1 FOR UPDATE
),
ended AS (
  UPDATE denglu_sessions s SET revoked_at = $3::bigint, revoked_reason = 'refresh_reused'
  FROM locked l
  WHERE s.id = l.id AND l.revoked_at IS NULL AND l.idle_expires_at > $3 AND l.absolute_expires_at > $3
    AND ($2::bigint < l.counter - 1
      OR ($2 = l.counter - 1 AND NOT ($4::bigint > 0 AND $3 - l.rotated_at <= $4)))
  RETURNING s.id, $3::bigint AS at, s.user_id, s.appid, '${actorOf.refresh_reused}' AS actor, s.revoked_reason AS reason
), ${recordEnded}
SELECT s.*, ${userColumns}, EXISTS (SELECT FROM ended) AS ended, (SELECT count(*) FROM told) AS told
FROM locked s LEFT JOIN denglu_users u ON u.id = s.user_id`

/**
 * What became of a counter that was not the current one; a reuse ends the session in the same statement. `undefined` if by now it
 * is the current one: then it is to be moved.
 */
export async function judgeRotation(
  client: PostgresClient,
  request: RotateRequest,
): Promise<RotateOutcome | undefined> {
  const { id, counter, now, grace } = request
  const { rows } = await client.query({
    name: "denglu_judge",
    text: judgeText,
    values: [id, counter, now, grace],
  })
  const [row] = rows
  const session = row === undefined ? undefined : readSession(row)
  const decision = decideRotation(session, request)
  if (row === undefined || session === undefined || decision === "unknown") return { kind: "unknown" }
  if ((decision === "reuse") !== row.ended) throw new Error("the statement and the rule disagree on a reuse")
  switch (decision) {
    case "rotate":
      return undefined
    case "expired":
      return { kind: "expired" }
    case "revoked":
      return { kind: "revoked", session }
    case "replay":
      return { kind: "replayed", session, user: readUserOf(row) }
    case "reuse":
      return { kind: "reused", session: { ...session, revokedAt: now, revokedReason: "refresh_reused" } }
  }
}

/** A session that is to end. */
export interface Ending {
  readonly id: string
  readonly reason: RevocationReason
  readonly now: number
  readonly userId: string | undefined
}

const endText = `
WITH entry AS (
  SELECT * FROM unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
    AS e (k, id, reason, at, user_id, actor)
),
ended AS (
  UPDATE denglu_sessions s SET revoked_at = e.at, revoked_reason = e.reason
  FROM entry e
  WHERE s.id = e.id AND (e.user_id IS NULL OR s.user_id = e.user_id) AND ${live("e.at")}
  RETURNING e.k, s.id, e.at, s.user_id, s.appid, e.actor, e.reason
), ${recordEnded}
SELECT ended.k, (SELECT count(*) FROM told) AS told FROM ended`

/** Ends sessions; answers of each whether it was live until now. */
export async function endTogether(
  client: PostgresClient,
  endings: readonly Ending[],
): Promise<readonly boolean[]> {
  const sorted = inOrder(endings)
  const { rows } = await client.query({
    name: "denglu_end",
    text: endText,
    values: [
      numbers(sorted.map(({ index }) => index)),
      texts(sorted.map(({ id }) => id)),
      texts(sorted.map(({ reason }) => reason)),
      numbers(sorted.map(({ now }) => now)),
      texts(sorted.map(({ userId }) => userId)),
      texts(sorted.map(({ reason }) => actorOf[reason])),
    ],
  })
  const ended = new Set(rows.map(({ k }) => k))
  return endings.map((_, index) => ended.has(index))
}

const endAllText = `
WITH ended AS (
  UPDATE denglu_sessions s SET revoked_at = $3::bigint, revoked_reason = $2
  WHERE s.user_id = $1 AND ($4::text IS NULL OR s.id <> $4) AND ${live("$3::bigint")}
  RETURNING s.id, $3::bigint AS at, s.user_id, s.appid, $5::text AS actor, s.revoked_reason AS reason
), ${recordEnded}
SELECT ended.id, (SELECT count(*) FROM told) AS told FROM ended`

export async function endAllOf(
  client: PostgresClient,
  userId: string,
  reason: RevocationReason,
  now: number,
  exceptId: string | undefined,
): Promise<string[]> {
  const { rows } = await client.query({
    name: "denglu_end_all",
    text: endAllText,
    values: [userId, reason, now, exceptId ?? null, actorOf[reason]],
  })
  return rows.map(({ id }) => id as string)
}

export async function findSession(client: PostgresClient, id: string): Promise<Session | undefined> {
  const { rows } = await client.query({
    name: "denglu_session",
    text: `SELECT ${sessionColumns} FROM denglu_sessions s WHERE s.id = $1`,
    values: [id],
  })
  return rows[0] === undefined ? undefined : readSession(rows[0])
}

export async function listSessionsOf(
  client: PostgresClient,
  userId: string,
  now: number,
): Promise<Session[]> {
  const { rows } = await client.query({
    name: "denglu_sessions_of",
    text: `SELECT ${sessionColumns} FROM denglu_sessions s WHERE s.user_id = $1 AND ${live("$2::bigint")}
      ORDER BY s.created_at DESC, s.id DESC`,
    values: [userId, now],
  })
  return rows.map(readSession)
}

export async function listLatestSessions(
  client: PostgresClient,
  now: number,
  limit: number,
): Promise<Session[]> {
  const { rows } = await client.query({
    text: `SELECT ${sessionColumns} FROM denglu_sessions s WHERE ${live("$1::bigint")}
      ORDER BY s.created_at DESC, s.id DESC LIMIT $2`,
    values: [now, limit],
  })
  return rows.map(readSession)
}

/** Revocations after the cursor, in order, and the next cursor. */
export async function revocationsAfter(client: PostgresClient, cursor: string): Promise<RevocationPage> {
  const { n, sessionId } = readCursor(cursor)
  const { rows } = await client.query({
    name: "denglu_revocations",
    text: `
      SELECT c.value, (SELECT session_id FROM denglu_revocations WHERE n = $1) AS at_cursor, r.n, r.session_id, r.revoked_at
      FROM denglu_counters c LEFT JOIN denglu_revocations r ON r.n > $1
      WHERE c.name = 'revocations' ORDER BY r.n`,
    values: [n],
  })
  if (wentBack({ n, sessionId }, rows[0])) return revocationsAfter(client, "")
  const found = rows.filter(row => row.n !== null)
  return revocationPage(found, cursor)
}

// Instances purge side by side: what one has locked, the others leave to it.
const purgeEndedText = `
DELETE FROM denglu_sessions WHERE id IN (
  SELECT id FROM denglu_sessions WHERE ends_on <= $1::integer AND idle_expires_at < $2::bigint
  ORDER BY ends_on LIMIT $3 FOR UPDATE SKIP LOCKED)`
const purgeRevokedText = `
WITH outlived AS MATERIALIZED (
  SELECT n, session_id FROM denglu_revocations WHERE revoked_at < $1::bigint
  ORDER BY n LIMIT $2 FOR UPDATE SKIP LOCKED
),
dropped AS (
  DELETE FROM denglu_sessions WHERE id IN (SELECT session_id FROM outlived) AND revoked_at IS NOT NULL
)
DELETE FROM denglu_revocations WHERE n IN (SELECT n FROM outlived)`

/** Drops what ended, or was revoked, before; answers how many rows, at most `limit`. */
export async function purgeBefore(client: PostgresClient, before: number, limit: number): Promise<number> {
  const ended = await client.query({
    name: "denglu_purge_ended",
    text: purgeEndedText,
    values: [endsOn(before), before, limit],
  })
  const left = limit - (ended.rowCount ?? 0)
  if (left <= 0) return limit
  const outlived = await client.query({
    name: "denglu_purge_revoked",
    text: purgeRevokedText,
    values: [before, left],
  })
  return limit - left + (outlived.rowCount ?? 0)
}
