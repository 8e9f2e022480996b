import { describeCertificateError } from "./certificate.ts"
import { noWritesRemedy } from "./no-writes.ts"

/**
 * The part of `pg` that is used. The driver is the user's own: it is handed in, or loaded when a URL asks for it.
 */
export interface PostgresQuery {
  readonly text: string
  /** Names a statement that is parsed and planned once a connection. */
  readonly name?: string
  readonly values?: readonly unknown[]
}

export interface PostgresResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly rowCount: number | null
}

export interface PostgresClient {
  query(query: PostgresQuery): Promise<PostgresResult>
}

export interface PostgresPoolClient extends PostgresClient {
  /** @param destroy whether the connection is closed instead of kept */
  release(destroy?: boolean): void
}

export interface PostgresPool {
  connect(): Promise<PostgresPoolClient>
  end(): Promise<void>
  on(event: "error" | "remove", listener: () => void): unknown
  on(
    event: "connect",
    listener: (client: { on(event: "error", listener: () => void): unknown }) => void,
  ): unknown
}

/** Numbers as an array literal. */
export function numbers(values: readonly number[]): string {
  return `{${values.join(",")}}`
}

/** Texts as an array literal; `undefined` and `null` are NULL. */
export function texts(values: readonly (string | null | undefined)[]): string {
  return `{${values.map(quoted).join(",")}}`
}

function quoted(value: string | null | undefined): string {
  if (value === null || value === undefined) return "NULL"
  return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, "\\$&") : value}"`
}

/** SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html) after which the same statement may work. */
const inTheWay = new Set(["40001", "40P01", "23502"])
/**
 * SQLSTATEs whose messages are about the server or the connection, never about a row: nothing works until it is mended, and the message may
 * be kept. Whole classes, 25 among them (the transaction is in no state for the statement); of class 42, which else means a mistake of ours,
 * no grant (42501) and no such table (42P01).
 */
const aboutTheServer = /^(08|25|28|3D|53|55|57|58|42501$|42P01$)/
/** Something inside the server went wrong; its message may hold anything. XX001 and XX002 are one damaged page or index: others may work. */
const insideTheServer = "XX000"
/** A replica, a primary that has become one, or `default_transaction_read_only`. */
const takesNoWrites = "25006"

/** What PostgreSQL or the network says, without any value of a row. */
export function describePostgresError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, severity, constraint, table, syscall } = error as Error & Record<string, unknown>
  if (typeof code === "string" && typeof severity === "string") {
    // What ends a connection, or refuses one: a setting of the URL, for example.
    if (aboutTheServer.test(code) || severity === "FATAL") {
      const said = `${error.message} (${code})`
      return code === takesNoWrites ? `${said}: ${noWritesRemedy}` : said
    }
    const where = [table, constraint].filter(part => typeof part === "string").join(", ")
    return `error ${code}${where === "" ? "" : ` at ${where}`}`
  }
  const certificate = describeCertificateError(error)
  if (certificate !== undefined) return certificate
  if (syscall === "open") return `can't read a file that the URL names: ${error.message}`
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) return `no connection (${code})`
  // pg's own words for a connection that is gone or too slow have no code.
  if (/timeout|terminated|ended|not queryable|connection/i.test(error.message)) return error.message
  return undefined
}

/** A row was locked by somebody else for too long: that row's trouble, not that of the others in the statement. */
const rowLocked = "55P03"

/** See `BatchesOptions.judge`. NOT NULL (23502) is the tripwire of a login: what it had read was no longer so. */
export function judgePostgresError(error: unknown): "again" | "apart" | "failed" {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  if (typeof code !== "string" || typeof severity !== "string") return "failed"
  if (inTheWay.has(code)) return "again"
  if (code === rowLocked) return "apart"
  return aboutTheServer.test(code) || code === insideTheServer ? "failed" : "apart"
}

/** As {@link judgePostgresError}, for a script: nobody else waits with it, so it may wait for a locked row once more. */
export function judgePostgresScript(error: unknown): "again" | "apart" | "failed" {
  return (error as { code?: unknown }).code === rowLocked ? "again" : judgePostgresError(error)
}

/** Whether the connection is of no use any more after this error. Class 25: the next may reach the server that takes writes by now. */
export function breaksConnection(error: unknown): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  return typeof severity !== "string" || typeof code !== "string" || /^(08|25|57)/.test(code)
}
