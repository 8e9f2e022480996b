import { bytes, type MysqlConnection, number, text } from "./mysql-connection.ts"
import type { PostgresClient } from "./postgres-connection.ts"
import type { Row } from "./rows.ts"

/**
 * Statements that run one after another in one transaction, written once for SQLite, PostgreSQL and MySQL: each `yield` hands one
 * over and gets its answer. For what happens seldom; what happens at every login has statements of its own for every engine.
 *
 * SQLite runs a script without ever waiting, inside its group commit; the others take a round trip a statement. So a
 * script must not wait for anything else, and it may run more than once: its effects are its statements.
 *
 * The statements keep to what all three understand, and are translated where no common word is left:
 *
 * - `?` stands for a value: a text, a whole number, `null`, or {@link asText}. No `?` may stand in a literal.
 * - Tables are written `denglu_users`; in SQLite they are `users`.
 * - What is decided on is read with `FOR UPDATE` at the end of its statement: SQLite, where one transaction writes at a time, needs none.
 * - `INSERT … ON CONFLICT DO NOTHING` at the end of a statement passes over what is there; `affected` says whether it did.
 * - No `RETURNING`: MySQL has none.
 *
 * In SQLite, rows of identities and sessions point at their user by number (`user_n`), elsewhere by id (`user_id`). Tables since schema 3 have
 * `user_id` everywhere. Where it matters a script asks {@link Dialect}.
 *
 * Locks are taken in one order, so that no two wait for each other in a circle: users (the smaller id first), then what belongs to them.
 */
export type Script<Result> = Generator<Statement, Result, Answer>

export interface Statement {
  readonly text: string
  readonly values: readonly Value[]
}

export interface Answer {
  readonly rows: readonly Row[]
  /** Rows that a writing statement wrote. In MySQL also those it found to be so already. */
  readonly affected: number
}

export type Value = string | number | null | WideText

/** Which engine a script runs on. */
export type Dialect = "sqlite" | "postgres" | "mysql"

/** A text for one of the columns that are text in MySQL and not bytes: `nickname`, `avatar_url`, and the like. */
export interface WideText {
  readonly wide: string
}

/** See {@link WideText}. */
export function asText(value: string | null): Value {
  return value === null ? null : { wide: value }
}

/** A statement with its values. */
export function statement(text: string, ...values: readonly Value[]): Statement {
  return { text, values }
}

const passOver = /\s+ON CONFLICT DO NOTHING\s*$/

/** Runs scripts on one engine. */
export interface ScriptRunner {
  /** In one transaction: all of it is durable when this resolves, or nothing has happened. */
  write<Result>(make: MakeScript<Result>): Promise<Result>
  /** Without a transaction: for a script that only reads, best one statement. */
  read<Result>(make: MakeScript<Result>): Promise<Result>
}

/** Makes a script anew for each time it runs. */
export type MakeScript<Result> = (dialect: Dialect) => Script<Result>

/** Runs a script on a connection to PostgreSQL, as it is: whoever wants a transaction opens it. */
export function runOnPostgres<Result>(client: PostgresClient, make: MakeScript<Result>): Promise<Result> {
  return drive(make("postgres"), async ({ text, values }) => {
    let place = 0
    const { rows, rowCount } = await client.query({
      text: text.replace(/\?/g, () => {
        place += 1
        return `$${place}`
      }),
      values: values.map(plain),
    })
    return { rows, affected: rowCount ?? 0 }
  })
}

/** Runs a script on a connection to PostgreSQL, in a transaction. */
export async function writeOnPostgres<Result>(
  client: PostgresClient,
  make: MakeScript<Result>,
): Promise<Result> {
  await client.query({ text: "BEGIN" })
  try {
    const result = await runOnPostgres(client, make)
    await client.query({ text: "COMMIT" })
    return result
  } catch (error) {
    await client.query({ text: "ROLLBACK" }).catch(() => {})
    throw error
  }
}

/** Runs a script on a connection to MySQL, as it is: whoever wants a transaction opens it. */
export function runOnMysql<Result>(connection: MysqlConnection, make: MakeScript<Result>): Promise<Result> {
  return drive(make("mysql"), async given => {
    const [answer] = await connection.query([inMysqlWords(given)])
    return answer as Answer
  })
}

/** Runs a script on a connection to MySQL, in a transaction. Whoever handed the connection out rolls back what fails. */
export async function writeOnMysql<Result>(
  connection: MysqlConnection,
  make: MakeScript<Result>,
): Promise<Result> {
  await connection.query(["BEGIN"])
  const result = await runOnMysql(connection, make)
  await connection.query(["COMMIT"])
  return result
}

/** A statement as MySQL reads it, its values in its text. */
export function inMysqlWords({ text: template, values }: Statement): string {
  let place = 0
  const filled = template.replace(passOver, "").replace(/\?/g, () => {
    const value = values[place] as Value
    place += 1
    if (typeof value === "number") return number(value)
    return typeof value === "object" && value !== null ? text(value.wide) : bytes(value)
  })
  return passOver.test(template) ? filled.replace(/^\s*INSERT\b/, "INSERT IGNORE") : filled
}

/** Runs one statement of a script on SQLite. */
export type RunOnSqlite = (given: Statement) => Answer

/** Runs a script on SQLite, inside a transaction that is open already. */
export function runOnSqlite<Result>(run: RunOnSqlite, make: MakeScript<Result>): Result {
  const steps = make("sqlite")
  let step = steps.next()
  while (step.done !== true) step = steps.next(run(forSqlite(step.value)))
  return step.value
}

function forSqlite({ text, values }: Statement): Statement {
  return {
    text: text.replaceAll("denglu_", "").replace(/\s+FOR UPDATE\s*$/, ""),
    values: values.map(plain),
  }
}

async function drive<Result>(
  steps: Script<Result>,
  run: (given: Statement) => Promise<Answer>,
): Promise<Result> {
  let step = steps.next()
  while (step.done !== true) step = steps.next(await run(step.value))
  return step.value
}

function plain(value: Value): string | number | null {
  return typeof value === "object" && value !== null ? value.wide : value
}
