import { afterAll, afterEach, beforeEach, describe, expect, type TestContext, test, vi } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { createDialling } from "../../src/store/dialling.ts"
import { createGrowingPause } from "../../src/store/growing-pause.ts"
import { connectMysql } from "../../src/store/mysql-pool.ts"
import { connectPostgres } from "../../src/store/postgres-pool.ts"
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
import { openWeakNetwork } from "../support/weak-network.ts"

test("pauses double up to the longest, half of each by chance, and begin anew after a success", () => {
  const lengths = (chance: number) => {
    const pause = createGrowingPause(50, 300, () => Uint8Array.of(chance))
    const found = Array.from({ length: 4 }, () => pause.next())
    pause.reset()
    return [...found, pause.next()]
  }
  expect(lengths(255)).toEqual([50, 100, 200, 300, 50])
  expect(lengths(0)).toEqual([25, 50, 100, 150, 25])
})

describe("a pool that dials in vain", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  class AllInUse extends Error {}

  /** Dialling over a pretend pool, whose answers come when they are told to. */
  function openDialling() {
    const asked: { resolve: (connection: string) => void; reject: (error: Error) => void }[] = []
    const dialling = createDialling(error => !(error instanceof AllInUse))
    return {
      dialling,
      asked,
      connect: () => {
        const outcome = dialling
          .connect(() => new Promise<string>((resolve, reject) => asked.push({ resolve, reject })))
          .catch((error: Error) => error.message)
        return outcome
      },
      async fail(error = new Error("away")) {
        for (const { reject } of asked.splice(0)) reject(error)
        await settle()
      },
    }
  }

  const settle = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)))

  async function pass(ms: number) {
    vi.advanceTimersByTime(ms)
    await settle()
  }

  test("who comes in a short pause waits; then one asks, and the others fail with it", async () => {
    const { asked, connect, fail } = openDialling()
    const firsts = [connect(), connect()]
    await fail()
    expect(await Promise.all(firsts)).toEqual(["away", "away"])
    const next = [connect(), connect(), connect()]
    await settle()
    expect(asked).toHaveLength(0)
    await pass(50)
    expect(asked).toHaveLength(1)
    await fail(new Error("still away"))
    expect(await Promise.all(next)).toEqual(["still away", "still away", "still away"])
  })

  test("who comes in a short pause whose end finds the database back gets a connection", async () => {
    const { dialling, asked, connect, fail } = openDialling()
    const first = connect()
    await fail()
    await first
    const next = [connect(), connect()]
    await pass(50)
    expect(asked).toHaveLength(1)
    asked.shift()?.resolve("connection")
    await settle()
    expect(asked).toHaveLength(1)
    asked.shift()?.resolve("another")
    expect(await Promise.all(next)).toEqual(["connection", "another"])
    dialling.heard()
    const after = connect()
    expect(asked).toHaveLength(1)
    asked.shift()?.resolve("third")
    expect(await after).toBe("third")
  })

  test("in a long pause everybody hears at once what the last dial said, for a second at most", async () => {
    const { asked, connect, fail } = openDialling()
    for (let count = 0; count < 8; count += 1) {
      // However long the pause was, it is over: whether it counts as a long one is left to chance once.
      await pass(1_000)
      const failing = connect()
      await fail(new Error(`away ${count}`))
      await failing
    }
    expect(await Promise.all([connect(), connect()])).toEqual(["away 7", "away 7"])
    expect(asked).toHaveLength(0)
    await pass(1_000)
    const next = connect()
    await settle()
    expect(asked).toHaveLength(1)
    await fail()
    await next
  })

  test("that all connections are in use is no reason for a pause", async () => {
    const { asked, connect, fail } = openDialling()
    const first = connect()
    await fail(new AllInUse("all in use"))
    expect(await first).toBe("all in use")
    const next = connect()
    expect(asked).toHaveLength(1)
    asked.shift()?.resolve("connection")
    expect(await next).toBe("connection")
  })

  test("a connection that comes back sound ends the pause", async () => {
    const { dialling, asked, connect, fail } = openDialling()
    const first = connect()
    await fail()
    await first
    dialling.heard()
    void connect()
    expect(asked).toHaveLength(1)
  })
})

const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
})

const engines = [
  {
    name: "PostgreSQL",
    needIt: (context: TestContext) => need(context, there.postgres, postgresNeed),
    fresh: freshPostgres,
    async connect(url: string) {
      const { use, close } = await connectPostgres({ url })
      return { ask: () => use(client => client.query({ text: "SELECT 1" })), close }
    },
  },
  {
    name: "MariaDB",
    needIt: (context: TestContext) => need(context, there.mysql, mysqlNeed),
    fresh: freshMysql,
    async connect(url: string) {
      const { use, close } = await connectMysql({ url })
      return { ask: () => use(connection => connection.query(["SELECT 1"])), close }
    },
  },
]

test.for(engines)(
  "$name that is away is dialled now and then, and found when it is back",
  {
    timeout: 30_000,
  },
  async ({ needIt, fresh, connect }, context) => {
    needIt(context)
    const network = await openWeakNetwork(await fresh())
    const { ask, close } = await connect(network.url)
    await ask()
    network.cut()
    const before = network.dials()
    const end = performance.now() + 1_000
    let refused = 0
    while (performance.now() < end)
      await Promise.all(
        Array.from({ length: 4 }, () =>
          ask().catch(() => {
            refused += 1
          }),
        ),
      ).then(() => new Promise(resolve => setImmediate(resolve)))
    // Every pause is longer than the one before: in a second there is no room for more, however slow the machine is.
    expect(network.dials() - before).toBeLessThan(20)
    expect(refused).toBeGreaterThan(0)
    network.mend()
    await expect
      .poll(
        () =>
          ask().then(
            () => true,
            () => false,
          ),
        { timeout: 5_000 },
      )
      .toBe(true)
    await close()
    await network.close()
  },
)
