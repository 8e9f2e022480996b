import { neededSettings, type WeakSetting } from "../weak-setting.ts"
import { type PostgresClient, texts } from "./postgres-connection.ts"

/** The server's time, milliseconds since 1970. */
export async function readTime(client: PostgresClient): Promise<number> {
  const { rows } = await client.query({
    name: "denglu_now",
    text: "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now",
  })
  return Number(rows[0]?.now)
}

/** Whether the server takes writes; a replica, and one that is about to become one, does not. */
export async function takesWrites(client: PostgresClient): Promise<boolean> {
  const { rows } = await client.query({ text: "SHOW transaction_read_only" })
  return rows[0]?.transaction_read_only !== "on"
}

/**
 * What of the settings, as this user's connections have them, lets a power cut take back what was committed.
 * https://www.postgresql.org/docs/current/runtime-config-wal.html
 */
export async function weakSettings(client: PostgresClient): Promise<readonly WeakSetting[]> {
  const { rows } = await client.query({
    text: "SELECT name, setting FROM pg_settings WHERE setting = 'off' AND name = ANY($1::text[])",
    values: [texts(Object.keys(neededSettings))],
  })
  return rows.map(({ name, setting }) => ({ name: name as WeakSetting["name"], value: String(setting) }))
}

/** What the server calls itself: `15.6`. */
export async function readVersion(client: PostgresClient): Promise<string> {
  const { rows } = await client.query({ text: "SHOW server_version" })
  return String(rows[0]?.server_version).replace(/ .*/, "")
}

/** Whether this user may write or, while there are no tables, make them. */
export async function mayWrite(client: PostgresClient): Promise<boolean> {
  const { rows } = await client.query({
    text: `SELECT CASE WHEN to_regclass('denglu_sessions') IS NULL THEN has_schema_privilege(current_schema(), 'CREATE')
      ELSE has_table_privilege('denglu_sessions', 'INSERT') AND has_table_privilege('denglu_sessions', 'UPDATE') END AS may`,
  })
  return rows[0]?.may === true
}

/** Runs the work in a transaction, which is committed if it answers `true`. */
export async function inTransaction(client: PostgresClient, work: () => Promise<boolean>): Promise<boolean> {
  await client.query({ text: "BEGIN" })
  try {
    const done = await work()
    await client.query({ text: done ? "COMMIT" : "ROLLBACK" })
    return done
  } catch (error) {
    await client.query({ text: "ROLLBACK" }).catch(() => {})
    throw error
  }
}

/**
 * How long (ms) a statement waits for a row that somebody else has locked: less than it may take, for others wait with it, and more than
 * PostgreSQL waits until it looks for a deadlock (1,000), which is mended by trying again.
 */
const usualLockTimeoutMs = 1_200

/**
 * Readies a new connection. Every statement of ours goes by an index, also while the tables are new and the statistics say that they are
 * empty; and planning the statement of a login takes longer than running it, so that it must happen once.
 */
export async function prepareConnection(
  client: PostgresClient,
  statementTimeoutMs: number,
  lockTimeoutMs = usualLockTimeoutMs,
): Promise<void> {
  const settings = [
    `SET statement_timeout = ${statementTimeoutMs}`,
    `SET lock_timeout = ${lockTimeoutMs}`,
    "SET plan_cache_mode = force_generic_plan",
    "SET enable_seqscan = off",
    "SET jit = off",
  ]
  try {
    await client.query({ text: settings.join("; ") })
  } catch (error) {
    throwUnlessRefused(error)
    // A database that only speaks PostgreSQL's language may not know one of them, and goes without it.
    for (const setting of settings) await client.query({ text: setting }).catch(throwUnlessRefused)
  }
}

/** What the server refuses has a severity; a connection that is gone or silent is of no use. */
function throwUnlessRefused(error: unknown): void {
  if (!(error instanceof Error && "severity" in error)) throw error
}
