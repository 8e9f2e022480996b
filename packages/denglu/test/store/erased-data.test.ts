import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import pg from "pg"
import { afterAll, afterEach, describe, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { changeProfile, day, eventId, logIn, start } from "../../src/store/contract/store-case.ts"
import { logInBy, opened, sent } from "../../src/store/contract/texting.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { erasedTables } from "../../src/store/sql/erase-user.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import type { Store } from "../../src/store/store.ts"
import {
  askMysql,
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
const folder = mkdtempSync(join(tmpdir(), "denglu-erased-"))
afterEach(dropPostgres)
afterEach(dropMysql)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Everything that stands in every table, as one text. */
type Dump = () => Promise<string>
interface Opened {
  readonly store: Store
  readonly dump: Dump
  /** Writes a phone number straight into its table, as nothing else does it here. */
  readonly run: (text: string) => Promise<unknown>
}

async function openSqlite(): Promise<Opened> {
  const path = join(folder, `${Math.random()}.db`)
  const store = await openSqliteStore({ path })
  const database = new DatabaseSync(path)
  return {
    store: {
      ...store,
      async close() {
        database.close()
        await store.close()
      },
    },
    run: async text => database.exec(text.replaceAll("denglu_", "")),
    async dump() {
      const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
      return JSON.stringify(names.map(({ name }) => database.prepare(`SELECT * FROM "${name}"`).all()))
    },
  }
}

async function openPostgres(): Promise<Opened> {
  const url = await freshPostgres()
  const store = await openPostgresStore({ url })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    store: {
      ...store,
      async close() {
        await client.end()
        await store.close()
      },
    },
    run: text => client.query(text),
    async dump() {
      const { rows } = await client.query(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()",
      )
      const tables: unknown[] = []
      for (const { name } of rows) tables.push((await client.query(`SELECT * FROM ${name}`)).rows)
      return JSON.stringify(tables)
    },
  }
}

async function openMysql(): Promise<Opened> {
  const url = await freshMysql()
  const store = await openMysqlStore({ url })
  return {
    store,
    run: text => askMysql(text, url),
    async dump() {
      const names = await askMysql<readonly { readonly name: string }[]>(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database()",
        url,
      )
      const tables: unknown[] = []
      for (const { name } of names)
        tables.push(
          await askMysql<readonly Readonly<Record<string, unknown>>[]>(`SELECT * FROM ${name}`, url),
        )
      return JSON.stringify(tables, (_, value) =>
        value?.type === "Buffer" ? Buffer.from(value.data).toString() : value,
      )
    },
  }
}

const engines = [
  { name: "SQLite", open: openSqlite, met: true, what: "" },
  { name: "PostgreSQL", open: openPostgres, met: there.postgres, what: postgresNeed },
  { name: "MariaDB", open: openMysql, met: there.mysql, what: mysqlNeed },
]

const odd = `o'"?:$1 %_;--/*`
/** What is planted of a person; each begins with this. */
const planted = (person: string) => ({
  openid: `${person}-openid-${odd}`,
  other: `${person}-other-openid`,
  unionid: `${person}-unionid-${odd}`,
  nickname: `${person}-昵称-😀-${odd}`,
  avatarUrl: `https://example.com/${person}-avatar.png`,
  userAgent: `${person}-agent-${odd}`,
  sealed: `${person}-sealed`,
  phone: `${person}-phone`,
})

async function plant({ store, run }: Opened, person: string): Promise<string> {
  const { openid, other, unionid, nickname, avatarUrl, userAgent, sealed, phone } = planted(person)
  const session = (id: string) => ({
    id,
    idleExpiresAt: start + 30 * day,
    absoluteExpiresAt: start + 180 * day,
    userAgent,
  })
  const keyed = (n: number) => ({ sealed: `${sealed}-${n}`, fingerprint: `${person}-fingerprint-${n}` })
  const entryOf = (appid: string, name: string, n: number) => ({
    appid,
    openid: name,
    unionid,
    sessionKey: keyed(n),
    session: session(`${Math.random()}`.slice(2)),
  })
  const { user } = await logIn(store, entryOf("app1", openid, 1))
  await logIn(store, entryOf("app1", openid, 2))
  await logIn(store, entryOf("app2", other, 3))
  await changeProfile(store, user.id, { nickname, avatarUrl })
  await run(`INSERT INTO denglu_phones (phone, user_id, country_code, appid, verified_at, sms_verified_at)
    VALUES ('${phone}-old', '${user.id}', '86', 'app1', 1, ${start})`)
  const byOldNumber = opened(await logInBy(store, await sent(store, { phone: `${phone}-old` })))
  expect(byOldNumber.user.id).toBe(user.id)
  await run(`UPDATE denglu_phones SET phone = '${phone}' WHERE user_id = '${user.id}'`)
  const absorbed = await logIn(store, {
    ...entryOf("app3", `${person}-absorbed`, 4),
    unionid: `${person}-second`,
  })
  await changeProfile(store, absorbed.user.id, { nickname: `${person}-absorbed-name` })
  const sides = { survivorId: user.id, absorbedId: absorbed.user.id }
  const merge = { id: `merge-${user.id}`, ...sides, dropPhone: true, actor: "user", now: start } as const
  expect((await store.mergeUsers(merge)).kind).toBe("merged")
  return user.id
}

function change(userId: string, now: number) {
  return { userId, now, actor: "user", eventId: eventId() } as const
}

describe.each(engines)("a person who is erased from $name", ({ open, met, what }) => {
  test("is found in no table any more, and neither are those who were merged into them", async context => {
    need(context, met, what)
    const opened = await open()
    const { store, dump } = opened
    const alice = await plant(opened, "Alice")
    await plant(opened, "Bob")
    const before = await dump()
    expect(before.match(/Alice/g)?.length).toBeGreaterThan(15)
    const bobs = before.match(/Bob/g)?.length
    await store.leaveUser({ ...change(alice, start), leavesAt: start + 7 * day })
    expect(await store.eraseUser(change(alice, start + 7 * day))).toHaveLength(2)
    const after = await dump()
    expect(after.match(/[^"]*Alice[^"]*/g) ?? []).toEqual([])
    expect(after.match(/Bob/g)?.length).toBe(bobs)
    expect(after).toContain("user.purged")
    await store.close()
  })
})

test("every table that names a user is erased, or keeps the bare id on purpose", async () => {
  const path = join(folder, "tables.db")
  const store = await openSqliteStore({ path })
  const database = new DatabaseSync(path)
  const rows = database
    .prepare(
      `SELECT t.name || '.' || c.name AS place FROM sqlite_master t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND (c.name IN ('user_id', 'user_n', 'survivor_id', 'absorbed_id', 'merged_into'))`,
    )
    .all()
  const erased = ["avatars.user_id", "identities.user_n", "sessions.user_n", "users.merged_into"]
  const bare = ["audit.user_id", "merges.survivor_id", "merges.absorbed_id"]
  const places = [...erased, ...bare, ...erasedTables.map(table => `${table}.user_id`)]
  expect(rows.map(({ place }) => place).sort()).toEqual(places.sort())
  database.close()
  await store.close()
})

test("of hundreds who are erased from a busy SQLite file not a byte is left in any file of it", async () => {
  const path = join(folder, "busy", "login.db")
  const store = await openSqliteStore({ path })
  // In an order in which the B-trees are balanced over them: without the scrub a copy of one of these is left.
  const names = Array.from({ length: 3_000 }, (_, index) => {
    const scattered = (Math.imul(index + 1, 2_654_435_761) >>> 0).toString(36)
    return `${scattered}-${index % 10 === 3 ? "LEAVER" : "STAYER"}-${index}`
  })
  const users: string[] = []
  for (let index = 0; index < names.length; index += 50) {
    const some = names.slice(index, index + 50)
    const logIns = some.map(openid => logIn(store, { openid, unionid: `union-${openid}` }))
    const ids = (await Promise.all(logIns)).map(({ user }) => user.id)
    users.push(...ids)
    const nickname = (n: number) => `nick-${some[n]}`.repeat((n % 9) + 1)
    await Promise.all(ids.map((id, n) => changeProfile(store, id, { nickname: nickname(n) })))
  }
  const leavers = users.filter((_, index) => index % 10 === 3)
  const bytes = () =>
    readdirSync(join(folder, "busy"))
      .map(file => readFileSync(join(folder, "busy", file), "latin1"))
      .join("")
  expect(bytes().match(/LEAVER/g)?.length).toBeGreaterThan(900)
  expect(await store.scrub?.()).toBe(false)
  await Promise.all(
    leavers.map(userId => store.leaveUser({ ...change(userId, start), leavesAt: start + day })),
  )
  await Promise.all(leavers.map(userId => store.eraseUser(change(userId, start + day))))
  expect(await store.scrub?.()).toBe(true)
  const left = bytes()
  expect(left.match(/LEAVER/g)?.length ?? 0).toBe(0)
  expect(left.match(/STAYER/g)?.length).toBeGreaterThan(2_700)
  expect(await store.scrub?.()).toBe(false)
  expect((await logIn(store, { openid: "after" })).isNew).toBe(true)
  await store.close()
})
