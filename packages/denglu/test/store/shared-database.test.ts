import mysql from "mysql2/promise"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { entry, logIn, start } from "../../src/store/contract/store-case.ts"
import { openStore } from "../../src/store/open-store.ts"
import type { Store } from "../../src/store/store.ts"
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

/** What others do to the database: statements on a connection of one's own. */
interface Other {
  run(text: string): Promise<unknown>
  close(): Promise<void>
}

const there = { postgres: false, mysql: false }
beforeAll(async () => {
  there.postgres = await hasPostgres()
  there.mysql = await hasMysql()
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
})

const engines = [
  {
    name: "PostgreSQL",
    needIt: (context: TestContext) => need(context, there.postgres, postgresNeed),
    fresh: freshPostgres,
    async connect(url: string): Promise<Other> {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      return { run: text => client.query(text), close: () => client.end() }
    },
  },
  {
    name: "MariaDB",
    needIt: (context: TestContext) => need(context, there.mysql, mysqlNeed),
    fresh: freshMysql,
    async connect(url: string): Promise<Other> {
      const client = await mysql.createConnection(url)
      return { run: text => client.query(text), close: () => client.end() }
    },
  },
]

describe.each(engines)("$name", ({ needIt, fresh, connect }) => {
  test("forty changes that wait for one row leave logins their connections", {
    timeout: 30_000,
  }, async context => {
    needIt(context)
    const url = await fresh()
    const store = await openStore(url)
    const userId = (await logIn(store)).user.id
    const other = await connect(url)
    await other.run("BEGIN")
    await other.run(`SELECT * FROM denglu_users WHERE id = '${userId}' FOR UPDATE`)
    const waiting = Array.from({ length: 40 }, (_, index) =>
      store
        .leaveUser({ userId, leavesAt: start + 1, now: start, actor: "user", eventId: `event${index}` })
        .catch((error: Error) => error),
    )
    await new Promise(resolve => setTimeout(resolve, 300))
    const began = performance.now()
    await Promise.all(Array.from({ length: 200 }, () => logIn(store)))
    expect(performance.now() - began).toBeLessThan(400)
    await other.run("ROLLBACK")
    await Promise.all(waiting)
    await other.close()
    await store.close()
  })

  test("a row that somebody has locked fails its own login, and soon; those beside it go through", {
    timeout: 30_000,
  }, async context => {
    needIt(context)
    const url = await fresh()
    const store = await openStore(url)
    await store.logIn(entry({ openid: "locked" }))
    const other = await connect(url)
    await other.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    await other.run("BEGIN")
    await other.run("SELECT * FROM denglu_identities WHERE openid = 'locked' FOR UPDATE")
    const began = performance.now()
    const took = async (login: Promise<unknown>) => {
      await login
      return performance.now() - began
    }
    const rush = (who: string) =>
      Array.from({ length: 200 }, (_, index) => took(store.logIn(entry({ openid: `${who} ${index}` }))))
    const locked = expect(store.logIn(entry({ openid: "locked" }))).rejects.toMatchObject({
      code: "store_unavailable",
    })
    const slowest = Math.max(...(await Promise.all(rush("beside"))))
    await locked
    // The person taps again: now it is known whose row it is, and nobody else waits for it.
    const again = performance.now()
    const lockedAgain = store.logIn(entry({ openid: "locked" })).catch((error: Error) => error)
    await new Promise(resolve => setImmediate(resolve))
    await Promise.all(rush("after"))
    const second = performance.now() - again
    await lockedAgain
    await other.run("ROLLBACK")
    await new Promise(resolve => setTimeout(resolve, 4_500))
    expect(await store.logIn(entry({ openid: "locked" }))).toMatchObject({ isNew: false })
    console.log(
      `200 logins beside a locked row: slowest ${slowest.toFixed(0)} ms; once it is known, all within ${second.toFixed(0)} ms`,
    )
    expect(slowest).toBeLessThan(3_900)
    expect(second).toBeLessThan(1_000)
    await other.close()
    await store.close()
  })

  test("a database that has forgotten revocations is noticed: those that come next are heard", async context => {
    needIt(context)
    const url = await fresh()
    const [one, two] = [await openStore(url), await openStore(url)]
    const revoke = async (id: string) => {
      await one.logIn(entry({ sessionId: id }))
      await one.revokeSession(id, "logout", start)
    }
    for (let count = 0; count < 5; count += 1) await revoke(`before ${count}`)
    const { cursor } = await two.revocationsSince("")
    expect((await two.revocationsSince(cursor)).revocations).toEqual([])
    const other = await connect(url)
    // A backup, or a replica that had heard of two only.
    const forget = async () => {
      await other.run("DELETE FROM denglu_revocations WHERE n > 2")
      await other.run("UPDATE denglu_counters SET value = 2 WHERE name = 'revocations'")
    }
    const heard = async () =>
      (await two.revocationsSince(cursor)).revocations.map(({ sessionId }) => sessionId)
    await forget()
    await revoke("after 1")
    expect(await heard()).toContain("after 1")
    // Also when as many have come since as were forgotten, so that the numbers are where they were.
    await forget()
    for (const id of ["as", "many", "again"]) await revoke(id)
    expect(await heard()).toEqual(expect.arrayContaining(["as", "many", "again"]))
    // That an old one was purged is no reason to begin anew.
    const { cursor: last } = await two.revocationsSince("")
    await other.run("DELETE FROM denglu_revocations")
    expect(await two.revocationsSince(last)).toEqual({ revocations: [], cursor: last })
    await other.close()
    await one.close()
    await two.close()
  })

  test("logging out everywhere and single logouts side by side all come about", {
    timeout: 60_000,
  }, async context => {
    needIt(context)
    const url = await fresh()
    const stores = [await openStore(url), await openStore(url)]
    for (let round = 0; round < 20; round += 1) {
      const ids = Array.from({ length: 24 }, (_, index) => `round ${round} ${(index * 7) % 24}`)
      let userId = ""
      for (const id of ids)
        userId = (await logIn(stores[0] as Store, { openid: `person ${round}`, sessionId: id })).user.id
      await Promise.all([
        ...stores.map(store => store.revokeUserSessions(userId, "logout_everywhere", start)),
        ...[...ids].reverse().map((id, index) => stores[index % 2]?.revokeSession(id, "logout", start)),
      ])
      expect(await stores[1]?.listSessions(userId, start)).toEqual([])
    }
    await Promise.all(stores.map(store => store.close()))
  })
})
