import { DengluError } from "../errors.ts"
import { createDialling } from "./dialling.ts"
import { createRoom } from "./room.ts"
import {
  describeMysqlError,
  judgeMysqlError,
  type MysqlAnswer,
  type MysqlConnection,
} from "./sql/mysql-connection.ts"
import { prepareConnection } from "./sql/mysql-server.ts"

export interface MysqlConnectionOptions {
  /** `mysql://user:password@host:3306/database`, with what `mysql2` understands after the `?`; `mariadb:` is the same. */
  readonly url: string
  /** Connections at most. Default is 10. */
  readonly connections?: number
  /** How long (ms) to wait for a connection. Default is 1,000. */
  readonly connectTimeoutMs?: number
  /** How long (ms) a statement may take. Default is 3,000. */
  readonly statementTimeoutMs?: number
}

/** Connections to a MySQL database, or to one that speaks its language. */
export interface Mysql {
  /** Runs the work on a connection. What the driver throws comes through as it is, and what the work has left open is rolled back. */
  readonly use: <Result>(work: (connection: MysqlConnection) => Promise<Result>) => Promise<Result>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/** The part of `mysql2`'s connection that is used. */
interface DriverConnection {
  query(
    question: { readonly sql: string; readonly timeout: number },
    done: (error: Error | null, result?: unknown) => void,
  ): unknown
  on(event: "error", listener: () => void): unknown
  readonly stream: { once(event: "close", listener: () => void): unknown }
  release(): void
  destroy(): void
}

interface DriverPool {
  getConnection(done: (error: Error | null, connection?: DriverConnection) => void): void
  on(event: "connection", listener: (connection: DriverConnection) => void): unknown
  end(done: (error?: Error | null) => void): void
}

/** The part of its fields that is used. */
interface DriverField {
  readonly type: string
  string(encoding: string): string | null
}

/** How much longer (ms) we wait than the server: if it is the server who gives up, nothing has happened for certain. */
const margin = 500

/** @throws TypeError if the driver is not installed */
export async function connectMysql(options: MysqlConnectionOptions): Promise<Mysql> {
  const driver = await loadDriver()
  const { url, connections = 10, connectTimeoutMs = 1_000, statementTimeoutMs = 3_000 } = options
  const pool = driver.createPool({
    uri: url,
    charset: "utf8mb4",
    multipleStatements: true,
    connectTimeout: connectTimeoutMs,
    connectionLimit: connections,
    maxIdle: connections - 1,
    idleTimeout: 60_000,
    typeCast: (field: DriverField, next: () => unknown) =>
      /STRING|BLOB|VARCHAR/.test(field.type) ? field.string("utf8") : next(),
  }) as unknown as DriverPool
  const room = createRoom(isRefusedForMany, connectTimeoutMs)
  pool.on("connection", connection => {
    // A connection that breaks while nobody uses it is replaced when one is needed.
    connection.on("error", () => {})
    room.opened()
    connection.stream.once("close", room.closed)
  })
  const known = new WeakMap<DriverConnection, MysqlConnection>()
  const busy = new Set<Promise<unknown>>()
  // Our own error says that all connections are in use.
  const dialling = createDialling(error => !(error instanceof DengluError) && !room.isFull(error))

  function wrap(connection: DriverConnection): MysqlConnection {
    return {
      query: statements =>
        new Promise((resolve, reject) => {
          const question = { sql: statements.join(";\n"), timeout: statementTimeoutMs + margin }
          connection.query(question, (error, result) => {
            if (error) reject(error)
            else resolve((statements.length === 1 ? [result] : (result as unknown[])).map(readAnswer))
          })
        }),
    }
  }

  function ask(): Promise<DriverConnection> {
    return new Promise((resolve, reject) => {
      let late = false
      pool.getConnection((error, connection) => {
        clearTimeout(timer)
        if (late) connection?.release()
        else if (connection === undefined) reject(error)
        else resolve(connection)
      })
      // Begun after the driver's own for dialling, which is as long: that one says more.
      const timer = setTimeout(() => {
        late = true
        reject(
          new DengluError("store_unavailable", { message: "MySQL: no connection is free", retryAfter: 1 }),
        )
      }, connectTimeoutMs)
    })
  }

  async function take(): Promise<readonly [DriverConnection, MysqlConnection]> {
    const taken = await room.ask(ask)
    const ready = known.get(taken)
    if (ready !== undefined) return [taken, ready]
    const connection = wrap(taken)
    try {
      await prepareConnection(connection, statementTimeoutMs)
    } catch (error) {
      taken.destroy()
      room.givenBack()
      throw error
    }
    known.set(taken, connection)
    dialling.heard()
    return [taken, connection]
  }

  async function useOnce<Result>(work: (connection: MysqlConnection) => Promise<Result>): Promise<Result> {
    const [taken, connection] = await dialling.connect(take)
    let sound = false
    try {
      const result = await work(connection)
      sound = true
      return result
    } catch (error) {
      sound = judgeMysqlError(error) !== "failed" && (await rolledBack(connection))
      throw error
    } finally {
      if (sound) {
        dialling.heard()
        taken.release()
      } else taken.destroy()
      room.givenBack()
    }
  }

  return {
    use(work) {
      const result = useOnce(work)
      const settled = result.then(
        () => {},
        () => {},
      )
      busy.add(settled)
      void settled.then(() => busy.delete(settled))
      return result
    },
    async close() {
      await Promise.all(busy)
      await new Promise<void>(resolve => pool.end(() => resolve()))
    },
  }
}

type Driver = typeof import("mysql2")

async function loadDriver(): Promise<Driver> {
  try {
    const { default: driver } = await import("mysql2")
    return driver as unknown as Driver
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      throw new TypeError('store: a MySQL database needs the driver "mysql2": npm install mysql2')
    throw error
  }
}

/** The server, or its limit for the user, takes no more connections: `max_connections`, `max_user_connections`. */
function isRefusedForMany(error: unknown): boolean {
  return error instanceof Error && "errno" in error && [1040, 1203, 1226].includes(error.errno as number)
}

function readAnswer(result: unknown): MysqlAnswer {
  if (Array.isArray(result)) return { rows: result, affected: 0 }
  return { rows: [], affected: (result as { affectedRows: number }).affectedRows }
}

async function rolledBack(connection: MysqlConnection): Promise<boolean> {
  return await connection.query(["ROLLBACK"]).then(
    () => true,
    () => false,
  )
}

/** What MySQL or the network says, as our error; the driver's own holds the whole statement. A mistake in our own code stays what it is. */
export function mysqlUnavailable(error: unknown): unknown {
  if (error instanceof DengluError) return error
  if (error instanceof RangeError) return new DengluError("store_unavailable", { message: error.message })
  const text = describeMysqlError(error)
  if (text === undefined) return error
  return new DengluError("store_unavailable", { message: `MySQL: ${text}`, retryAfter: 1 })
}
