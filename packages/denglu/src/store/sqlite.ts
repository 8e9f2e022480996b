import { resolve } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { DengluError } from "../errors.ts"
import { createGroupCommit } from "./group-commit.ts"
import { runOnSqlite } from "./sql/script.ts"
import { scriptedMethods } from "./sql/scripted-methods.ts"
import { prepareAppTokens } from "./sql/sqlite-app-tokens.ts"
import {
  beginWriting,
  commit,
  lockFile,
  openSqliteConnection,
  rollback,
  scrubSqlite,
} from "./sql/sqlite-connection.ts"
import { prepareLogIn } from "./sql/sqlite-log-in.ts"
import { migrateSqlite } from "./sql/sqlite-schema.ts"
import { prepareScripts } from "./sql/sqlite-scripts.ts"
import { prepareSeen } from "./sql/sqlite-seen.ts"
import { prepareSessions } from "./sql/sqlite-sessions.ts"
import { prepareSigningKeys } from "./sql/sqlite-signing-keys.ts"
import { prepareUsers } from "./sql/sqlite-users.ts"
import { dropWebRows } from "./sql/web-rows.ts"
import { makeSqliteFile, sqliteUnavailable } from "./sqlite-file.ts"
import type { Store } from "./store.ts"

export interface SqliteOptions {
  /** The file; it and its folder are made if they aren't there. `":memory:"`: gone with the process. */
  readonly path: string
  /**
   * `server` (the default) keeps other servers away from the file as long as it is open; `guest` looks or changes something while a
   * server may be running, as the command line does.
   */
  readonly role?: "server" | "guest"
  /** How many writes that arrive together are committed together, at most. Default is 256. 1: each by itself. */
  readonly groupCommit?: number
}

/**
 * A store in one SQLite file, for one server process. Statements run in this thread: one takes microseconds, and writes that arrive
 * together share one flush of the disk.
 *
 * @throws DengluError `store_unavailable` if the file can't be opened, is another server's, or is a newer version's
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const { database, lock } = openSqliteFile(options)
  return assemble(database, lock, options.groupCommit ?? 256)
}

/**
 * The database of a file and the lock that keeps other servers away.
 *
 * @param prepare sees to its schema; what it throws closes the file. By default it is brought up to date
 * @throws as {@link openSqliteStore}
 */
export function openSqliteFile(
  options: Pick<SqliteOptions, "path" | "role">,
  prepare: (database: DatabaseSync) => void = migrateSqlite,
): { readonly database: DatabaseSync; readonly lock: DatabaseSync | undefined } {
  const inMemory = options.path === ":memory:"
  const path = inMemory ? options.path : resolve(options.path)
  let lock: DatabaseSync | undefined
  let database: DatabaseSync | undefined
  try {
    if (!inMemory) makeSqliteFile(path)
    if (!inMemory && options.role !== "guest") lock = takeLock(path)
    database = openSqliteConnection(path)
    prepare(database)
    return { database, lock }
  } catch (error) {
    database?.close()
    lock?.close()
    throw sqliteUnavailable(error)
  }
}

function takeLock(path: string): DatabaseSync {
  try {
    return lockFile(`${path}-lock`)
  } catch (error) {
    if (!/locked/.test(String(error))) throw error
    throw new SqliteFileInUse(path)
  }
}

/** Another login server has the file. */
export class SqliteFileInUse extends DengluError {
  readonly path: string

  constructor(path: string) {
    super("store_unavailable", {
      message: `another login server is using ${path}: stop that one first, or give this one a file of its own`,
    })
    this.path = path
  }
}

function assemble(database: DatabaseSync, lock: DatabaseSync | undefined, most: number): Store {
  const logIn = prepareLogIn(database)
  const sessions = prepareSessions(database)
  const users = prepareUsers(database)
  const seen = prepareSeen(database)
  const signingKeys = prepareSigningKeys(database)
  const appTokens = prepareAppTokens(database)
  const runScript = prepareScripts(database)
  const statements = {
    begin: database.prepare(beginWriting),
    commit: database.prepare(commit),
    rollback: database.prepare(rollback),
  }
  const group = createGroupCommit(
    {
      begin: () => void statements.begin.run(),
      commit: () => void statements.commit.run(),
      rollback: () => void statements.rollback.run(),
    },
    most,
  )
  let closed = false

  async function read<Result>(work: () => Result): Promise<Result> {
    if (closed) throw closedError()
    try {
      return work()
    } catch (error) {
      throw sqliteUnavailable(error)
    }
  }

  async function write<Result>(work: () => Result): Promise<Result> {
    if (closed) throw closedError()
    try {
      return await group.write(work)
    } catch (error) {
      throw sqliteUnavailable(error)
    }
  }

  return {
    engine: "sqlite",
    ...scriptedMethods({
      write: make => write(() => runOnSqlite(runScript, make)),
      read: make => read(() => runOnSqlite(runScript, make)),
    }),
    logIn: entry => write(() => logIn(entry)),
    rotateSession: request => write(() => sessions.rotate(request)),
    findSession: id => read(() => sessions.find(id)),
    listSessions: (userId, now) => read(() => sessions.list(userId, now)),
    listAllSessions: (now, limit) => read(() => sessions.listAll(now, limit)),
    revokeSession: (id, reason, now, userId) => write(() => sessions.revoke(id, reason, now, userId)),
    revokeUserSessions: (userId, reason, now, exceptId) =>
      write(() => sessions.revokeAll(userId, reason, now, exceptId)),
    revocationsSince: cursor =>
      read(() => {
        const { revocations, last } = sessions.revocationsAfter(cursor === "" ? 0 : Number(cursor))
        return { revocations, cursor: String(last) }
      }),
    findUser: id => read(() => users.find(id)),
    findIdentity: (appid, openid) => read(() => users.findIdentity(appid, openid)),
    findSessionKeys: (appid, openid) => read(() => users.findSessionKeys(appid, openid)),
    replaceSessionKey: (appid, openid, expected, next, now) =>
      write(() => users.replaceSessionKey(appid, openid, expected, next, now)),
    listSigningKeys: () => read(() => signingKeys.list()),
    replaceSigningKeys: (expectedKids, keys, occasion) =>
      write(() => signingKeys.replace(expectedKids, keys, occasion)),
    findAppToken: appid => read(() => appTokens.find(appid)),
    leaseAppToken: (appid, lease) => write(() => appTokens.lease(appid, lease)),
    keepAppToken: (appid, holder, token) => write(() => appTokens.keep(appid, holder, token)),
    releaseAppToken: (appid, holder) => write(() => appTokens.release(appid, holder)),
    refuseAppToken: (appid, version) => write(() => appTokens.refuse(appid, version)),
    seeOnce: (key, expiresAt, now) => write(() => seen.see(key, expiresAt, now)),
    purge: (now, keepRevocationsFor, limit) =>
      write(() => {
        let dropped = sessions.purge(now - keepRevocationsFor, limit)
        dropped += seen.purge(now, limit - dropped)
        return dropped + runOnSqlite(runScript, () => dropWebRows(now, limit - dropped))
      }),
    scrub: () =>
      read(() => {
        group.flush()
        const outcome = scrubSqlite(database)
        if (outcome === "refused")
          throw new DengluError("store_unavailable", {
            message: "the file can't be written anew: VACUUM it by hand",
          })
        return outcome === "done"
      }),
    ping: () => write(() => undefined),
    async close() {
      if (closed) return
      group.flush()
      closed = true
      database.close()
      lock?.close()
    },
  }
}

function closedError(): DengluError {
  return new DengluError("store_unavailable", { message: "the store is closed" })
}
