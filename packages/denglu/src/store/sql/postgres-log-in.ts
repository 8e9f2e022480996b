import { endsOn, openedSession, storedSessionKey } from "../session-rules.ts"
import type { LogInEntry, LogInOutcome, UserProfile } from "../store.ts"
import { numbers, type PostgresClient, type PostgresQuery, texts } from "./postgres-connection.ts"

/**
 * The logins of many people in one statement: finds or creates the users, keeps the `session_key`s, opens the sessions. No two
 * entries are about the same identity or the same unionid.
 *
 * What it decides on is read (`known`) before it is written, so another connection may come between. Where that matters the
 * writing itself decides: `claimed` and `written` answer whose the row was that is there already. One case is left: the
 * same new identity arrives on two connections at once, only here with a unionid, so that the unionid is claimed for a user who will
 * not exist. Then the session's user is NULL, which the table refuses: nothing has happened, and the next try finds
 * the identity known.
 *
 * What it did is recorded by the same statement, and each change once, also of two who made it at once. That an identity is new is seen by its
 * one key, which is this login's. Whether a known one had lacked its unionid till now can't be seen any more once it is
 * written, so that it is asked before (`lacking`), by a lock that waits for whoever may be bringing one.
 */
const logInText = `
WITH entry AS (
  SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::text[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::integer[], $14::text[])
    AS e (k, at, appid, openid, unionid, open_platform, session_key, fingerprint, new_user_id, session_id,
      idle_expires_at, absolute_expires_at, ends_on, user_agent)
),
known AS MATERIALIZED (
  SELECT e.k, i.user_id, i.unionid, i.session_key_fingerprint
  FROM entry e JOIN denglu_identities i ON i.openid = e.openid AND i.appid = e.appid
),
changing AS MATERIALIZED (
  SELECT e.*, known.user_id AS known_user_id, known.unionid IS NULL AND e.unionid IS NOT NULL AS brings_unionid
  FROM entry e LEFT JOIN known ON known.k = e.k
  WHERE known.k IS NULL OR (known.session_key_fingerprint <> e.fingerprint AND e.fingerprint <> '')
    OR (known.unionid IS NULL AND e.unionid IS NOT NULL)
),
claimed AS (
  INSERT INTO denglu_unionids AS u (unionid, open_platform, user_id)
  SELECT unionid, open_platform, coalesce(known_user_id, new_user_id) FROM changing WHERE brings_unionid
  ORDER BY unionid, open_platform
  ON CONFLICT (unionid, open_platform) DO UPDATE SET user_id = u.user_id
  RETURNING u.unionid, u.open_platform, u.user_id
),
lacking AS MATERIALIZED (
  SELECT c.k
  FROM changing c
    JOIN claimed ON claimed.unionid = c.unionid AND claimed.open_platform = c.open_platform
    JOIN denglu_identities i ON i.openid = c.openid AND i.appid = c.appid
  WHERE c.brings_unionid AND i.unionid IS NULL
  ORDER BY c.openid, c.appid
  FOR UPDATE OF i
),
written AS (
  INSERT INTO denglu_identities AS i (appid, openid, user_id, unionid, open_platform, created_at,
    session_key, session_key_fingerprint, session_key_changed_at)
  SELECT c.appid, c.openid, coalesce(c.known_user_id, claimed.user_id, c.new_user_id), c.unionid, c.open_platform, c.at,
    c.session_key, c.fingerprint, c.at
  FROM changing c
    LEFT JOIN claimed ON claimed.unionid = c.unionid AND claimed.open_platform = c.open_platform
    LEFT JOIN lacking ON lacking.k = c.k
  ORDER BY c.openid, c.appid
  ON CONFLICT (openid, appid) DO UPDATE SET
    unionid = coalesce(i.unionid, excluded.unionid),
    previous_session_key = CASE WHEN excluded.session_key_fingerprint IN ('', i.session_key_fingerprint)
      THEN i.previous_session_key ELSE i.session_key END,
    session_key = CASE WHEN excluded.session_key_fingerprint IN ('', i.session_key_fingerprint)
      THEN i.session_key ELSE excluded.session_key END,
    session_key_changed_at = CASE WHEN excluded.session_key_fingerprint IN ('', i.session_key_fingerprint)
      THEN i.session_key_changed_at ELSE excluded.session_key_changed_at END,
    session_key_fingerprint = coalesce(nullif(excluded.session_key_fingerprint, ''), i.session_key_fingerprint)
  RETURNING i.appid, i.openid, i.user_id, i.session_key, i.previous_session_key
),
person AS MATERIALIZED (
  SELECT e.k, coalesce(written.user_id, known.user_id) AS user_id,
    coalesce(written.user_id = e.new_user_id, false) AS is_new,
    known.k IS NULL AND written.user_id <> e.new_user_id AND written.session_key = e.session_key
      AND written.previous_session_key IS NULL AS joined,
    lacking.k IS NOT NULL AS brought_unionid,
    claimed.user_id = e.new_user_id AND written.user_id <> e.new_user_id AS dangling,
    nullif(claimed.user_id, coalesce(written.user_id, known.user_id)) AS conflicts_with,
    l.leaves_at
  FROM entry e
    LEFT JOIN known ON known.k = e.k
    LEFT JOIN written ON written.openid = e.openid AND written.appid = e.appid
    LEFT JOIN claimed ON claimed.unionid = e.unionid AND claimed.open_platform = e.open_platform
    LEFT JOIN lacking ON lacking.k = e.k
    LEFT JOIN denglu_leaving l ON l.user_id = coalesce(written.user_id, known.user_id)
),
recorded AS (
  INSERT INTO denglu_audit (user_id, at, id, type, session_id, appid, actor)
  SELECT p.user_id, e.at, event.id, event.type, e.session_id, e.appid, 'user'
  FROM entry e JOIN person p ON p.k = e.k
    CROSS JOIN LATERAL (VALUES
      (p.is_new, e.new_user_id || ':created', 'user.created'),
      (p.joined, e.session_id || ':attached', 'identity.attached'),
      (p.brought_unionid, e.session_id || ':unionid', 'unionid.attached'),
      (p.leaves_at IS NULL, e.session_id || ':opened', 'session.opened')
    ) AS event (happened, id, type)
  WHERE event.happened
),
created AS (
  INSERT INTO denglu_users (id, created_at, updated_at)
  SELECT e.new_user_id, e.at, e.at FROM entry e JOIN person p ON p.k = e.k WHERE p.is_new
),
opened AS (
  INSERT INTO denglu_sessions (id, user_id, appid, openid, counter, created_at, rotated_at, idle_expires_at,
    absolute_expires_at, ends_on, user_agent)
  SELECT e.session_id, CASE WHEN p.dangling THEN NULL ELSE p.user_id END, e.appid, e.openid, 0, e.at, e.at,
    e.idle_expires_at, e.absolute_expires_at, e.ends_on, e.user_agent
  FROM entry e JOIN person p ON p.k = e.k
  WHERE p.leaves_at IS NULL
)
SELECT p.k, p.user_id, p.is_new, p.conflicts_with, p.leaves_at, u.id, u.nickname, u.avatar_url, u.created_at, u.updated_at
FROM person p LEFT JOIN denglu_users u ON u.id = p.user_id`

interface PersonRow {
  readonly k: number
  readonly user_id: string
  readonly is_new: boolean
  /** Whose the unionid is that this login has brought to the identity, if it is another's. */
  readonly conflicts_with: string | null
  /** Not NULL for a user who is leaving. */
  readonly leaves_at: number | null
  /** NULL for a user who came into being with this login, or on another connection while it ran. */
  readonly id: string | null
  readonly nickname: string | null
  readonly avatar_url: string | null
  readonly created_at: number
  readonly updated_at: number
}

const usersText = `
SELECT id, nickname, avatar_url, created_at, updated_at FROM denglu_users WHERE id = ANY ($1::text[])`

function logInQuery(entries: readonly LogInEntry[]): PostgresQuery {
  const of = <Value>(pick: (entry: LogInEntry) => Value) => entries.map(pick)
  return {
    name: "denglu_log_in",
    text: logInText,
    values: [
      numbers(entries.map((_, index) => index)),
      numbers(of(({ now }) => now)),
      texts(of(({ appid }) => appid)),
      texts(of(({ openid }) => openid)),
      texts(of(({ unionid }) => unionid)),
      texts(of(({ openPlatform }) => openPlatform)),
      texts(of(storedSessionKey)),
      texts(of(({ sessionKey }) => sessionKey.fingerprint)),
      texts(of(({ newUserId }) => newUserId)),
      texts(of(({ session }) => session.id)),
      numbers(of(({ session }) => session.idleExpiresAt)),
      numbers(of(({ session }) => session.absoluteExpiresAt)),
      numbers(of(({ session }) => endsOn(session.idleExpiresAt))),
      texts(of(({ session }) => session.userAgent)),
    ],
  }
}

/** Logs all of them in, or none. */
export async function logInTogether(
  client: PostgresClient,
  entries: readonly LogInEntry[],
): Promise<readonly LogInOutcome[]> {
  const { rows } = await client.query(logInQuery(entries))
  const people = rows as unknown as readonly PersonRow[]
  const elsewhere = people.filter(row => row.id === null && !row.is_new).map(row => row.user_id)
  const late = elsewhere.length === 0 ? new Map<string, UserProfile>() : await readUsers(client, elsewhere)
  const outcomes = new Array<LogInOutcome>(entries.length)
  for (const row of people) {
    const entry = entries[row.k] as LogInEntry
    if (row.leaves_at !== null) {
      outcomes[row.k] = { kind: "leaving", userId: row.user_id, leavesAt: row.leaves_at }
      continue
    }
    const user = row.is_new
      ? newUser(row.user_id, entry.now)
      : row.id === null
        ? late.get(row.user_id)
        : profileOf(row as PersonRow & { id: string })
    if (user === undefined) throw new Error("a session without its user")
    outcomes[row.k] = {
      kind: "logged_in",
      user,
      isNew: row.is_new,
      session: openedSession(entry, user.id),
      ...(row.conflicts_with === null ? {} : { conflictsWith: row.conflicts_with }),
    }
  }
  return outcomes
}

async function readUsers(
  client: PostgresClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, UserProfile>> {
  const { rows } = await client.query({ name: "denglu_users", text: usersText, values: [texts(ids)] })
  return new Map(
    (rows as unknown as (PersonRow & { id: string })[]).map(row => [row.id, profileOf(row)] as const),
  )
}

function profileOf({ id, nickname, avatar_url, created_at, updated_at }: PersonRow & { id: string }) {
  return { ...newUser(id, created_at), nickname, avatarUrl: avatar_url, updatedAt: updated_at }
}

function newUser(id: string, now: number): UserProfile {
  return { id, nickname: null, avatarUrl: null, createdAt: now, updatedAt: now, leavesAt: null }
}
