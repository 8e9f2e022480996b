import { endsOn, openedSession, storedSessionKey } from "../session-rules.ts"
import type { LogInEntry, LogInOutcome } from "../store.ts"
import { bytes, list, type MysqlConnection, number, table, text } from "./mysql-connection.ts"
import { leavingOutcome, readUser } from "./rows.ts"

/**
 * Logs all of them in, or none, in one round trip: finds or creates the users, keeps the `session_key`s, opens the sessions. No two
 * entries are about the same identity or the same unionid.
 *
 * MySQL can't answer what a writing statement found, so the transaction goes as one packet of six to eight statements, each of which
 * reads what those before it have written, and what others have committed by then. In this order two connections never wait for
 * each other in a circle, for all of them take unionids before identities, and both in the order of their keys:
 *
 * 1. Claims the unionids that are nobody's yet. Of two who claim one at once, the second waits and finds it claimed.
 * 2. Records which known identities get a unionid now. They are locked for it, so that each gets it, and an event, once.
 * 3. Writes the identities, new ones for the owner of their unionid, else for a new user. A known one keeps its user whatever happens; with
 *    an equal key it is locked, compared and left as it is: nothing of it goes to the disk.
 * 4. Opens the sessions, for the users that the identities have by now.
 * 5. Creates the users who were new in 3,
 * 6. records all this, and
 * 7. reads everybody's profile. Without a unionid there is no 1 and no 2.
 *
 * One case is left: the same new identity arrives on two connections at once, only here with a unionid, so that 1 claims it for a user who will
 * not exist. Then 4 opens a session for NULL, which the table refuses: nothing has happened, and the next try finds the
 * identity known.
 *
 * Whoever is leaving gets no session in 4, and is found out by that, in a round trip more.
 *
 * @param isAgain what they have joined is recorded already
 */
export async function logInTogether(
  connection: MysqlConnection,
  entries: readonly LogInEntry[],
  isAgain = false,
): Promise<readonly LogInOutcome[]> {
  const claiming = entries.filter(({ unionid }) => unionid !== undefined)
  const isClaiming = claiming.length > 0
  const answers = await connection.query([
    "BEGIN",
    ...(isClaiming
      ? [claimUnionids(inOrder(claiming, unionidOf)), recordUnionids(inOrder(claiming, identityOf))]
      : []),
    writeIdentities(inOrder(entries, identityOf), isClaiming),
    openSessions(entries, isClaiming),
    createUsers(entries),
    recordLogIns(entries, isAgain ? [] : claiming),
    readPeople(entries, isClaiming),
    "COMMIT",
  ])
  const people = new Map(answers.at(-2)?.rows.map(row => [row.session_id, row]))
  const without = entries.filter(({ session }) => !people.has(session.id))
  const leaving = without.length === 0 ? noOutcomes : await logInLeavers(connection, without)
  return entries.map(entry => {
    const row = people.get(entry.session.id)
    const outcome = leaving.get(entry) ?? leavingOutcome(row ?? {})
    if (outcome !== undefined) return outcome
    if (row === undefined) throw new Error("a login without an outcome")
    if (row.id === null) throw new Error("a session without its user")
    const user = readUser(row)
    const other = row.unionid_owner ?? user.id
    return {
      kind: "logged_in",
      user,
      isNew: user.id === entry.newUserId,
      session: openedSession(entry, user.id),
      ...(other === user.id ? {} : { conflictsWith: other as string }),
    }
  })
}

const identityOf = ({ openid, appid }: LogInEntry) => `${openid} ${appid}`
const unionidOf = ({ unionid, openPlatform }: LogInEntry) => `${unionid} ${openPlatform}`

function inOrder(entries: readonly LogInEntry[], keyOf: (entry: LogInEntry) => string): LogInEntry[] {
  return [...entries].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

// Outer joins, so that the entries are gone through in their order.
const joinIdentities =
  "LEFT JOIN denglu_identities i FORCE INDEX (PRIMARY) ON i.openid = e.openid AND i.appid = e.appid"
const joinUnionids = `LEFT JOIN denglu_unionids c FORCE INDEX (PRIMARY)
    ON c.unionid = e.unionid AND c.open_platform = e.open_platform`

function claimUnionids(entries: readonly LogInEntry[]): string {
  const rows = entries.map(({ unionid, openPlatform, newUserId, openid, appid }) => [
    bytes(unionid),
    bytes(openPlatform),
    bytes(newUserId),
    bytes(openid),
    bytes(appid),
  ])
  return `
INSERT INTO denglu_unionids (unionid, open_platform, user_id)
SELECT e.unionid, e.open_platform, COALESCE(i.user_id, e.new_user_id)
FROM ${table(["unionid", "open_platform", "new_user_id", "openid", "appid"], rows)} e
  ${joinIdentities}
  ${joinUnionids}
WHERE i.unionid IS NULL AND c.unionid IS NULL
ON DUPLICATE KEY UPDATE user_id = denglu_unionids.user_id`
}

const eventColumns = "user_id, at, id, type, session_id, appid, actor"

function recordUnionids(entries: readonly LogInEntry[]): string {
  const rows = entries.map(({ now, appid, openid, session }) => [
    number(now),
    bytes(appid),
    bytes(openid),
    bytes(session.id),
  ])
  return `
INSERT INTO denglu_audit (${eventColumns})
SELECT i.user_id, e.at, CONCAT(e.session_id, ':unionid'), 'unionid.attached', e.session_id, e.appid, 'user'
FROM ${table(["at", "appid", "openid", "session_id"], rows)} e
  ${joinIdentities}
WHERE i.unionid IS NULL AND i.user_id IS NOT NULL
FOR UPDATE`
}

const identityColumns = [
  "appid",
  "openid",
  "user_id",
  "unionid",
  "open_platform",
  "created_at",
  "session_key",
  "session_key_fingerprint",
  "session_key_changed_at",
]

/**
 * The owner of a unionid is joined and not asked for in a subquery, which would lock its row. Each assignment reads only what is
 * assigned after it: MySQL shows it what is new already, TiDB what was there.
 */
function writeIdentities(entries: readonly LogInEntry[], claiming: boolean): string {
  const rows = entries.map(entry => [
    bytes(entry.appid),
    bytes(entry.openid),
    bytes(entry.newUserId),
    bytes(entry.unionid),
    bytes(entry.openPlatform),
    number(entry.now),
    text(storedSessionKey(entry)),
    bytes(entry.sessionKey.fingerprint),
    number(entry.now),
  ])
  const picked = identityColumns.map(name =>
    name === "user_id" ? "COALESCE(c.user_id, e.user_id)" : `e.${name}`,
  )
  const was = (column: string) => `denglu_identities.${column}`
  const unlessEqual = (column: string, other: string) =>
    `${column} = IF(VALUES(session_key_fingerprint) IN (${was("session_key_fingerprint")}, ${bytes("")}), ${was(column)}, ${other})`
  return `
INSERT INTO denglu_identities (${identityColumns.join(", ")})
${
  claiming
    ? `SELECT ${picked.join(", ")} FROM ${table(identityColumns, rows)} e ${joinUnionids}`
    : `VALUES ${rows.map(row => `(${row.join(", ")})`).join(", ")}`
}
ON DUPLICATE KEY UPDATE
  unionid = COALESCE(${was("unionid")}, VALUES(unionid)),
  ${unlessEqual("previous_session_key", was("session_key"))},
  ${unlessEqual("session_key", "VALUES(session_key)")},
  ${unlessEqual("session_key_changed_at", "VALUES(session_key_changed_at)")},
  session_key_fingerprint = COALESCE(NULLIF(VALUES(session_key_fingerprint), ${bytes("")}), ${was("session_key_fingerprint")})`
}

const entryColumns = [
  "session_id",
  "appid",
  "openid",
  "at",
  "idle_expires_at",
  "absolute_expires_at",
  "ends_on",
  "user_agent",
]

function openSessions(entries: readonly LogInEntry[], claiming: boolean): string {
  const rows = entries.map(({ now, appid, openid, unionid, openPlatform, newUserId, session }) => [
    bytes(session.id),
    bytes(appid),
    bytes(openid),
    number(now),
    number(session.idleExpiresAt),
    number(session.absoluteExpiresAt),
    number(endsOn(session.idleExpiresAt)),
    text(session.userAgent),
    ...(claiming ? [bytes(unionid), bytes(openPlatform), bytes(newUserId)] : []),
  ])
  const columns = [...entryColumns, ...(claiming ? ["unionid", "open_platform", "new_user_id"] : [])]
  const userId = claiming
    ? "CASE WHEN c.user_id = e.new_user_id AND i.user_id <> e.new_user_id THEN NULL ELSE i.user_id END"
    : "i.user_id"
  return `
INSERT INTO denglu_sessions (id, user_id, appid, openid, counter, created_at, rotated_at, idle_expires_at,
  absolute_expires_at, ends_on, user_agent)
SELECT e.session_id, ${userId}, e.appid, e.openid, 0, e.at, e.at, e.idle_expires_at,
  e.absolute_expires_at, e.ends_on, e.user_agent
FROM ${table(columns, rows)} e
  ${joinIdentities}
  ${claiming ? joinUnionids : ""}
  LEFT JOIN denglu_leaving l FORCE INDEX (PRIMARY) ON l.user_id = i.user_id
WHERE l.user_id IS NULL`
}

/** A session whose user has the id that was thought of for this login is a new user's. */
function createUsers(entries: readonly LogInEntry[]): string {
  return `
INSERT INTO denglu_users (id, created_at, updated_at)
SELECT s.user_id, s.created_at, s.created_at FROM denglu_sessions s FORCE INDEX (PRIMARY)
WHERE s.id IN (${list(entries.map(({ session }) => session.id))})
  AND s.user_id IN (${list(entries.map(({ newUserId }) => newUserId))})`
}

/**
 * Records the sessions that were opened, the users who were created, and the identities that joined a known user: those that are there with one
 * key, which is this login's, and belong to somebody else than the user who was thought of.
 */
function recordLogIns(entries: readonly LogInEntry[], claiming: readonly LogInEntry[]): string {
  const sessionIds = list(entries.map(({ session }) => session.id))
  const newUserIds = list(entries.map(({ newUserId }) => newUserId))
  const rows = claiming.map(entry => [
    number(entry.now),
    bytes(entry.appid),
    bytes(entry.openid),
    bytes(entry.newUserId),
    bytes(entry.session.id),
    bytes(storedSessionKey(entry)),
  ])
  const joined = () => `
UNION ALL
SELECT i.user_id, e.at, CONCAT(e.session_id, ':attached'), 'identity.attached', e.session_id, e.appid, 'user'
FROM ${table(["at", "appid", "openid", "new_user_id", "session_id", "session_key"], rows)} e
  JOIN denglu_identities i FORCE INDEX (PRIMARY) ON i.openid = e.openid AND i.appid = e.appid
WHERE i.previous_session_key IS NULL AND CAST(i.session_key AS BINARY) = e.session_key AND i.user_id <> e.new_user_id`
  return `
INSERT INTO denglu_audit (${eventColumns})
SELECT s.user_id, s.created_at, IF(k.created, CONCAT(s.user_id, ':created'), CONCAT(s.id, ':opened')),
  IF(k.created, 'user.created', 'session.opened'), s.id, s.appid, 'user'
FROM denglu_sessions s FORCE INDEX (PRIMARY) JOIN (SELECT 0 AS created UNION ALL SELECT 1) k
  ON k.created = 0 OR s.user_id IN (${newUserIds})
WHERE s.id IN (${sessionIds})
${rows.length === 0 ? "" : joined()}`
}

/** And whose the unionids of their identities are. */
function readPeople(entries: readonly LogInEntry[], claiming: boolean): string {
  return `
SELECT s.id AS session_id, u.id, u.nickname, u.avatar_url, u.created_at, u.updated_at, u.leaves_at${claiming ? ", c.user_id AS unionid_owner" : ""}
FROM denglu_sessions s FORCE INDEX (PRIMARY)
  LEFT JOIN denglu_users u FORCE INDEX (PRIMARY) ON u.id = s.user_id
  ${
    claiming
      ? `LEFT JOIN denglu_identities i FORCE INDEX (PRIMARY) ON i.openid = s.openid AND i.appid = s.appid
  LEFT JOIN denglu_unionids c FORCE INDEX (PRIMARY)
    ON c.unionid = i.unionid AND c.open_platform = i.open_platform`
      : ""
  }
WHERE s.id IN (${list(entries.map(({ session }) => session.id))})`
}

const noOutcomes: ReadonlyMap<LogInEntry, LogInOutcome> = new Map()

/** Those who were given no session are leaving. Who was restored meanwhile is logged in anew. */
async function logInLeavers(
  connection: MysqlConnection,
  entries: readonly LogInEntry[],
): Promise<ReadonlyMap<LogInEntry, LogInOutcome>> {
  const rows = entries.map(({ openid, appid }) => [bytes(openid), bytes(appid)])
  const [found] = await connection.query([
    `SELECT i.openid, i.appid, l.user_id AS id, l.leaves_at
      FROM ${table(["openid", "appid"], rows)} e
        JOIN denglu_identities i FORCE INDEX (PRIMARY) ON i.openid = e.openid AND i.appid = e.appid
        JOIN denglu_leaving l FORCE INDEX (PRIMARY) ON l.user_id = i.user_id`,
  ])
  const leaving = new Map(found?.rows.map(row => [`${row.openid} ${row.appid}`, leavingOutcome(row)]))
  const stayed = entries.filter(entry => leaving.get(identityOf(entry)) === undefined)
  const again = stayed.length === 0 ? [] : await logInTogether(connection, stayed, true)
  return new Map(
    entries.map(entry => [
      entry,
      leaving.get(identityOf(entry)) ?? (again[stayed.indexOf(entry)] as LogInOutcome),
    ]),
  )
}
