import type { DatabaseSync, StatementSync } from "node:sqlite"
import type { TableName, TransferRow } from "../transfer/tables.ts"
import type { TransferSource } from "../transfer/transfer.ts"

const day = 86_400_000

/** Each table as the other engines have it, with the number by which it is read in order as `cursor`. */
const reads: Readonly<Record<TableName, string>> = {
  users: "SELECT n AS cursor, id, nickname, avatar_url, created_at, updated_at FROM users",
  identities: `SELECT i.n AS cursor, i.appid, i.openid, u.id AS user_id, i.unionid, i.open_platform, i.created_at,
      i.session_key, i.session_key_fingerprint, i.session_key_changed_at, i.previous_session_key
      FROM identities i JOIN users u ON u.n = i.user_n`,
  unionids: "SELECT cursor, unionid, open_platform, user_id FROM temp.unionids",
  sessions: `SELECT s.n AS cursor, s.id, u.id AS user_id, s.appid, i.openid, s.counter, s.created_at, s.rotated_at,
      s.idle_expires_at, s.absolute_expires_at, s.revoked_at, s.idle_expires_at / ${day} AS ends_on,
      s.revoked_reason, s.user_agent
      FROM sessions s JOIN users u ON u.n = s.user_n LEFT JOIN identities i ON i.n = s.identity_n`,
  revocations: "SELECT n AS cursor, n, session_id, revoked_at FROM revocations",
  signing_keys: `SELECT row_number() OVER (ORDER BY kid) AS cursor, kid, status,
      public_jwk, sealed_private_key, created_at, status_since FROM signing_keys`,
  seen: "SELECT n AS cursor, digest, expires_at FROM seen",
}

/** Whose a unionid is, is said by its oldest identity. Found once: for every page anew it would take for ever. */
const findUnionids = `
CREATE TEMP TABLE unionids AS
SELECT i.n AS cursor, i.unionid, i.open_platform, u.id AS user_id
FROM (SELECT min(n) AS n, unionid, open_platform FROM identities WHERE unionid IS NOT NULL
  GROUP BY unionid, open_platform) i
JOIN identities f ON f.n = i.n JOIN users u ON u.n = f.user_n
ORDER BY i.n;
CREATE INDEX temp.unionids_by_cursor ON unionids (cursor);`

/** Reads a SQLite database for copying. @param close called at the end */
export function sqliteTransferSource(database: DatabaseSync, close: () => void): TransferSource {
  database.exec(findUnionids)
  const statements = new Map<TableName, StatementSync>()

  function statementFor(table: TableName): StatementSync {
    const known = statements.get(table)
    if (known !== undefined) return known
    const made = database.prepare(`SELECT * FROM (${reads[table]}) WHERE cursor > ? ORDER BY cursor LIMIT ?`)
    statements.set(table, made)
    return made
  }

  return {
    engine: "sqlite",
    async count(table) {
      return Number(database.prepare(`SELECT count(*) AS count FROM (${reads[table]})`).get()?.count)
    },
    async read({ name }, cursor, limit) {
      const found = statementFor(name).all(Number(cursor ?? 0), limit) as unknown as (TransferRow & {
        readonly cursor: number
      })[]
      return {
        rows: found.map(({ cursor: _, ...row }) => row as TransferRow),
        cursor: found.length < limit ? undefined : String(found.at(-1)?.cursor),
      }
    },
    async close() {
      close()
    },
  }
}
