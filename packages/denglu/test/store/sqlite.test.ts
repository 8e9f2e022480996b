import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, expect, test } from "vitest"
import { day, logIn, minute, start, times } from "../../src/store/contract/store-case.ts"
import { migrateStore } from "../../src/store/migrate-store.ts"
import { openStore } from "../../src/store/open-store.ts"
import {
  migrateSqlite,
  sqliteSchemaState,
  sqliteSchemaVersion,
  sqliteSteps,
} from "../../src/store/sql/sqlite-schema.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-sqlite-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("the file and its folders are made, and what was stored is there after reopening", async () => {
  const path = join(folder, "some", "where", "login.db")
  const store = await openSqliteStore({ path })
  const { session, user } = await logIn(store, { openid: "same" })
  await store.revokeSession(session.id, "logout", start)
  await store.close()
  const again = await openSqliteStore({ path })
  expect((await again.findSession(session.id))?.revokedReason).toBe("logout")
  expect((await again.revocationsSince("")).revocations).toHaveLength(1)
  expect(await logIn(again, { openid: "same" })).toMatchObject({ isNew: false, user: { id: user.id } })
  await again.close()
})

test("the file and its log are readable by their owner only", async () => {
  const path = join(folder, "private.db")
  const store = await openSqliteStore({ path })
  await logIn(store)
  for (const file of [path, `${path}-wal`]) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600])
  await store.close()
})

test("a second server on the same file is refused with a remedy, and let in when the first is gone", async () => {
  const path = join(folder, "locked.db")
  const first = await openSqliteStore({ path })
  await expect(openSqliteStore({ path })).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("another login server is using"),
  })
  await first.close()
  await (await openSqliteStore({ path })).close()
})

test("a guest works beside the server, and each sees what the other does", async () => {
  const url = `sqlite:${join(folder, "guest.db")}`
  const server = await openStore(url)
  const { session } = await logIn(server)
  const guest = await openStore(url, { role: "guest" })
  expect(await guest.revokeSession(session.id, "revoked_by_operator", start)).toBe(true)
  expect((await server.revocationsSince("")).revocations.map(({ sessionId }) => sessionId)).toEqual([
    session.id,
  ])
  await guest.close()
  await server.close()
})

test("a database of a newer version is refused, and left as it is", async () => {
  const path = join(folder, "newer.db")
  await (await openSqliteStore({ path })).close()
  const database = new DatabaseSync(path)
  database.exec("PRAGMA user_version = 99")
  database.close()
  await expect(openSqliteStore({ path })).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("install the newer version"),
  })
})

test("a database of a newer version that still runs this code is used, and its schema stays as it is", async () => {
  const path = join(folder, "newer-but-good.db")
  await (await openSqliteStore({ path })).close()
  const later = {
    sql: "ALTER TABLE users ADD COLUMN later INTEGER NOT NULL DEFAULT 7",
    runsCodeFrom: sqliteSchemaVersion,
  }
  const database = new DatabaseSync(path)
  migrateSqlite(database, [...sqliteSteps, later])
  const newer = { version: sqliteSchemaVersion + 1, runsCodeFrom: sqliteSchemaVersion }
  expect(sqliteSchemaState(database)).toEqual(newer)
  const store = await openSqliteStore({ path })
  const { session } = await logIn(store)
  await store.close()
  expect(sqliteSchemaState(database)).toEqual(newer)
  expect(await migrateStore(`sqlite:${path}`, false)).toMatchObject({
    from: newer.version,
    to: newer.version,
  })
  // And one that does not run this code any more.
  migrateSqlite(database, [...sqliteSteps, later, { sql: "SELECT 1", runsCodeFrom: sqliteSchemaVersion + 1 }])
  await expect(openSqliteStore({ path })).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("install the newer version"),
  })
  expect(database.prepare("SELECT id FROM sessions").all()).toEqual([{ id: session.id }])
  database.close()
})

test("to look what is to do makes no file, whether there is a folder for it or not", async () => {
  for (const path of [join(folder, "not-there.db"), join(folder, "no-folder", "login.db")]) {
    expect(await migrateStore(`sqlite:${path}`, true)).toEqual({
      engine: "sqlite",
      from: 0,
      to: sqliteSchemaVersion,
    })
    expect(existsSync(path)).toBe(false)
  }
})

test("a server goes on while the schema is taken further beside it", async () => {
  const path = join(folder, "beside.db")
  const store = await openSqliteStore({ path })
  const before = await times(200, () => logIn(store))
  const database = new DatabaseSync(path)
  const going = times(200, () => logIn(store))
  migrateSqlite(database, [
    ...sqliteSteps,
    {
      sql: "ALTER TABLE users ADD COLUMN later INTEGER NOT NULL DEFAULT 7; ALTER TABLE sessions ADD COLUMN later TEXT",
      runsCodeFrom: sqliteSchemaVersion,
    },
  ])
  const after = await times(200, () => logIn(store))
  for (const { session, user } of [...before, ...(await going), ...after]) {
    const refresh = { id: session.id, counter: 0, now: start + minute, idle: 30 * day, grace: 0 }
    expect(await store.rotateSession(refresh)).toMatchObject({ kind: "rotated", user: { id: user.id } })
  }
  await store.close()
  database.close()
})

test("a migration of which any statement fails is completed by the next", () => {
  const describe = (database: DatabaseSync) =>
    database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all()
  const whole = new DatabaseSync(":memory:")
  migrateSqlite(whole)
  /** The steps with a statement in the n-th place that can't be run; nothing if there is no such place. */
  const broken = (place: number) => {
    let at = 0
    let isThere = false
    const steps = sqliteSteps.map(step => ({
      ...step,
      sql: step.sql.replace(/^(?!\s*--).*;$/gm, line => {
        at += 1
        if (at !== place) return line
        isThere = true
        return `${line} INSERT INTO nowhere VALUES (1);`
      }),
    }))
    return isThere ? steps : undefined
  }
  let place = 1
  for (let steps = broken(1); steps !== undefined; place += 1, steps = broken(place)) {
    const given = steps
    const database = new DatabaseSync(":memory:")
    expect(() => migrateSqlite(database, given)).toThrow(/nowhere/)
    migrateSqlite(database)
    expect(describe(database)).toEqual(describe(whole))
    expect(sqliteSchemaState(database)).toEqual(sqliteSchemaState(whole))
    database.close()
  }
  expect(place).toBeGreaterThan(30)
})

test("a file that is no database is refused, and left as it is", async () => {
  const path = join(folder, "package.json")
  writeFileSync(
    path,
    '{"name": "not a database, and longer than a header of one hundred bytes would be"}'.repeat(9),
  )
  const before = readFileSync(path, "utf8")
  await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: "store_unavailable" })
  expect(readFileSync(path, "utf8")).toBe(before)
})

test("a folder that can't be made is store_unavailable", async () => {
  const path = join(folder, "package.json", "login.db")
  expect(existsSync(join(folder, "package.json"))).toBe(true)
  await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: "store_unavailable" })
})

test.each(["", "sqlite:", "oracle://localhost/x", "./login.db", "memory:x"])(
  "a store URL there is no engine for is a TypeError: %s",
  async url => {
    await expect(openStore(url)).rejects.toThrow(TypeError)
  },
)

test("every commit is flushed to disk: synchronous is FULL, the log is WAL", async () => {
  const path = join(folder, "pragmas.db")
  const store = await openSqliteStore({ path })
  await logIn(store)
  expect(existsSync(`${path}-wal`)).toBe(true)
  await store.close()
  const { openSqliteConnection } = await import("../../src/store/sql/sqlite-connection.ts")
  const connection = openSqliteConnection(path)
  expect(connection.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 })
  expect(connection.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" })
  connection.close()
})
