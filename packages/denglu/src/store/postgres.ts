import { DengluError } from "../errors.ts"
import { type Batches, createBatches } from "./batches.ts"
import { listenToPostgres, type PostgresListener } from "./postgres-news.ts"
import {
  breaksConnection,
  describePostgresError,
  judgePostgresError,
  type PostgresPool,
  type PostgresPoolClient,
} from "./sql/postgres-connection.ts"
import { addCounts, dropCounts } from "./sql/postgres-limits.ts"
import { logInTogether } from "./sql/postgres-log-in.ts"
import { migratePostgres } from "./sql/postgres-schema.ts"
import { inTransaction, prepareConnection, readTime, takesWrites } from "./sql/postgres-server.ts"
import {
  type Ending,
  endAllOf,
  endTogether,
  findSession,
  judgeRotation,
  listLatestSessions,
  listSessionsOf,
  purgeBefore,
  revocationsAfter,
  rotateTogether,
} from "./sql/postgres-sessions.ts"
import { listSigningKeys, replaceSigningKeys } from "./sql/postgres-signing-keys.ts"
import { findSessionKeys, findUser, updateUser } from "./sql/postgres-users.ts"
import type { LogInEntry, LogInOutcome, RotateOutcome, RotateRequest, Store } from "./store.ts"

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`, with what `pg` understands after the `?`. */
  readonly url: string
  /** Connections at most, besides the one that listens. Default is 10. */
  readonly connections?: number
  /** Writes of one kind that go in one statement at most. Default is 256. 1: each by itself. */
  readonly groupCommit?: number
  /** Batches of one kind under way at most. Default is 2. */
  readonly lanes?: number
  /** How long (ms) to wait for a connection. Default is 1,000. */
  readonly connectTimeoutMs?: number
  /** How long (ms) a statement may take. Default is 3,000. */
  readonly statementTimeoutMs?: number
}

/** Writes of one kind that wait at most; what comes on top is told to come back. */
const mostWaiting = 8_192
/** Looks at one refresh: each time somebody else was faster. */
const mostLooks = 5

/**
 * Opens (and if need be makes) the tables in a PostgreSQL database, or in one that speaks its language. Needs the package `pg`.
 *
 * @throws DengluError `store_unavailable` if the database can't be reached, or belongs to a newer Denglu
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const driver = await loadDriver()
  const { url, connections = 10, groupCommit = 256, lanes = 2 } = options
  const { connectTimeoutMs = 1_000, statementTimeoutMs = 3_000 } = options
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
    onConnect: client => prepareConnection(client, statementTimeoutMs),
  }) as unknown as PostgresPool
  // A connection that breaks while nobody uses it is replaced when one is needed.
  pool.on("error", () => {})
  const use = withConnection(pool)
  try {
    await use(client => migratePostgres(client))
  } catch (error) {
    await pool.end()
    throw unavailable(error)
  }
  const listener = listenToPostgres(() => new driver.Client(config))
  return assemble({ pool, use, listener, most: groupCommit, lanes })
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

type Use = <Result>(work: (client: PostgresPoolClient) => Promise<Result>) => Promise<Result>

function withConnection(pool: PostgresPool): Use {
  return async work => {
    let client: PostgresPoolClient | undefined
    let broken = false
    try {
      client = await pool.connect()
      return await work(client)
    } catch (error) {
      broken = breaksConnection(error)
      throw error
    } finally {
      client?.release(broken)
    }
  }
}

/** What PostgreSQL or the network says, as our error; the driver's own holds values of rows. A mistake in our own code stays what it is. */
function unavailable(error: unknown): unknown {
  if (error instanceof DengluError) return error
  if (error instanceof RangeError) return new DengluError("store_unavailable", { message: error.message })
  const text = describePostgresError(error)
  if (text === undefined) return error
  return new DengluError("store_unavailable", { message: `PostgreSQL: ${text}`, retryAfter: 1 })
}

interface Parts {
  readonly pool: PostgresPool
  readonly use: Use
  readonly listener: PostgresListener
  readonly most: number
  readonly lanes: number
}

function assemble({ pool, use, listener, most, lanes }: Parts): Store {
  const batches = <Piece, Result>(
    run: (client: PostgresPoolClient, pieces: readonly Piece[]) => Promise<readonly Result[]>,
    keysOf: (piece: Piece) => readonly string[],
  ): Batches<Piece, Result> =>
    createBatches({
      run: pieces => use(client => run(client, pieces)),
      keysOf,
      most,
      lanes,
      mostWaiting,
      judge: judgePostgresError,
    })
  const logIns = batches<LogInEntry, LogInOutcome>(
    logInTogether,
    ({ appid, openid, unionid, openPlatform }) => [
      `i${appid} ${openid}`,
      ...(unionid === undefined ? [] : [`u${openPlatform} ${unionid}`]),
    ],
  )
  const rotations = batches<RotateRequest, RotateOutcome | undefined>(rotateTogether, ({ id }) => [id])
  const endings = batches<Ending, boolean>(endTogether, ({ id }) => [id])
  let closed = false

  async function open<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closed) throw new DengluError("store_unavailable", { message: "the store is closed" })
    try {
      return await work()
    } catch (error) {
      throw unavailable(error)
    }
  }

  async function rotate(request: RotateRequest): Promise<RotateOutcome> {
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const outcome = (await rotations.add(request)) ?? (await use(client => judgeRotation(client, request)))
      if (outcome !== undefined) return outcome
    }
    throw new DengluError("store_unavailable", { message: "this session keeps changing", retryAfter: 1 })
  }

  const query = <Result>(work: (client: PostgresPoolClient) => Promise<Result>) => open(() => use(work))

  return {
    engine: "postgres",
    logIn: entry => open(() => logIns.add(entry)),
    rotateSession: request => open(() => rotate(request)),
    findSession: id => query(client => findSession(client, id)),
    listSessions: (userId, now) => query(client => listSessionsOf(client, userId, now)),
    listAllSessions: (now, limit) => query(client => listLatestSessions(client, now, limit)),
    revokeSession: (id, reason, now, userId) => open(() => endings.add({ id, reason, now, userId })),
    revokeUserSessions: (userId, reason, now, exceptId) =>
      query(client => endAllOf(client, userId, reason, now, exceptId)),
    revocationsSince: cursor =>
      query(async client => {
        const { revocations, last } = await revocationsAfter(client, cursor === "" ? 0 : Number(cursor))
        return { revocations, cursor: String(last) }
      }),
    findUser: id => query(client => findUser(client, id)),
    updateUser: (id, change, now) => query(client => updateUser(client, id, change, now)),
    findSessionKeys: (appid, openid) => query(client => findSessionKeys(client, appid, openid)),
    listSigningKeys: () => query(listSigningKeys),
    replaceSigningKeys: (expectedKids, keys) =>
      query(client => inTransaction(client, () => replaceSigningKeys(client, expectedKids, keys))),
    purge: (now, keepRevocationsFor, limit) =>
      query(async client => {
        const dropped = await purgeBefore(client, now - keepRevocationsFor, limit)
        if (dropped < limit) await dropCounts(client, Math.floor(now / 60_000) - 2, limit)
        return dropped
      }),
    now: () => query(readTime),
    addCounts: added => query(client => addCounts(client, added)),
    onNews: listener.onNews,
    ping: () =>
      query(async client => {
        if (!(await takesWrites(client)))
          throw new DengluError("store_unavailable", { message: "PostgreSQL takes no writes", retryAfter: 1 })
      }),
    async close() {
      if (closed) return
      closed = true
      await Promise.all([logIns.idle(), rotations.idle(), endings.idle(), listener.close()])
      await pool.end()
    },
  }
}
