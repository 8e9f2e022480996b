import { createHash } from "node:crypto"
import { DatabaseSync } from "node:sqlite"
import mysql from "mysql2"
import pg from "pg"

/** How many rows a table has, and a digest of all that is in them, whatever their order. */
export interface TableDigest {
  readonly rows: number
  readonly digest: string
}

type Value = string | number | bigint | null
type Rows = AsyncIterable<readonly Value[]> | Iterable<readonly Value[]>
type Ask = (sql: string) => Rows

/** Tables with the same columns in all databases. Said here once more, as all that follows, not taken from the code that is looked at. */
const alike: Readonly<Record<string, string>> = {
  seen: "digest, expires_at",
  leaving: "user_id, leaves_at, left_at, next_try_at, tries",
  passwords: "user_id, account, hash, changed_at",
  phones: "phone, user_id, country_code, appid, verified_at, proof, sms_verified_at",
  avatars: "name, user_id, remove_after",
  merges: "id, survivor_id, absorbed_id, at, actor, journal, undone_at",
  audit: "user_id, at, id, type, session_id, appid, actor, detail",
  audit_blocks: "n, at, first_at, last_at, count, reached, digest, events, previous_hash, hash, mac",
  platform_tickets: "platform_appid, sealed, issued_at, received_at",
  authorizers:
    "appid, platform_appid, sealed_refresh_token, open_platform, code_digest, authorized_at, revoked_at",
}
const selectsOf = (prefix: string) =>
  Object.fromEntries(
    Object.entries(alike).map(([table, columns]) => [table, `SELECT ${columns} FROM ${prefix}${table}`]),
  )

const shared: Readonly<Record<string, string>> = {
  users: "SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at, merged_into FROM denglu_users",
  identities: `SELECT appid, openid, user_id, unionid, open_platform, created_at, session_key, session_key_fingerprint,
    session_key_changed_at, previous_session_key FROM denglu_identities`,
  unionids: "SELECT unionid, open_platform, user_id FROM denglu_unionids",
  sessions: `SELECT id, user_id, appid, openid, counter, created_at, rotated_at, idle_expires_at, absolute_expires_at,
    revoked_at, revoked_reason, user_agent, opened_by FROM denglu_sessions`,
  revocations: "SELECT n, session_id, revoked_at FROM denglu_revocations",
  signing_keys:
    "SELECT kid, status, public_jwk, sealed_private_key, created_at, status_since FROM denglu_signing_keys",
  ...selectsOf("denglu_"),
}
const sqlite: Readonly<Record<string, string>> = {
  users: "SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at, merged_into FROM users",
  identities: `SELECT i.appid, i.openid, u.id, i.unionid, i.open_platform, i.created_at, i.session_key,
    i.session_key_fingerprint, i.session_key_changed_at, i.previous_session_key
    FROM identities i JOIN users u ON u.n = i.user_n`,
  unionids: `SELECT i.unionid, i.open_platform, u.id FROM identities i JOIN users u ON u.n = i.user_n
    WHERE i.n IN (SELECT min(n) FROM identities WHERE unionid IS NOT NULL GROUP BY unionid, open_platform)`,
  sessions: `SELECT s.id, u.id, s.appid, i.openid, s.counter, s.created_at, s.rotated_at, s.idle_expires_at,
    s.absolute_expires_at, s.revoked_at, s.revoked_reason, s.user_agent, s.opened_by
    FROM sessions s JOIN users u ON u.n = s.user_n LEFT JOIN identities i ON i.n = s.identity_n`,
  revocations: "SELECT n, session_id, revoked_at FROM revocations",
  signing_keys:
    "SELECT kid, status, public_jwk, sealed_private_key, created_at, status_since FROM signing_keys",
  ...selectsOf(""),
}

/** What stands in every table of a store: `sqlite:FILE`, `postgres://…` or `mysql://…`. */
export async function digestStore(url: string): Promise<Readonly<Record<string, TableDigest>>> {
  if (url.startsWith("sqlite:")) {
    const database = new DatabaseSync(url.slice("sqlite:".length), { readOnly: true })
    try {
      return await digestTables(sqlite, sql => {
        const statement = database.prepare(sql)
        statement.setReturnArrays(true)
        return statement.iterate() as unknown as Rows
      })
    } finally {
      database.close()
    }
  }
  if (url.startsWith("postgres:")) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return await digestTables(shared, sql => postgresRows(client, sql))
    } finally {
      await client.end()
    }
  }
  const connection = mysql.createConnection({ uri: url, rowsAsArray: true, typeCast: asText })
  try {
    return await digestTables(shared, sql => connection.query(sql).stream() as Rows)
  } finally {
    connection.destroy()
  }
}

async function* postgresRows(client: pg.Client, sql: string): AsyncGenerator<readonly Value[]> {
  await client.query(`BEGIN; DECLARE all_rows CURSOR FOR ${sql}`)
  for (;;) {
    const { rows } = await client.query<Value[]>({ text: "FETCH 5000 FROM all_rows", rowMode: "array" })
    yield* rows
    if (rows.length === 0) break
  }
  await client.query("COMMIT")
}

function asText(field: { string(encoding: "utf8"): string | null }): string | null {
  return field.string("utf8")
}

async function digestTables(
  selects: Readonly<Record<string, string>>,
  ask: Ask,
): Promise<Readonly<Record<string, TableDigest>>> {
  const found: Record<string, TableDigest> = {}
  for (const [table, sql] of Object.entries(selects)) found[table] = await digestRows(ask(sql))
  return found
}

/** The sum of the rows' digests: which order they come in makes no difference, a row twice does. */
async function digestRows(given: Rows): Promise<TableDigest> {
  let rows = 0
  let sum = 0n
  for await (const row of given) {
    rows += 1
    const text = JSON.stringify(row.map(value => (value === null ? null : String(value))))
    sum += BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)
  }
  return { rows, digest: BigInt.asUintN(256, sum).toString(16) }
}
