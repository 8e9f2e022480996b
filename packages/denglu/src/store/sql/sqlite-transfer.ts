import type { DatabaseSync, StatementSync } from "node:sqlite"
import type { TableName, TableShape, TransferRow } from "../transfer/tables.ts"
import type { TransferSource } from "../transfer/transfer.ts"

const day = 86_400_000

/** Each table as the other engines have it. What is read leads each join, so that rows come by its index, in their order. */
const reads: Readonly<Record<TableName, string>> = {
  users: "SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at, merged_into FROM users",
  identities: `SELECT i.appid, i.openid, u.id AS user_id, i.unionid, i.open_platform, i.created_at,
      i.session_key, i.session_key_fingerprint, i.session_key_changed_at, i.previous_session_key
      FROM identities i CROSS JOIN users u ON u.n = i.user_n`,
  unionids: "SELECT unionid, open_platform, user_id FROM temp.unionids",
  sessions: `SELECT s.id, u.id AS user_id, s.appid, i.openid, s.counter, s.created_at, s.rotated_at,
      s.idle_expires_at, s.absolute_expires_at, s.revoked_at, s.idle_expires_at / ${day} AS ends_on,
      s.revoked_reason, s.user_agent, s.opened_by
      FROM sessions s CROSS JOIN users u ON u.n = s.user_n LEFT JOIN identities i ON i.n = s.identity_n`,
  revocations: "SELECT n, session_id, revoked_at FROM revocations",
  signing_keys:
    "SELECT kid, status, public_jwk, sealed_private_key, created_at, status_since FROM signing_keys",
  seen: "SELECT digest, expires_at FROM seen",
  leaving: "SELECT user_id, leaves_at, left_at, next_try_at, tries FROM leaving",
  phones: "SELECT phone, user_id, country_code, appid, verified_at, proof, sms_verified_at FROM phones",
  passwords: "SELECT user_id, account, hash, changed_at FROM passwords",
  avatars: "SELECT name, user_id, remove_after FROM avatars",
  merges: "SELECT id, survivor_id, absorbed_id, at, actor, journal, undone_at FROM merges",
  audit: "SELECT user_id, at, id, type, session_id, appid, actor, detail FROM audit",
  audit_blocks: `SELECT n, at, first_at, last_at, count, reached, digest, events, previous_hash, hash, mac
      FROM audit_blocks`,
  platform_tickets: "SELECT platform_appid, sealed, issued_at, received_at FROM platform_tickets",
  authorizers: `SELECT appid, platform_appid, sealed_refresh_token, open_platform, code_digest,
      authorized_at, revoked_at
      FROM authorizers`,
}

/** Whose a unionid is, is said by its oldest identity. Found once: for every page anew it would take for ever. */
const findUnionids = `
CREATE TEMP TABLE unionids AS
SELECT i.unionid, i.open_platform, u.id AS user_id
FROM (SELECT min(n) AS n, unionid, open_platform FROM identities WHERE unionid IS NOT NULL
  GROUP BY unionid, open_platform) i
JOIN identities f ON f.n = i.n JOIN users u ON u.n = f.user_n;
CREATE INDEX temp.unionids_in_order ON unionids (unionid, open_platform);`

/**
 * Reads a SQLite database for copying, in the order of the keys and not of the file: a database that keeps its rows by their key (InnoDB) takes
 * them several times as fast so, once they are more than its memory holds.
 *
 * @param close called at the end
 */
export function sqliteTransferSource(database: DatabaseSync, close: () => void): TransferSource {
  database.exec(findUnionids)
  const statements = new Map<string, StatementSync>()

  function statementFor({ name, key }: TableShape, where: "" | "behind"): StatementSync {
    const known = statements.get(name + where)
    if (known !== undefined) return known
    const order = key.join(", ")
    const behind = where === "" ? "" : `WHERE (${order}) > (${key.map(() => "?").join(", ")})`
    const made = database.prepare(`SELECT * FROM (${reads[name]}) ${behind} ORDER BY ${order} LIMIT ?`)
    statements.set(name + where, made)
    return made
  }

  return {
    engine: "sqlite",
    async count(table) {
      return Number(database.prepare(`SELECT count(*) AS count FROM (${reads[table]})`).get()?.count)
    },
    async read(shape, cursor, limit) {
      const after = cursor === undefined ? [] : (JSON.parse(cursor) as readonly (string | number)[])
      const statement = statementFor(shape, cursor === undefined ? "" : "behind")
      const rows = statement.all(...after, limit) as unknown as readonly TransferRow[]
      const last = rows.at(-1)
      return {
        rows,
        cursor:
          last === undefined || rows.length < limit
            ? undefined
            : JSON.stringify(shape.key.map(name => last[name])),
      }
    },
    async close() {
      close()
    },
  }
}
