import { afterAll, afterEach, describe, expect, type TestContext, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import type { Limiter } from "../../src/limits/limiter.ts"
import { createStoreLimiters } from "../../src/limits/store-limiter.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
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

const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})
afterAll(dropPostgres)
afterAll(dropMysql)

const minute = 60_000
const window = 30_000_000
/** Ten seconds before a minute is over. */
const start = (window + 1) * minute - 10_000

const engines = [
  {
    name: "PostgreSQL",
    needs: [await hasPostgres(), postgresNeed] as const,
    url: freshPostgres,
    open: (url: string) => openPostgresStore({ url }),
  },
  {
    name: "MariaDB",
    needs: [await hasMysql(), mysqlNeed] as const,
    url: freshMysql,
    open: (url: string) => openMysqlStore({ url }),
  },
]

/** How many of so many tries at once pass; the others are refused with a number of seconds. */
async function passing(limiter: Limiter, key: string, tries: number): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: tries }, () => limiter.take(key)))
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "rate_limited" })
  return outcomes.filter(({ status }) => status === "fulfilled").length
}

describe.each(engines)("limits that instances share through $name", ({ needs, url: makeUrl, open }) => {
  async function openInstances(context: TestContext, count: number) {
    need(context, needs[0], needs[1])
    const url = await makeUrl()
    let now = start
    const opened: Store[] = []
    for (let index = 0; index < count; index += 1) opened.push(await open(url))
    stores.push(...opened)
    const addCounts = (opened[0] as Required<Store>).addCounts
    return {
      all: opened.map(store => createStoreLimiters(store as Required<Store>, () => now)),
      addCounts,
      /** What the database has of a key in the first minute. */
      counted: async (key: string) => (await addCounts([{ key, window, count: 0 }]))[0],
      advance(ms: number) {
        now += ms
      },
    }
  }

  test("two that are tried at once let pass the limit, and no more beyond it than they have promised", async context => {
    const { all, counted } = await openInstances(context, 2)
    const limiters = all.map(({ open }) => open("test", 200))
    let passed = 0
    for (let round = 0; round < 30; round += 1) {
      // Each alone would let 200 of its 300 tries pass.
      const both = await Promise.all(limiters.map(limiter => passing(limiter, "alice", 10)))
      passed += (both[0] as number) + (both[1] as number)
      await Promise.all(all.map(({ share }) => share()))
    }
    expect(passed).toBeGreaterThanOrEqual(200)
    expect(passed).toBeLessThanOrEqual(200 + 2 * 10 + (2 * 200) / 16)
    expect(await counted("test alice")).toBe(passed)
  })

  test("what is counted while others are told is told next, and what could not be told later: none is lost, none told twice", async context => {
    const { addCounts, counted } = await openInstances(context, 1)
    let away = false
    const store = {
      addCounts: async (...given: Parameters<typeof addCounts>) => {
        if (away) throw new Error("away")
        return addCounts(...given)
      },
    }
    const { open, share } = createStoreLimiters(store, () => start)
    const limiter = open("test", 100)
    expect(await passing(limiter, "alice", 20)).toBe(20)
    const sharing = share()
    expect(await passing(limiter, "alice", 5)).toBe(5)
    await sharing
    expect(await counted("test alice")).toBe(20)
    away = true
    await expect(share()).rejects.toThrow("away")
    expect(await passing(limiter, "alice", 80)).toBe(75)
    away = false
    await share()
    expect(await counted("test alice")).toBe(100)
    await share()
    expect(await counted("test alice")).toBe(100)
  })

  test("when the minute is over everybody begins anew; until then they are told how long that is", async context => {
    const { all, advance } = await openInstances(context, 2)
    const [one, other] = all.map(({ open }) => open("test", 10)) as [Limiter, Limiter]
    expect(await passing(one, "alice", 20)).toBe(10)
    expect(await passing(other, "alice", 1)).toBe(1)
    for (const { share } of all) await share()
    await expect(other.take("alice")).rejects.toMatchObject({ code: "rate_limited", retryAfter: 10 })
    advance(9_999)
    await expect(one.take("alice")).rejects.toMatchObject({ retryAfter: 1 })
    await expect(other.take("alice")).rejects.toMatchObject({ retryAfter: 1 })
    advance(1)
    expect(await passing(one, "alice", 1)).toBe(1)
    for (const { share } of all) await share()
    expect(await passing(other, "alice", 20)).toBe(10)
  })

  test("each key and each limit has a count of its own, and of any number of keys all are told", async context => {
    const { all, counted } = await openInstances(context, 2)
    const [one, other] = all as [(typeof all)[0], (typeof all)[0]]
    const [logins, refreshes] = [one.open("login", 16), one.open("refresh", 16)]
    expect(await passing(logins, "alice", 20)).toBe(16)
    expect(await passing(refreshes, "alice", 20)).toBe(16)
    expect(await passing(logins, "bob", 1)).toBe(1)
    // More than are told in one statement.
    for (let index = 0; index < 2_500; index += 1) await logins.take(`key ${index}`)
    for (let round = 0; round < 3; round += 1) await one.share()
    expect(await counted("login alice")).toBe(16)
    expect(await counted("refresh alice")).toBe(16)
    for (const index of [0, 999, 1_000, 2_499]) expect(await counted(`login key ${index}`)).toBe(1)
    const elsewhere = other.open("login", 16)
    expect(await passing(elsewhere, "bob", 1)).toBe(1)
    await other.share()
    // One was counted there.
    expect(await passing(elsewhere, "bob", 20)).toBe(14)
  })
})
