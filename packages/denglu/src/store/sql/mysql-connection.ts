import { describeCertificateError } from "./certificate.ts"
import { noWritesRemedy } from "./no-writes.ts"
import type { Row } from "./rows.ts"

/**
 * The part of a connection that is used. Values stand in the text of the statements, never as text of their own: see {@link bytes},
 * {@link text} and {@link number}. So many statements fit in one packet, and there is nothing to escape.
 */
export interface MysqlConnection {
  /**
   * Sends statements in one packet: one round trip, whatever their number. They run in order up to the first that fails, and what it
   * fails with is thrown; whoever has opened a transaction need not end it then.
   */
  query(statements: readonly string[]): Promise<readonly MysqlAnswer[]>
}

/** What a statement answered. */
export interface MysqlAnswer {
  readonly rows: readonly Row[]
  /** Rows that a writing statement found. */
  readonly affected: number
}

/** A value for a column of bytes, where ids and all that is compared are kept: any other column would tell `"o "` from `"o"` badly. */
export function bytes(value: string | null | undefined): string {
  return value === null || value === undefined ? "NULL" : `x'${Buffer.from(value).toString("hex")}'`
}

/** A value for a column of text, which is only kept. */
export function text(value: string | null | undefined): string {
  return value === null || value === undefined ? "NULL" : `_utf8mb4 ${bytes(value)}`
}

/** @throws TypeError if it is no whole number */
export function number(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError("a number for the database must be a whole one")
  return String(value)
}

/** Values for `IN (…)`. */
export function list(values: readonly string[]): string {
  return values.map(bytes).join(", ")
}

/**
 * Rows as a table, to be joined with. For this each dialect has a word of its own (`VALUES ROW`, `VALUES`, `JSON_TABLE`); `UNION ALL`
 * they all have.
 */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const selects = rows.map((row, index) =>
    index === 0 ? row.map((value, column) => `${value} AS ${columns[column]}`).join(", ") : row.join(", "),
  )
  return `(SELECT ${selects.join(" UNION ALL SELECT ")})`
}

/**
 * Errors after which the same statements may work. 1213 deadlock (and a conflict of two nodes of Galera), 1020 and 8002, 8022, 8028, 9007: TiDB
 * and newer MariaDB say so of two that wrote the same. 1048, NULL where it may not be, is the tripwire of a login: what it
 * had read was no longer so.
 */
const inTheWay = new Set([1213, 1020, 1048, 8002, 8022, 8028, 9007])

/** A replica, or made read-only: the server, the transaction, InnoDB (MariaDB names the table), or the schema. */
const takesNoWrites = new Set([1290, 1792, 1836, 1874, 1881, 1036, 3989])
/**
 * Errors about the server, never about a row: nothing works until it is mended, and the message may be kept. Disk full, too many connections, no
 * access, no such database or table, none named, not a member of its cluster yet, shutting down, read-only, killed, too slow.
 */
const aboutTheServer = new Set([
  ...[3, 1021, 1030, 1114, 1040, 1203, 1226, 1043, 1044, 1045, 1046, 1049, 1129, 1130, 1142],
  ...[1146, 1047, 1053, 1317, 1927, 1969, 3024, 1665],
  ...takesNoWrites,
])
/** Numbers that only distributed databases give, to what is wrong inside them. */
const firstOfOthers = 5_000

interface ServerError extends Error {
  readonly errno: number
  readonly code?: string
}

function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "sqlState" in error && "errno" in error && typeof error.errno === "number"
}

/** What the server, the driver or the network says, without any value of a row. */
export function describeMysqlError(error: unknown): string | undefined {
  if (isServerError(error)) {
    if (aboutTheServer.has(error.errno)) {
      const said = `${error.message} (${error.errno})`
      return takesNoWrites.has(error.errno) ? `${said}: ${noWritesRemedy}` : said
    }
    return `error ${error.errno}${error.code === undefined ? "" : ` ${error.code}`}`
  }
  if (!(error instanceof Error)) return undefined
  const certificate = describeCertificateError(error)
  if (certificate !== undefined) return certificate
  const { code } = error as { code?: unknown }
  if (typeof code === "string" && /^(E[A-Z_]+|PROTOCOL_\w+|HANDSHAKE_\w+)$/.test(code))
    return `no connection (${code})`
  // The driver's own words for a connection that is gone have no code.
  if (/closed|lost|timeout/i.test(error.message) && "fatal" in error) return error.message
  return /^Pool is closed/.test(error.message) ? error.message : undefined
}

/**
 * See `BatchesOptions.judge`. A lock that was waited for too long (1205) is one row's trouble: the others shall not wait for it again.
 * With `failed` the connection is of no use any more either.
 */
export function judgeMysqlError(error: unknown): "again" | "apart" | "failed" {
  if (!isServerError(error)) return "failed"
  if (inTheWay.has(error.errno)) return "again"
  return aboutTheServer.has(error.errno) || error.errno >= firstOfOthers ? "failed" : "apart"
}

/** A row was locked by somebody else for too long. */
const rowLocked = 1205

/** As {@link judgeMysqlError}, for a script: nobody else waits with it, so it may wait for a locked row once more. */
export function judgeMysqlScript(error: unknown): "again" | "apart" | "failed" {
  return isServerError(error) && error.errno === rowLocked ? "again" : judgeMysqlError(error)
}
