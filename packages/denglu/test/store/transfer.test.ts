import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import mysql from "mysql2/promise"
import pg from "pg"
import { afterAll, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { logIn, start, times } from "../../src/store/contract/store-case.ts"
import { openStore } from "../../src/store/open-store.ts"
import { type CopyOutcome, type CopyProgress, copyStore } from "../../src/store/transfer/copy-store.ts"
import { openTransferSource, openTransferTarget } from "../../src/store/transfer/open-transfer.ts"
import { tables } from "../../src/store/transfer/tables.ts"
import type { TransferTarget } from "../../src/store/transfer/transfer.ts"
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

const folder = mkdtempSync(join(tmpdir(), "denglu-transfer-"))
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await dropPostgres()
  await dropMysql()
})

const phone = {
  phone: "+8613800138000",
  countryCode: "86",
  appid: "wxsim0000000000001",
  verifiedAt: start,
  smsVerifiedAt: null,
  proof: "proof",
}

/** A file with five people, one of whom has a phone number. */
async function fill(name: string): Promise<string> {
  const url = `sqlite:${join(folder, name)}`
  const store = await openStore(url)
  const people = await times(5, index => logIn(store, { openid: `person ${index}` }))
  const [first] = people
  if (first !== undefined)
    await store.bindPhone({ userId: first.user.id, sessionId: "", eventId: "event", ...phone })
  await store.close()
  return url
}

async function copy(
  from: string,
  to: string,
  stopped = () => false,
  onProgress: (progress: CopyProgress) => void = () => {},
): Promise<CopyOutcome> {
  const source = await openTransferSource(from)
  const target = await openTransferTarget(to)
  try {
    return await copyStore({
      source,
      target,
      sourceName: from.slice(-32),
      clock: () => start,
      onProgress,
      stopped,
    })
  } finally {
    await target.close()
    await source.close()
  }
}

/** How many rows a copy has to take along. */
async function rowsIn(from: string): Promise<number> {
  const source = await openTransferSource(from)
  let rows = 0
  for (const table of tables) rows += await source.count(table.name)
  await source.close()
  return rows
}

/** A connection as a killed copy leaves it: the database still works on what it has sent. */
interface Left {
  ask(text: string): Promise<unknown>
  end(): Promise<void>
}

const engines = [
  {
    name: "PostgreSQL",
    there: hasPostgres,
    what: postgresNeed,
    fresh: freshPostgres,
    async connect(url: string): Promise<Left> {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      return { ask: text => client.query(text), end: () => client.end() }
    },
  },
  {
    name: "MariaDB",
    there: hasMysql,
    what: mysqlNeed,
    fresh: freshMysql,
    async connect(url: string): Promise<Left> {
      const connection = await mysql.createConnection(url)
      return { ask: text => connection.query(text), end: () => connection.end() }
    },
  },
]

for (const { name, there, what, fresh, connect } of engines) {
  test.for(["begin", "write"] as const)(
    `${name}: of two copies into one target that meet at %s one is made, and the other says that there is one`,
    async (where, context) => {
      need(context, await there(), what)
      const from = await fill(`two-${where}-${name}.db`)
      const url = await fresh()
      const source = await openTransferSource(from)
      const behind = await openTransferTarget(url)
      const ahead = await openTransferTarget(url)
      try {
        const options = {
          source,
          sourceName: from.slice(-32),
          clock: () => start,
          onProgress: () => {},
        }
        // One that begins meanwhile, or one that is done with all.
        const overtake = () => copyStore({ ...options, target: ahead, stopped: () => where === "begin" })
        let other: CopyOutcome | undefined
        const overtaken: TransferTarget = {
          ...behind,
          async begin(name) {
            if (where === "begin") other ??= await overtake()
            await behind.begin(name)
          },
          async write(...given) {
            if (where === "write") other ??= await overtake()
            await behind.write(...given)
          },
        }
        await expect(
          copyStore({ ...options, target: overtaken, stopped: () => false }),
        ).rejects.toMatchObject({
          says: { en: expect.stringContaining("another copy"), zh: expect.stringContaining("另一个复制") },
        })
        expect(other).toMatchObject({ finished: where === "write", different: [] })
      } finally {
        await behind.close()
        await ahead.close()
        await source.close()
      }
      expect(await copy(from, url)).toMatchObject({ finished: true, different: [] })
    },
  )

  test(`${name}: what a killed copy has sent and is still being committed counts`, async context => {
    need(context, await there(), what)
    const url = await fresh()
    const target = await openTransferTarget(url)
    const left = await connect(url)
    expect(await target.progress("source")).toBe(undefined)
    await target.begin("source")
    await left.ask("BEGIN")
    await left.ask("UPDATE denglu_copy SET copied = 5, reached = '5' WHERE name = 'users'")
    let known = false
    const seen = target.progress("source").then(progress => {
      known = true
      return progress
    })
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(known).toBe(false)
    await left.ask("COMMIT")
    expect((await seen)?.users).toEqual({ cursor: "5", copied: 5, done: false })
    await left.end()
    await target.close()
  })

  test(`${name}: a copy from one source knows nothing of another's`, async context => {
    need(context, await there(), what)
    const target = await openTransferTarget(await fresh())
    await target.begin("one")
    expect(await target.progress("other")).toBe(undefined)
    await target.finish("one", { at: start, rows: 0 })
    expect(await target.progress("one")).toBe(undefined)
    expect(await target.finished("one")).toEqual({ at: start, rows: 0 })
    expect(await target.finished("other")).toBe(undefined)
    await target.close()
  })

  test(`${name}: a row that is not as in the source is found and named, and the copy is no success`, async context => {
    need(context, await there(), what)
    const [from, to] = [await fill(`${name}-differs.db`), await fresh()]
    // Asked before each table's one step: stopped when all are copied and the first one is compared.
    let asked = 0
    const outcome = await copy(from, to, () => {
      asked += 1
      return asked > tables.length
    })
    expect(outcome).toMatchObject({ finished: false, rows: await rowsIn(from) })
    const left = await connect(to)
    await left.ask("UPDATE denglu_sessions SET counter = 7 WHERE openid = 'person 3'")
    await left.ask("DELETE FROM denglu_identities WHERE openid = 'person 4'")
    const { finished, different } = await copy(from, to)
    expect(finished).toBe(true)
    expect(different).toEqual([
      "identities: 5 rows in the source, 4 in the target",
      expect.stringMatching(/^identities .*person 4/),
      expect.stringMatching(/^sessions /),
    ])
    await left.end()
  })

  test(`${name}: stopped while the last table is compared, a copy is not finished, and a rerun is`, async context => {
    need(context, await there(), what)
    const [from, to] = [await fill(`${name}-stopped.db`), await fresh()]
    let stopped = false
    const stopAtTheEnd = ({ phase, table }: CopyProgress) => {
      stopped ||= phase === "verifying" && table === tables.at(-1)?.name
    }
    expect(await copy(from, to, () => stopped, stopAtTheEnd)).toMatchObject({ finished: false })
    expect(stopped).toBe(true)
    const outcome = await copy(from, to)
    expect(outcome).toMatchObject({ finished: true, different: [] })
    expect(outcome.resumed).toBe(outcome.rows)
  })

  test(`${name}: a copy changes nothing in its source, not its schema either`, async context => {
    need(context, await there(), what)
    const from = await fresh()
    await expect(openTransferSource(from)).rejects.toMatchObject({
      message: expect.stringContaining("nothing of Denglu"),
    })
    const left = await connect(from)
    await expect(left.ask("SELECT * FROM denglu_schema")).rejects.toThrow(/exist/)
    await (await openStore(from)).close()
    for (const [version, remedy] of [
      [2, "run denglu migrate on it first"],
      [99, "install the newer version"],
    ] as const) {
      await left.ask(`UPDATE denglu_schema SET version = ${version}`)
      await expect(openTransferSource(from)).rejects.toMatchObject({
        code: "store_unavailable",
        message: expect.stringContaining(remedy),
      })
    }
    await left.end()
  })

  test(`${name}: a phone number comes with all there is of it`, async context => {
    need(context, await there(), what)
    const [from, to] = [await fill(`${name}-phone.db`), await fresh()]
    expect(await copy(from, to)).toMatchObject({ finished: true, different: [] })
    const store = await openStore(to)
    const owner = await store.findPhoneOwner(phone.phone)
    expect(await store.findPhone(owner ?? "")).toEqual(phone)
    await store.close()
  })

  test(`${name}: nothing is copied into a database that somebody uses already`, async context => {
    need(context, await there(), what)
    const [from, to] = [await fill(`${name}-taken.db`), await fresh()]
    const store = await openStore(to)
    await logIn(store, { openid: "somebody" })
    await store.close()
    await expect(copy(from, to)).rejects.toMatchObject({
      message: expect.stringContaining("already holds users"),
    })
    const left = await connect(to)
    await expect(left.ask("SELECT * FROM denglu_copy")).rejects.toThrow(/exist/)
    await left.end()
  })

  test(`${name}: nothing is copied from where nobody is, nor from a database into itself`, async context => {
    need(context, await there(), what)
    const nobody = await fresh()
    await (await openStore(nobody)).close()
    await expect(copy(nobody, await fresh())).rejects.toThrow(/--from/)
    await expect(copy(nobody, nobody)).rejects.toThrow(/--from/)
  })

  test(`${name}: a finished copy is not made again, also where the target is in use by now`, async context => {
    need(context, await there(), what)
    const [from, to] = [await fill(`${name}-again.db`), await fresh()]
    const rows = await rowsIn(from)
    expect(await copy(from, to)).not.toHaveProperty("finishedBefore")
    const target = await openStore(to)
    await logIn(target, { openid: "somebody" })
    const outcome = { finished: true, rows, resumed: rows, different: [], finishedBefore: start }
    expect(await copy(from, to)).toEqual(outcome)
    expect(await target.findIdentity("wxsim0000000000001", "somebody")).not.toBe(undefined)
    await target.close()

    // Of another source nothing was finished.
    await expect(copy(await fill(`${name}-another.db`), to)).rejects.toThrow("already holds users")
    const source = await openStore(from)
    await logIn(source, { openid: "somebody later" })
    await source.close()
    const more = await rowsIn(from)
    await expect(copy(from, to)).rejects.toThrow(
      `finished at ${new Date(start).toISOString()} with ${rows} rows, but the source has ${more}`,
    )
  })

  test(`${name}: a target that was emptied after a finished copy is copied into again, also in two tries`, async context => {
    need(context, await there(), what)
    const [from, to] = [await fill(`${name}-emptied.db`), await fresh()]
    await copy(from, to)
    const left = await connect(to)
    for (const table of tables) await left.ask(`DELETE FROM denglu_${table.name}`)
    let steps = 0
    expect(await copy(from, to, () => ++steps > 3)).toMatchObject({ finished: false })
    expect(await copy(from, to)).toMatchObject({ finished: true, different: [], rows: await rowsIn(from) })
    await left.end()
  })
}

test("SQLite: a copy changes nothing in its file, not its schema either", async () => {
  const from = await fill("unchanged.db")
  const path = from.slice("sqlite:".length)
  const before = readFileSync(path)
  await rowsIn(from)
  expect(readFileSync(path).equals(before)).toBe(true)
  for (const [version, remedy] of [
    [2, "run denglu migrate on it first"],
    [10_099, "install the newer version"],
  ] as const) {
    const database = new DatabaseSync(path)
    database.exec(`PRAGMA user_version = ${version}`)
    database.close()
    const changed = readFileSync(path)
    await expect(openTransferSource(from)).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(remedy),
    })
    expect(readFileSync(path).equals(changed)).toBe(true)
  }
})
