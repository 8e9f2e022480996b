import { afterEach, beforeEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { logIn } from "../../src/store/contract/store-case.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import { connectMysql } from "../../src/store/mysql-pool.ts"
import { migrateMysql } from "../../src/store/sql/mysql-migration.ts"
import { mysqlSchemaState, mysqlSchemaVersion } from "../../src/store/sql/mysql-schema.ts"
import { askMysql, dropMysql, freshMysql, hasMysql, mysqlNeed } from "../support/engines.ts"

const there = await hasMysql()
beforeEach(context => need(context, there, mysqlNeed))
afterEach(dropMysql)

class Killed extends Error {}

/** Migrates, and dies after so many statements; answers whether it came to its end before. */
async function migrateFor(statements: number, url: string): Promise<boolean> {
  const { use, close } = await connectMysql({ url, connections: 1 })
  let done = 0
  try {
    await use(connection =>
      migrateMysql({
        async query(asked) {
          if (done === statements) throw new Killed()
          const answers = await connection.query(asked)
          done += 1
          return answers
        },
      }),
    )
    return true
  } catch (error) {
    if (error instanceof Killed) return false
    throw error
  } finally {
    await close()
  }
}

/** All columns and indexes, and the rows that are there from the beginning. */
async function describeDatabase(url: string): Promise<unknown> {
  return [
    await askMysql(
      `SELECT table_name, column_name, column_type, is_nullable FROM information_schema.columns
        WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
      url,
    ),
    await askMysql(
      `SELECT table_name, index_name, seq_in_index, column_name FROM information_schema.statistics
        WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`,
      url,
    ),
    await askMysql("SELECT * FROM denglu_schema", url),
    await askMysql("SELECT * FROM denglu_counters ORDER BY name", url),
  ]
}

test("killed after any statement, a migration is completed by the next", { timeout: 120_000 }, async () => {
  const whole = await freshMysql()
  expect(await migrateFor(Number.POSITIVE_INFINITY, whole)).toBe(true)
  const expected = await describeDatabase(whole)
  let statements = 1
  for (; ; statements += 1) {
    const url = await freshMysql()
    const reachedTheEnd = await migrateFor(statements, url)
    // Killed once more on the way, as often as not.
    if (statements % 2 === 0) await migrateFor(statements / 2, url)
    expect(await migrateFor(Number.POSITIVE_INFINITY, url)).toBe(true)
    expect(await describeDatabase(url)).toEqual(expected)
    if (reachedTheEnd) break
  }
  expect(statements).toBeGreaterThan(10)
})

test("a database that is up to date is left as it is, and what is in it stays", async () => {
  const url = await freshMysql()
  const store = await openMysqlStore({ url })
  const { session } = await logIn(store)
  await store.revokeSession(session.id, "logout", session.createdAt)
  await store.close()
  const before = await describeDatabase(url)
  const again = await openMysqlStore({ url })
  expect((await again.findSession(session.id))?.revokedReason).toBe("logout")
  await again.close()
  expect(await describeDatabase(url)).toEqual(before)
})

test("instances that open an empty database at once all open it", async () => {
  for (let round = 0; round < 3; round += 1) {
    const url = await freshMysql()
    const stores = await Promise.all(Array.from({ length: 8 }, () => openMysqlStore({ url, connections: 2 })))
    await Promise.all(stores.map((store, index) => logIn(store, { openid: `person${index}` })))
    await Promise.all(stores.map(store => store.close()))
    expect(await askMysql("SELECT version FROM denglu_schema", url)).toEqual([
      { version: mysqlSchemaVersion },
    ])
    expect(await askMysql("SELECT COUNT(*) AS count FROM denglu_users", url)).toEqual([{ count: 8 }])
  }
})

test("a database of a newer version is refused, unless that still runs this code", async () => {
  const url = await freshMysql()
  await (await openMysqlStore({ url })).close()
  await askMysql("UPDATE denglu_schema SET version = 99, runs_code_from = 99", url)
  await expect(openMysqlStore({ url })).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("install the newer version"),
  })
  await askMysql(`UPDATE denglu_schema SET runs_code_from = ${mysqlSchemaVersion}`, url)
  const store = await openMysqlStore({ url })
  await logIn(store)
  await store.close()
  const { use, close } = await connectMysql({ url })
  expect(await use(mysqlSchemaState)).toEqual({ version: 99, runsCodeFrom: mysqlSchemaVersion })
  await close()
})
