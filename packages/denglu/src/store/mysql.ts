import { DengluError } from "../errors.ts"
import { again } from "./again.ts"
import { createAnswerDeadline } from "./answer-deadline.ts"
import { type Batches, type BatchesOptions, createBatches } from "./batches.ts"
import { connectMysql, type Mysql, type MysqlConnectionOptions, mysqlUnavailable } from "./mysql-pool.ts"
import { keysOfLogIn, samePresented } from "./session-rules.ts"
import {
  findAppToken,
  keepAppToken,
  leaseAppToken,
  refuseAppToken,
  releaseAppToken,
} from "./sql/mysql-app-tokens.ts"
import { judgeMysqlError, judgeMysqlScript, type MysqlConnection } from "./sql/mysql-connection.ts"
import { logInTogether } from "./sql/mysql-log-in.ts"
import { migrateMysql } from "./sql/mysql-migration.ts"
import { mysqlSchemaState, mysqlSchemaVersion } from "./sql/mysql-schema.ts"
import { dropSeen, seeOnce } from "./sql/mysql-seen.ts"
import { readTime, takesWrites } from "./sql/mysql-server.ts"
import {
  type Ending,
  endAllOf,
  endTogether,
  findSession,
  listLatestSessions,
  listSessionsOf,
  type Rotation,
  rotateTogether,
} from "./sql/mysql-sessions.ts"
import { listSigningKeys, replaceSigningKeys } from "./sql/mysql-signing-keys.ts"
import { addCounts, dropCounts, purgeBefore, revocationsAfter } from "./sql/mysql-upkeep.ts"
import { findIdentity, findSessionKeys, findUser, replaceSessionKey } from "./sql/mysql-users.ts"
import { type MakeScript, runOnMysql, writeOnMysql } from "./sql/script.ts"
import { scriptedMethods } from "./sql/scripted-methods.ts"
import { dropWebRows } from "./sql/web-rows.ts"
import type { LogInEntry, LogInOutcome, RotateOutcome, RotateRequest, Store } from "./store.ts"

export interface MysqlOptions extends MysqlConnectionOptions {
  /** Writes of one kind that go in one packet at most. Default is 256. 1: each by itself. */
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
 * Opens (and if need be makes) the tables in a MySQL or MariaDB database, or in one that speaks their language. Needs the package
 * `mysql2`. That a login is durable once it is answered holds if the server has `innodb_flush_log_at_trx_commit = 1`, and with a
 * binary log also `sync_binlog = 1`.
 *
 * @throws DengluError `store_unavailable` if the database can't be reached, or belongs to a newer Denglu
 */
export async function openMysqlStore(options: MysqlOptions): Promise<Store> {
  const { groupCommit = 256, lanes = 2, connectTimeoutMs = 1_000, statementTimeoutMs = 3_000 } = options
  const mysql = await connectMysql(options)
  try {
    const { version } = await mysql.use(mysqlSchemaState)
    if (version < mysqlSchemaVersion) {
      const { migrateStore } = await import("./migrate-store.ts")
      await migrateStore(options.url, false)
    } else await mysql.use(connection => migrateMysql(connection))
  } catch (error) {
    await mysql.close()
    throw mysqlUnavailable(error)
  }
  return assemble(mysql, groupCommit, lanes, connectTimeoutMs + statementTimeoutMs)
}

function assemble({ use, close }: Mysql, most: number, lanes: number, answerWithin: number): Store {
  const deadline = createAnswerDeadline(answerWithin, "MySQL")
  const batches = <Piece, Result>(
    run: (connection: MysqlConnection, pieces: readonly Piece[]) => Promise<readonly Result[]>,
    keysOf: (piece: Piece) => readonly string[],
    merge?: BatchesOptions<Piece, Result>["merge"],
  ): Batches<Piece, Result> =>
    createBatches({
      run: pieces => use(connection => run(connection, pieces)),
      keysOf,
      most,
      lanes,
      mostWaiting,
      deadline,
      judge: judgeMysqlError,
      ...(merge && { merge }),
    })
  const logIns = batches<LogInEntry, LogInOutcome>(logInTogether, keysOfLogIn)
  const idOf = ({ id }: { readonly id: string }) => [id]
  const rotations = batches<RotateRequest, Rotation>(rotateTogether, idOf, {
    sameAs: samePresented.sameAs,
    // A reuse is a reuse for everybody: the one who ends the session has found it out, the others find it ended.
    follow: outcome => (outcome.kind === "reuse" ? outcome : (samePresented.follow(outcome) ?? outcome)),
  })
  const endings = batches<Ending, boolean>(endTogether, idOf)
  const scripts = createBatches<MakeScript<unknown>, unknown>({
    run: async ([make]) => [await use(connection => writeOnMysql(connection, make as MakeScript<unknown>))],
    keysOf: () => [],
    most: 1,
    lanes: scriptLanes,
    mostWaiting,
    deadline,
    judge: judgeMysqlScript,
  })
  let closed = false

  async function open<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closed) throw new DengluError("store_unavailable", { message: "the store is closed" })
    try {
      return await deadline.within(work())
    } catch (error) {
      throw mysqlUnavailable(error)
    }
  }

  const query = <Result>(work: (connection: MysqlConnection) => Promise<Result>) =>
    open(() => again(judgeMysqlError, () => use(work)))

  /** A counter that is far behind stays so: the session may be ended by itself. Who finds it ended meanwhile looks again. */
  async function rotate(request: RotateRequest): Promise<RotateOutcome> {
    const { id, now } = request
    const reason = "refresh_reused"
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const outcome = await rotations.add(request)
      if (outcome.kind !== "reuse") return outcome
      if (await endings.add({ id, reason, now, userId: undefined }))
        return { kind: "reused", session: { ...outcome.session, revokedAt: now, revokedReason: reason } }
    }
    throw new DengluError("store_unavailable", { message: "this session keeps changing", retryAfter: 1 })
  }

  return {
    engine: "mysql",
    ...scriptedMethods({
      write: <Result>(make: MakeScript<Result>) => open(() => scripts.add(make) as Promise<Result>),
      read: make => query(connection => runOnMysql(connection, make)),
    }),
    logIn: entry => open(() => logIns.add(entry)),
    rotateSession: request => open(() => rotate(request)),
    findSession: id => query(connection => findSession(connection, id)),
    listSessions: (userId, now) => query(connection => listSessionsOf(connection, userId, now)),
    listAllSessions: (now, limit) => query(connection => listLatestSessions(connection, now, limit)),
    revokeSession: (id, reason, now, userId) => open(() => endings.add({ id, reason, now, userId })),
    revokeUserSessions: (userId, reason, now, exceptId) =>
      query(connection => endAllOf(connection, userId, reason, now, exceptId)),
    revocationsSince: cursor => query(connection => revocationsAfter(connection, cursor)),
    findUser: id => query(connection => findUser(connection, id)),
    findIdentity: (appid, openid) => query(connection => findIdentity(connection, appid, openid)),
    findSessionKeys: (appid, openid) => query(connection => findSessionKeys(connection, appid, openid)),
    replaceSessionKey: (appid, openid, expected, next, now) =>
      query(connection => replaceSessionKey(connection, appid, openid, expected, next, now)),
    listSigningKeys: () => query(listSigningKeys),
    replaceSigningKeys: (expectedKids, keys, occasion) =>
      query(connection => replaceSigningKeys(connection, expectedKids, keys, occasion)),
    findAppToken: appid => query(connection => findAppToken(connection, appid)),
    leaseAppToken: (appid, lease) => query(connection => leaseAppToken(connection, appid, lease)),
    keepAppToken: (appid, holder, token) =>
      query(connection => keepAppToken(connection, appid, holder, token)),
    releaseAppToken: (appid, holder) => query(connection => releaseAppToken(connection, appid, holder)),
    refuseAppToken: (appid, version) => query(connection => refuseAppToken(connection, appid, version)),
    seeOnce: (key, expiresAt, now) => query(connection => seeOnce(connection, key, expiresAt, now)),
    purge: (now, keepRevocationsFor, limit) =>
      query(async connection => {
        let dropped = await purgeBefore(connection, now - keepRevocationsFor, limit)
        if (dropped < limit) dropped += await dropSeen(connection, now, limit - dropped)
        dropped += await dropCounts(connection, Math.floor(now / 60_000) - 2, limit - dropped)
        return dropped + (await runOnMysql(connection, () => dropWebRows(now, limit - dropped)))
      }),
    now: () => query(readTime),
    addCounts: added => query(connection => addCounts(connection, added)),
    ping: () =>
      query(async connection => {
        if (!(await takesWrites(connection)))
          throw new DengluError("store_unavailable", { message: "MySQL takes no writes", retryAfter: 1 })
      }),
    async close() {
      if (closed) return
      closed = true
      await Promise.all([logIns.idle(), rotations.idle(), endings.idle(), scripts.idle()])
      await close()
    },
  }
}
