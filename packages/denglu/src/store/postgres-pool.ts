import { DengluError } from "../errors.ts"
import { createDialling } from "./dialling.ts"
import type { ListeningClient } from "./postgres-news.ts"
import { createRoom } from "./room.ts"
import {
  breaksConnection,
  describePostgresError,
  type PostgresClient,
  type PostgresPool,
  type PostgresPoolClient,
} from "./sql/postgres-connection.ts"
import { prepareConnection } from "./sql/postgres-server.ts"

export interface PostgresConnectionOptions {
  /** `postgres://user:password@host:5432/database`, with what `pg` understands after the `?`. */
  readonly url: string
  /** Connections at most, besides the one that listens. Default is 10. */
  readonly connections?: number
  /** How long (ms) to wait for a connection. Default is 1,000. */
  readonly connectTimeoutMs?: number
  /** How long (ms) a statement may take. Default is 3,000. */
  readonly statementTimeoutMs?: number
  /** How long (ms) a statement waits for what somebody else has locked. Default is 1,200; see `prepareConnection`. */
  readonly lockTimeoutMs?: number
}

/** Connections to a PostgreSQL database. */
export interface PostgresConnection {
  /** Runs the work on a connection; what the driver throws comes through as it is. */
  readonly use: <Result>(work: (client: PostgresPoolClient) => Promise<Result>) => Promise<Result>
  /** A connection of its own, not connected yet. */
  readonly createClient: () => ListeningClient
  close(): Promise<void>
}

/** So much earlier (ms) than we stop waiting the server gives up, so that a statement that took too long was surely undone. */
const margin = 500

/** @throws TypeError if the driver is not installed */
export async function connectPostgres(options: PostgresConnectionOptions): Promise<PostgresConnection> {
  const driver = await loadDriver()
  const {
    url,
    connections = 10,
    connectTimeoutMs = 1_000,
    statementTimeoutMs = 3_000,
    lockTimeoutMs,
  } = options
  const config = {
    connectionString: url,
    application_name: "denglu",
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs,
    keepAlive: true,
    types: { getTypeParser: (oid: number, format?: "text" | "binary") => parserOf(driver, oid, format) },
  }
  const pool = new driver.Pool({
    ...config,
    max: connections,
    idleTimeoutMillis: 60_000,
  }) as unknown as PostgresPool
  // A connection that breaks while nobody uses it is replaced when one is needed.
  pool.on("error", () => {})
  // While one is used the pool does not listen, and a break that nobody listens for would end the process; the statement rejects anyway.
  pool.on("connect", client => client.on("error", () => {}))
  return {
    use: withConnection(pool, connectTimeoutMs, client =>
      prepareConnection(client, statementTimeoutMs - margin, lockTimeoutMs),
    ),
    createClient: () => new driver.Client(config),
    // A database that is silent never says goodbye.
    close: () => Promise.race([pool.end(), new Promise<void>(resolve => setTimeout(resolve, 1_000))]),
  }
}

type Driver = typeof import("pg")

async function loadDriver(): Promise<Driver> {
  try {
    const { default: driver } = await import("pg")
    return driver as unknown as Driver
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      throw new TypeError('store: a PostgreSQL database needs the driver "pg": npm install pg')
    throw error
  }
}

/** `bigint` as a number: none of ours is larger than a moment. */
function parserOf(driver: Driver, oid: number, format: "text" | "binary" | undefined) {
  return oid === 20 ? Number : driver.types.getTypeParser(oid, format)
}

/**
 * @param waitMs how long (ms) to wait for a connection
 * @param prepare readies a connection for its first use; the hook of the pool for this, `onConnect`, is passed over by a pg-pool from before 2026
 */
function withConnection(
  pool: PostgresPool,
  waitMs: number,
  prepare: (client: PostgresClient) => Promise<void>,
): PostgresConnection["use"] {
  const prepared = new WeakSet<PostgresPoolClient>()
  const room = createRoom(isRefusedForMany, waitMs)
  pool.on("connect", room.opened)
  pool.on("remove", room.closed)
  const dialling = createDialling(error => !isAllInUse(error) && !room.isFull(error))

  async function take(): Promise<PostgresPoolClient> {
    const client = await room.ask(() => pool.connect())
    if (prepared.has(client)) return client
    try {
      await prepare(client)
    } catch (error) {
      release(client, true)
      throw error
    }
    prepared.add(client)
    dialling.heard()
    return client
  }

  function release(client: PostgresPoolClient, broken: boolean): void {
    client.release(broken)
    room.givenBack()
  }

  return async work => {
    const client = await dialling.connect(take)
    let broken = false
    try {
      return await work(client)
    } catch (error) {
      broken = breaksConnection(error)
      throw error
    } finally {
      if (!broken) dialling.heard()
      release(client, broken)
    }
  }
}

/** The server, the role or the database takes no more connections (`max_connections`, `CONNECTION LIMIT`). */
function isRefusedForMany(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "53300"
}

/** pg-pool's words for it have no code. */
function isAllInUse(error: unknown): boolean {
  return error instanceof Error && error.message === "timeout exceeded when trying to connect"
}

/** What PostgreSQL or the network says, as our error; the driver's own holds values of rows. A mistake in our own code stays what it is. */
export function postgresUnavailable(error: unknown): unknown {
  if (error instanceof DengluError) return error
  if (error instanceof RangeError) return new DengluError("store_unavailable", { message: error.message })
  const text = describePostgresError(error)
  if (text === undefined) return error
  return new DengluError("store_unavailable", { message: `PostgreSQL: ${text}`, retryAfter: 1 })
}
