import type { PostgresClient } from "./postgres-connection.ts"

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
 * Readies a new connection. Every statement of ours goes by an index, also while the tables are new and the statistics say that they are
 * empty; and planning the statement of a login takes longer than running it, so that it must happen once.
 */
export async function prepareConnection(
  client: { query(text: string): Promise<unknown> },
  statementTimeoutMs: number,
): Promise<void> {
  const settings = [
    `SET statement_timeout = ${statementTimeoutMs}`,
    "SET plan_cache_mode = force_generic_plan",
    "SET enable_seqscan = off",
    "SET jit = off",
  ]
  try {
    await client.query(settings.join("; "))
  } catch {
    // A database that only speaks PostgreSQL's language may not know one of them, and goes without it.
    for (const setting of settings) await client.query(setting).catch(() => {})
  }
}
