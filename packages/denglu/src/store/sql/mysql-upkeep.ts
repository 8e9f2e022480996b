import { endsOn } from "../session-rules.ts"
import type { SharedCount } from "../store.ts"
import { bytes, list, type MysqlConnection, number } from "./mysql-connection.ts"
import { type RevocationPage, readCursor, revocationPage, wentBack } from "./revocation-cursor.ts"

/**
 * Revocations after the cursor, in order, and the next cursor. Whether the database went back is read first: what is committed between the two
 * statements has a number above the counter's, and is read too.
 */
export async function revocationsAfter(connection: MysqlConnection, cursor: string): Promise<RevocationPage> {
  const { n, sessionId } = readCursor(cursor)
  const [counter, found] = await connection.query([
    `SELECT value, (SELECT session_id FROM denglu_revocations WHERE n = ${number(n)}) AS at_cursor
      FROM denglu_counters WHERE name = ${bytes("revocations")}`,
    `SELECT n, session_id, revoked_at FROM denglu_revocations WHERE n > ${number(n)} ORDER BY n`,
  ])
  if (wentBack({ n, sessionId }, counter?.rows[0])) return revocationsAfter(connection, "")
  return revocationPage(found?.rows ?? [], cursor)
}

/** Drops what ended, or was revoked, before; answers how many rows, at most `limit`. */
export async function purgeBefore(
  connection: MysqlConnection,
  before: number,
  limit: number,
): Promise<number> {
  const ended = await dropFound(limit, asked => dropEnded(connection, before, asked))
  return ended + (await dropFound(limit - ended, asked => dropRevoked(connection, before, asked)))
}

/**
 * Finds first and drops then. Instances purge side by side, and not every database can skip what another has locked: what one of
 * them finds another may have dropped, so that it has to look again whether there is more.
 */
async function dropFound(
  limit: number,
  drop: (asked: number) => Promise<{ readonly found: number; readonly dropped: number }>,
): Promise<number> {
  let total = 0
  while (total < limit) {
    const { found, dropped } = await drop(limit - total)
    const more = found === limit - total
    total += dropped
    if (!more) break
  }
  return total
}

async function dropEnded(connection: MysqlConnection, before: number, asked: number) {
  const over = `s.ends_on <= ${number(endsOn(before))} AND s.idle_expires_at < ${number(before)}`
  const [answer] = await connection.query([
    `SELECT s.id FROM denglu_sessions s FORCE INDEX (denglu_sessions_by_end)
      WHERE ${over} ORDER BY s.ends_on LIMIT ${number(asked)}`,
  ])
  const ids = answer?.rows.map(({ id }) => id as string) ?? []
  if (ids.length === 0) return { found: 0, dropped: 0 }
  const [deletion] = await connection.query([
    `DELETE s FROM denglu_sessions s FORCE INDEX (PRIMARY) WHERE s.id IN (${list(ids)}) AND ${over}`,
  ])
  return { found: ids.length, dropped: deletion?.affected ?? 0 }
}

async function dropRevoked(connection: MysqlConnection, before: number, asked: number) {
  const [answer] = await connection.query([
    `SELECT n, session_id FROM denglu_revocations WHERE revoked_at < ${number(before)}
      ORDER BY n LIMIT ${number(asked)}`,
  ])
  const rows = answer?.rows ?? []
  if (rows.length === 0) return { found: 0, dropped: 0 }
  const ids = rows.map(row => row.session_id as string)
  const [, , deletion] = await connection.query([
    "BEGIN",
    `DELETE s FROM denglu_sessions s FORCE INDEX (PRIMARY)
      WHERE s.id IN (${list(ids)}) AND s.revoked_at IS NOT NULL`,
    `DELETE r FROM denglu_revocations r FORCE INDEX (PRIMARY)
      WHERE r.n IN (${rows.map(({ n }) => number(n as number)).join(", ")})`,
    "COMMIT",
  ])
  return { found: rows.length, dropped: deletion?.affected ?? 0 }
}

/** Adds to the counts of the minutes and answers what they are now, in the same order. No key comes twice. */
export async function addCounts(
  connection: MysqlConnection,
  added: readonly SharedCount[],
): Promise<number[]> {
  if (added.length === 0) return []
  const sorted = [...added].sort((one, other) => (one.key < other.key ? -1 : 1))
  const windows = [...new Set(added.map(({ window }) => number(window)))]
  const [, , read] = await connection.query([
    "BEGIN",
    `INSERT INTO denglu_limits (\`key\`, minute, count)
      VALUES ${sorted.map(({ key, window, count }) => `(${bytes(key)}, ${number(window)}, ${number(count)})`).join(", ")}
      ON DUPLICATE KEY UPDATE count = count + VALUES(count)`,
    `SELECT \`key\`, minute, count FROM denglu_limits FORCE INDEX (PRIMARY)
      WHERE \`key\` IN (${list(added.map(({ key }) => key))}) AND minute IN (${windows.join(", ")})`,
    "COMMIT",
  ])
  const totals = new Map(read?.rows.map(row => [`${row.minute} ${row.key}`, row.count as number]))
  return added.map(({ key, window }) => totals.get(`${window} ${key}`) ?? 0)
}

/** Drops the counts of minutes that are over. */
export async function dropCounts(
  connection: MysqlConnection,
  before: number,
  limit: number,
): Promise<number> {
  if (limit <= 0) return 0
  const [dropped] = await connection.query([
    `DELETE FROM denglu_limits WHERE minute < ${number(before)} ORDER BY minute, \`key\` LIMIT ${number(limit)}`,
  ])
  return dropped?.affected ?? 0
}
