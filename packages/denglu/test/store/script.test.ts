import { afterEach, describe, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { connectMysql } from "../../src/store/mysql-pool.ts"
import { connectPostgres } from "../../src/store/postgres-pool.ts"
import { recordEvent } from "../../src/store/sql/audit-events.ts"
import { migrateMysql } from "../../src/store/sql/mysql-migration.ts"
import { migratePostgres } from "../../src/store/sql/postgres-migration.ts"
import {
  asText,
  runOnMysql,
  runOnPostgres,
  runOnSqlite,
  type Script,
  type ScriptRunner,
  statement,
  writeOnMysql,
  writeOnPostgres,
} from "../../src/store/sql/script.ts"
import { openSqliteConnection } from "../../src/store/sql/sqlite-connection.ts"
import { migrateSqlite } from "../../src/store/sql/sqlite-schema.ts"
import { prepareScripts } from "../../src/store/sql/sqlite-scripts.ts"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"

const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
afterEach(dropPostgres)
afterEach(dropMysql)

interface OpenRunner extends ScriptRunner {
  close(): Promise<void>
}

async function openSqlite(): Promise<OpenRunner> {
  const database = openSqliteConnection(":memory:")
  migrateSqlite(database)
  const run = prepareScripts(database)
  return {
    async write(make) {
      database.exec("BEGIN IMMEDIATE")
      try {
        const result = runOnSqlite(run, make)
        database.exec("COMMIT")
        return result
      } catch (error) {
        database.exec("ROLLBACK")
        throw error
      }
    },
    read: async make => runOnSqlite(run, make),
    close: async () => database.close(),
  }
}

async function openPostgres(): Promise<OpenRunner> {
  const { use, close } = await connectPostgres({ url: await freshPostgres() })
  await use(client => migratePostgres(client))
  return {
    write: make => use(client => writeOnPostgres(client, make)),
    read: make => use(client => runOnPostgres(client, make)),
    close,
  }
}

async function openMysql(): Promise<OpenRunner> {
  const { use, close } = await connectMysql({ url: await freshMysql() })
  await use(connection => migrateMysql(connection))
  return {
    write: make => use(connection => writeOnMysql(connection, make)),
    read: make => use(connection => runOnMysql(connection, make)),
    close,
  }
}

const engines = [
  { name: "SQLite", open: openSqlite, met: true, what: "" },
  { name: "PostgreSQL", open: openPostgres, met: there.postgres, what: postgresNeed },
  { name: "MariaDB", open: openMysql, met: there.mysql, what: mysqlNeed },
]

const odd = "o'\\\"?:$1 \u{1F600} %_;--/*"

function* addUser(id: string): Script<void> {
  yield statement(
    "INSERT INTO denglu_users (id, nickname, avatar_url, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
    id,
    asText(odd),
    null,
    1,
    2,
  )
}

function* readUser(id: string): Script<unknown> {
  const { rows } = yield statement(
    "SELECT id, nickname, avatar_url, created_at, leaves_at FROM denglu_users WHERE id = ? FOR UPDATE",
    id,
  )
  return rows[0]
}

function* bind(phone: string, userId: string): Script<number> {
  const { affected } = yield statement(
    `INSERT INTO denglu_phones (phone, user_id, country_code, appid, verified_at) VALUES (?, ?, '86', ?, ?)
      ON CONFLICT DO NOTHING`,
    phone,
    userId,
    "wx0",
    3,
  )
  yield recordEvent({ id: `${phone}-${userId}`, at: 3, type: "phone.bound", userId, actor: "user" })
  return affected
}

describe.each(engines)("a script on $name", ({ open, met, what }) => {
  test("values of every kind come back as they were", async context => {
    need(context, met, what)
    const { write, close } = await open()
    await write(() => addUser("u1"))
    expect(await write(() => readUser("u1"))).toEqual({
      id: "u1",
      nickname: odd,
      avatar_url: null,
      created_at: 1,
      leaves_at: null,
    })
    await close()
  })

  test("ON CONFLICT DO NOTHING passes over what is there, and says so", async context => {
    need(context, met, what)
    const { write, close } = await open()
    expect(await write(() => bind("+861", "u1"))).toBe(1)
    expect(await write(() => bind("+861", "u2"))).toBe(0)
    expect(await write(() => bind("+862", "u1"))).toBe(0)
    await close()
  })

  test("what throws has written nothing", async context => {
    need(context, met, what)
    const { write, read, close } = await open()
    const broken = function* (): Script<void> {
      yield* addUser("u1")
      throw new Error("broken")
    }
    await expect(write(broken)).rejects.toThrow("broken")
    await expect(
      write(function* (): Script<void> {
        yield* addUser("u2")
        yield* addUser("u2")
      }),
    ).rejects.toThrow()
    expect(
      await read(function* () {
        return (yield statement("SELECT count(*) AS count FROM denglu_users")).rows
      }),
    ).toEqual([{ count: 0 }])
    await close()
  })
})
