import { type MysqlConnection, number } from "./mysql-connection.ts"

/** How long (s) a statement waits for a row, and for a table that is being changed. Less than a statement may take. */
const lockSeconds = 2

/**
 * Readies a new connection. What a login relies on must hold: rows are refused rather than bent to fit (strict mode), each statement
 * sees what is committed by now, and no gaps between rows are locked (READ COMMITTED).
 */
export async function prepareConnection(
  connection: MysqlConnection,
  statementTimeoutMs: number,
): Promise<void> {
  await connection.query([
    "SET SESSION autocommit = 1, SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  ])
  const wishes = [
    `innodb_lock_wait_timeout = ${lockSeconds}`,
    `lock_wait_timeout = ${lockSeconds}`,
    `max_statement_time = ${number(Math.ceil(statementTimeoutMs / 1_000))}`,
    `max_execution_time = ${number(statementTimeoutMs)}`,
    "tidb_txn_mode = 'pessimistic'",
  ]
  // No database knows all of them: the last three are MariaDB's, MySQL's and TiDB's.
  for (const wish of wishes) await connection.query([`SET SESSION ${wish}`]).catch(ignoreUnknown)
}

/** 1193 is an unknown variable; the others: it is there, but may not be set so. */
function ignoreUnknown(error: unknown): void {
  const { errno } = error as { errno?: unknown }
  if (![1193, 1227, 1229, 1231, 1232, 1235, 1238].includes(errno as number)) throw error
}

/** The server's time, milliseconds since 1970. Not from `NOW()`, which is ambiguous for an hour a year in most time zones. */
export async function readTime(connection: MysqlConnection): Promise<number> {
  const [answer] = await connection.query([
    "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now",
  ])
  return Number(answer?.rows[0]?.now)
}

/** Whether the server takes writes; a replica does not. */
export async function takesWrites(connection: MysqlConnection): Promise<boolean> {
  const [answer] = await connection.query(["SELECT @@global.read_only AS read_only"])
  const value = answer?.rows[0]?.read_only
  return value === 0 || value === "0" || value === "OFF"
}

/**
 * What of the server's settings lets a power cut take back what was committed. They are the operator's: only the whole server has them.
 */
export async function weakSettings(connection: MysqlConnection): Promise<string[]> {
  const read = async (name: string) => {
    const answers = await connection.query([`SELECT @@global.${name} AS value`]).catch(error => {
      ignoreUnknown(error)
      return []
    })
    return answers[0]?.rows[0]?.value
  }
  const weak: string[] = []
  const flush = await read("innodb_flush_log_at_trx_commit")
  if (flush !== undefined && Number(flush) !== 1)
    weak.push(`innodb_flush_log_at_trx_commit is ${flush}, must be 1`)
  // With a binary log, a crash goes on from there.
  const sync = await read("sync_binlog")
  if (Number(await read("log_bin")) === 1 && Number(sync) !== 1)
    weak.push(`sync_binlog is ${sync}, must be 1`)
  return weak
}
