import type { WeakSetting } from "../weak-setting.ts"
import { type MysqlConnection, number } from "./mysql-connection.ts"

/** How long (s) a statement waits for a row, and for a table that is being changed. Less than a statement may take. */
const lockSeconds = 1

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
 * What of the server's settings lets a power cut take back what was committed, or keeps anything from being written.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html, https://mariadb.com/kb/en/innodb-system-variables/
 */
export async function weakSettings(connection: MysqlConnection): Promise<readonly WeakSetting[]> {
  const read = (name: string) => readSetting(connection, name)
  const weak: WeakSetting[] = []
  const flush = await read("@@global.innodb_flush_log_at_trx_commit")
  if (flush !== undefined && flush !== "1")
    weak.push({ name: "innodb_flush_log_at_trx_commit", value: flush })
  const doublewrite = await read("@@global.innodb_doublewrite")
  if (doublewrite !== undefined && /^(0|OFF|DETECT_ONLY)$/i.test(doublewrite))
    weak.push({ name: "innodb_doublewrite", value: doublewrite })
  if ((await read("@@global.log_bin")) !== "1") return weak
  // After a crash, what is in the binary log decides which transactions there were.
  const sync = await read("@@global.sync_binlog")
  if (sync !== undefined && sync !== "1") weak.push({ name: "sync_binlog", value: sync })
  // READ COMMITTED, which a login relies on, can't be written down as statements: InnoDB refuses every write (error 1665).
  const format = await read("@@session.binlog_format")
  if (format === "STATEMENT") weak.push({ name: "binlog_format", value: format })
  return weak
}

/** `undefined` if this server has no such setting, or keeps it from this user. */
async function readSetting(connection: MysqlConnection, name: string): Promise<string | undefined> {
  const answers = await connection.query([`SELECT ${name} AS value`]).catch(error => {
    ignoreUnknown(error)
    return []
  })
  const value = answers[0]?.rows[0]?.value
  return value === undefined || value === null ? undefined : String(value)
}

/**
 * Bytes of memory that InnoDB keeps pages in (`innodb_buffer_pool_size`); `undefined` where the engine is another that only speaks MySQL's
 * language.
 */
export async function readPageMemory(connection: MysqlConnection): Promise<number | undefined> {
  // TiDB and OceanBase have the variable, and it means nothing to them.
  if (/TiDB|OceanBase/i.test(await readVersion(connection))) return undefined
  const bytes = Number(await readSetting(connection, "@@global.innodb_buffer_pool_size"))
  return Number.isFinite(bytes) ? bytes : undefined
}

/** What the server calls itself: `10.11.6-MariaDB`. */
export async function readVersion(connection: MysqlConnection): Promise<string> {
  const [answer] = await connection.query(["SELECT VERSION() AS version"])
  return String(answer?.rows[0]?.version)
}

/** Whether this user may write, found out by a write that meets no row; `true` while there are no tables yet. */
export async function mayWrite(connection: MysqlConnection): Promise<boolean> {
  try {
    await connection.query(["UPDATE denglu_counters SET value = value WHERE name = ''"])
    return true
  } catch (error) {
    // 1142: the user may not. Of what else can be wrong another check tells more.
    return (error as { errno?: unknown }).errno !== 1142
  }
}
