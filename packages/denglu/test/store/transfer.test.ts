import mysql from "mysql2/promise"
import pg from "pg"
import { afterAll, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { openTransferTarget } from "../../src/store/transfer/open-transfer.ts"
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

afterAll(async () => {
  await dropPostgres()
  await dropMysql()
})

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
    await target.finish()
    expect(await target.progress("one")).toBe(undefined)
    await target.close()
  })
}
