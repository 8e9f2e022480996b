import { DengluError } from "../errors.ts"
import { again } from "./again.ts"
import { createAnswerDeadline } from "./answer-deadline.ts"
import { type Batches, type BatchesOptions, createBatches } from "./batches.ts"
import { listenToPostgres, type PostgresListener } from "./postgres-news.ts"
import {
  connectPostgres,
  type PostgresConnection,
  type PostgresConnectionOptions,
  postgresUnavailable,
} from "./postgres-pool.ts"
import { keysOfLogIn, samePresented } from "./session-rules.ts"
import {
  findAppToken,
  keepAppToken,
  leaseAppToken,
  refuseAppToken,
  releaseAppToken,
} from "./sql/postgres-app-tokens.ts"
import {
  judgePostgresError,
  judgePostgresScript,
  type PostgresPoolClient,
} from "./sql/postgres-connection.ts"
import { addCounts, dropCounts } from "./sql/postgres-limits.ts"
import { logInTogether } from "./sql/postgres-log-in.ts"
import { migratePostgres } from "./sql/postgres-migration.ts"
import { postgresSchemaState, postgresSchemaVersion } from "./sql/postgres-schema.ts"
import { dropSeen, seeOnce } from "./sql/postgres-seen.ts"
import { inTransaction, readTime, takesWrites } from "./sql/postgres-server.ts"
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
import { findIdentity, findSessionKeys, findUser, replaceSessionKey } from "./sql/postgres-users.ts"
import { type MakeScript, runOnPostgres, writeOnPostgres } from "./sql/script.ts"
import { scriptedMethods } from "./sql/scripted-methods.ts"
import { dropWebRows } from "./sql/web-rows.ts"
import type { LogInEntry, LogInOutcome, RotateOutcome, RotateRequest, Store } from "./store.ts"

export interface PostgresOptions extends PostgresConnectionOptions {
  /** Writes of one kind that go in one statement at most. Default is 256. 1: each by itself. */
  readonly groupCommit?: number
  /** Batches of one kind under way at most. Default is 2. */
  readonly lanes?: number
}

/** Writes of one kind that wait at most; what comes on top is told to come back. */
const mostWaiting = 8_192
/** Scripts under way at most: of many that wait for one row, as merges of one user do, none shall take the connections of logins. */
const scriptLanes = 3
/** Looks at one refresh: each time somebody else was faster. */
const mostLooks = 5

/**
 * Opens (and if need be makes) the tables in a PostgreSQL database, or in one that speaks its language. Needs the package `pg`.
 *
 * @throws DengluError `store_unavailable` if the database can't be reached, or belongs to a newer Denglu
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const { groupCommit = 256, lanes = 2, connectTimeoutMs = 1_000, statementTimeoutMs = 3_000 } = options
  const connection = await connectPostgres(options)
  try {
    const { version } = await connection.use(postgresSchemaState)
    if (version < postgresSchemaVersion) {
      const { migrateStore } = await import("./migrate-store.ts")
      await migrateStore(options.url, false)
    } else await connection.use(client => migratePostgres(client))
  } catch (error) {
    await connection.close()
    throw postgresUnavailable(error)
  }
  const listener = listenToPostgres(connection.createClient)
  return assemble({
    connection,
    listener,
    most: groupCommit,
    lanes,
    answerWithin: connectTimeoutMs + statementTimeoutMs,
  })
}

interface Parts {
  readonly connection: PostgresConnection
  readonly listener: PostgresListener
  readonly most: number
  readonly lanes: number
  /** Milliseconds. */
  readonly answerWithin: number
}

function assemble({ connection, listener, most, lanes, answerWithin }: Parts): Store {
  const { use } = connection
  const deadline = createAnswerDeadline(answerWithin, "PostgreSQL")
  const batches = <Piece, Result>(
    run: (client: PostgresPoolClient, pieces: readonly Piece[]) => Promise<readonly Result[]>,
    keysOf: (piece: Piece) => readonly string[],
    more: Partial<BatchesOptions<Piece, Result>> = {},
  ): Batches<Piece, Result> =>
    createBatches({
      run: pieces => use(client => run(client, pieces)),
      keysOf,
      most,
      lanes,
      mostWaiting,
      deadline,
      judge: judgePostgresError,
      ...more,
    })
  const logIns = batches<LogInEntry, LogInOutcome>(logInTogether, keysOfLogIn)
  const idOf = ({ id }: { readonly id: string }) => [id]
  const rotations = batches<RotateRequest, RotateOutcome | undefined>(rotateTogether, idOf, {
    merge: samePresented,
  })
  const judged = batches<RotateRequest, RotateOutcome | undefined>(
    async (client, [request]) => [await judgeRotation(client, request as RotateRequest)],
    idOf,
    { merge: samePresented, most: 1 },
  )
  const endings = batches<Ending, boolean>(endTogether, idOf)
  const scripts = batches<MakeScript<unknown>, unknown>(
    async (client, [make]) => [await writeOnPostgres(client, make as MakeScript<unknown>)],
    () => [],
    { most: 1, lanes: scriptLanes, judge: judgePostgresScript },
  )
  let closed = false

  async function open<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closed) throw new DengluError("store_unavailable", { message: "the store is closed" })
    try {
      return await deadline.within(work())
    } catch (error) {
      throw postgresUnavailable(error)
    }
  }

  async function rotate(request: RotateRequest): Promise<RotateOutcome> {
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const outcome = (await rotations.add(request)) ?? (await judged.add(request))
      if (outcome !== undefined) return outcome
    }
    throw new DengluError("store_unavailable", { message: "this session keeps changing", retryAfter: 1 })
  }

  const query = <Result>(work: (client: PostgresPoolClient) => Promise<Result>) =>
    open(() => again(judgePostgresError, () => use(work)))

  return {
    engine: "postgres",
    ...scriptedMethods({
      write: <Result>(make: MakeScript<Result>) => open(() => scripts.add(make) as Promise<Result>),
      read: make => query(client => runOnPostgres(client, make)),
    }),
    logIn: entry => open(() => logIns.add(entry)),
    rotateSession: request => open(() => rotate(request)),
    findSession: id => query(client => findSession(client, id)),
    listSessions: (userId, now) => query(client => listSessionsOf(client, userId, now)),
    listAllSessions: (now, limit) => query(client => listLatestSessions(client, now, limit)),
    revokeSession: (id, reason, now, userId) => open(() => endings.add({ id, reason, now, userId })),
    revokeUserSessions: (userId, reason, now, exceptId) =>
      query(client => endAllOf(client, userId, reason, now, exceptId)),
    revocationsSince: cursor => query(client => revocationsAfter(client, cursor)),
    findUser: id => query(client => findUser(client, id)),
    findIdentity: (appid, openid) => query(client => findIdentity(client, appid, openid)),
    findSessionKeys: (appid, openid) => query(client => findSessionKeys(client, appid, openid)),
    replaceSessionKey: (appid, openid, expected, next, now) =>
      query(client => replaceSessionKey(client, appid, openid, expected, next, now)),
    listSigningKeys: () => query(listSigningKeys),
    replaceSigningKeys: (expectedKids, keys, occasion) =>
      query(client => inTransaction(client, () => replaceSigningKeys(client, expectedKids, keys, occasion))),
    findAppToken: appid => query(client => findAppToken(client, appid)),
    leaseAppToken: (appid, lease) => query(client => leaseAppToken(client, appid, lease)),
    keepAppToken: (appid, holder, token) => query(client => keepAppToken(client, appid, holder, token)),
    releaseAppToken: (appid, holder) => query(client => releaseAppToken(client, appid, holder)),
    refuseAppToken: (appid, version) => query(client => refuseAppToken(client, appid, version)),
    seeOnce: (key, expiresAt, now) => query(client => seeOnce(client, key, expiresAt, now)),
    purge: (now, keepRevocationsFor, limit) =>
      query(async client => {
        let dropped = await purgeBefore(client, now - keepRevocationsFor, limit)
        if (dropped < limit) dropped += await dropSeen(client, now, limit - dropped)
        dropped += await dropCounts(client, Math.floor(now / 60_000) - 2, limit - dropped)
        return dropped + (await runOnPostgres(client, () => dropWebRows(now, limit - dropped)))
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
      await Promise.all([
        logIns.idle(),
        rotations.idle(),
        judged.idle(),
        endings.idle(),
        scripts.idle(),
        listener.close(),
      ])
      await connection.close()
    },
  }
}
