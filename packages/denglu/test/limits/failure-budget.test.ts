import { afterAll, afterEach, describe, expect, type TestContext, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { createFailureBudget, type FailureBudget } from "../../src/limits/failure-budget.ts"
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

const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})
afterAll(dropPostgres)
afterAll(dropMysql)

const hour = 3_600_000
const start = 500_000 * hour + 60_000

/** How a try ended that was taken: the seconds to wait, or the function that gives it back. */
async function tryOnce(budget: FailureBudget, key: string) {
  try {
    return await budget.take(key)
  } catch (error) {
    expect(error).toMatchObject({ code: "rate_limited" })
    return (error as { retryAfter: number }).retryAfter
  }
}

const isRefused = (outcome: unknown) => typeof outcome === "number"

interface Engine {
  readonly name: string
  /** Whether the machine has it, and what it is. */
  readonly needs: readonly [boolean, string]
  /** Instances on one database. */
  open(count: number): Promise<readonly Pick<Store, "addCounts">[]>
}

async function several(count: number, open: () => Promise<Store>) {
  const opened: Store[] = []
  for (let index = 0; index < count; index += 1) opened.push(await open())
  stores.push(...opened)
  return opened
}

const engines: readonly Engine[] = [
  { name: "in memory", needs: [true, "nothing"], open: async () => [{}] },
  {
    name: "in PostgreSQL, by three instances",
    needs: [there.postgres, postgresNeed],
    async open(count) {
      const url = await freshPostgres()
      return several(count, () => openPostgresStore({ url }))
    },
  },
  {
    name: "in MariaDB, by three instances",
    needs: [there.mysql, mysqlNeed],
    async open(count) {
      const url = await freshMysql()
      return several(count, () => openMysqlStore({ url }))
    },
  },
]

describe.each(engines)("a budget of 20 failures an hour, counted $name", ({ needs, open }) => {
  async function openBudgets(context: TestContext) {
    need(context, ...needs)
    let now = start
    const budgets = (await open(3)).map(store => createFailureBudget("test", 20, store, () => now))
    const any = (index: number) => budgets[index % budgets.length] as FailureBudget
    return {
      any,
      advance(ms: number) {
        now += ms
      },
    }
  }

  test("lets 20 of 64 at once pass, and tells the others when the hour is over", async context => {
    const { any, advance } = await openBudgets(context)
    const outcomes = await Promise.all(Array.from({ length: 64 }, (_, index) => tryOnce(any(index), "alice")))
    expect(outcomes.filter(isRefused)).toEqual(Array(44).fill(3_540))
    expect(isRefused(await tryOnce(any(1), "bob"))).toBe(false)
    advance(3_539_999)
    expect(await tryOnce(any(2), "alice")).toBe(1)
    advance(1)
    const later = await Promise.all(Array.from({ length: 64 }, (_, index) => tryOnce(any(index), "alice")))
    expect(later.filter(isRefused)).toHaveLength(44)
  })

  test("takes back what did not fail, once the try is over", async context => {
    const { any } = await openBudgets(context)
    for (let round = 0; round < 50; round += 1) {
      const giveBack = await tryOnce(any(round), "alice")
      if (typeof giveBack === "number") throw new Error("refused")
      await giveBack()
    }
    const outcomes = await Promise.all(Array.from({ length: 30 }, (_, index) => tryOnce(any(index), "alice")))
    expect(outcomes.filter(isRefused)).toHaveLength(10)
  })

  test("never has more than 20 failed, whatever succeeds and fails meanwhile", async context => {
    const { any } = await openBudgets(context)
    let failed = 0
    const work = async (index: number) => {
      for (let round = 0; round < 8; round += 1) {
        const giveBack = await tryOnce(any(index + round), "alice")
        if (typeof giveBack === "number") continue
        if ((index + round) % 3 === 0) failed += 1
        else await giveBack()
      }
    }
    await Promise.all(Array.from({ length: 24 }, (_, index) => work(index)))
    for (let round = 0; round < 30; round += 1)
      if (!isRefused(await tryOnce(any(round), "alice"))) failed += 1
    expect(failed).toBe(20)
  })
})

test("what is remembered in memory is bounded: those who failed longest ago are forgotten", () => {
  const budget = createFailureBudget("test", 1, {}, () => start)
  void budget.take("first")
  for (let index = 0; index < 99_999; index += 1) void budget.take(`${index}`)
  expect(() => budget.take("first")).toThrow("rate_limited")
  void budget.take("one more")
  expect(() => budget.take("first")).not.toThrow()
})

test("a count in the database lasts until its hour is over, though the janitor comes by", async context => {
  need(context, there.postgres, postgresNeed)
  const store = await openPostgresStore({ url: await freshPostgres() })
  stores.push(store)
  const budget = (now: number) => createFailureBudget("test", 1, store, () => now)
  await budget(start).take("alice")
  const end = start + hour - 60_001
  await store.purge(end, 60_000, 1_000)
  await expect(Promise.resolve(budget(end).take("alice"))).rejects.toMatchObject({ retryAfter: 1 })
})
