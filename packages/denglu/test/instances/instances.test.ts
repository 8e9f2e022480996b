import type { Login } from "denglu"
import { afterAll, beforeAll, expect, type TestContext, test } from "vitest"
import { hasCommand, need } from "../../../../scripts/need.ts"
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
import { type InstancesOptions, revokeOnOne, startInstances } from "../support/instances.ts"
import { type RedisServer, startRedis } from "../support/redis-server.ts"

let redis: RedisServer | undefined
const there = { postgres: false, mysql: false, redis: hasCommand("redis-server") }

beforeAll(async () => {
  there.postgres = await hasPostgres()
  there.mysql = await hasMysql()
  if (there.redis) redis = await startRedis()
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
  await redis?.close()
})

const needed = { postgres: postgresNeed, mysql: mysqlNeed, redis: "the command redis-server" } as const

function needBoth(context: TestContext): void {
  need(context, there.postgres, postgresNeed)
  need(context, there.redis, needed.redis)
}

function tell(what: string, took: readonly number[]): void {
  const sorted = [...took].sort((one, other) => one - other)
  const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] as number).toFixed(0)
  console.log(`${what}: ${sorted.length} logouts, ms: p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`)
}

test("a logout is refused everywhere within a second, by NOTIFY", async context => {
  need(context, there.postgres, postgresNeed)
  const instances = await startInstances({ count: 3, store: await freshPostgres() })
  const took: number[] = []
  for (let round = 0; round < 40; round += 1) took.push(await revokeOnOne(instances, `person ${round}`))
  tell("refused elsewhere after, by NOTIFY", took)
  expect(Math.max(...took)).toBeLessThan(1_000)
  await instances.close()
})

test("… and with Redis gone, by asking", async context => {
  needBoth(context)
  const server = redis as RedisServer
  const instances = await startInstances({ count: 3, store: await freshPostgres(), redis: server.url })
  await server.kill()
  const took: number[] = []
  for (let round = 0; round < 20; round += 1) took.push(await revokeOnOne(instances, `person ${round}`))
  tell("refused elsewhere after, Redis gone", took)
  expect(Math.max(...took)).toBeLessThan(1_000)
  await server.start()
  await instances.close()
})

/** By what the instances share their limits. */
const sharing = [
  { name: "PostgreSQL", needs: ["postgres"], open: async () => ({ store: await freshPostgres() }) },
  { name: "MariaDB", needs: ["mysql"], open: async () => ({ store: await freshMysql() }) },
  {
    name: "Redis",
    needs: ["postgres", "redis"],
    open: async () => ({ store: await freshPostgres(), redis: redis?.url as string }),
  },
] as const

test.for(sharing)(
  "a limit holds for three instances together, counted by $name",
  { timeout: 60_000 },
  async ({ needs, open }, context) => {
    for (const what of needs) need(context, there[what], needed[what])
    // The minute that is counted by never ends.
    const now = Date.now()
    const options: Omit<InstancesOptions, "count"> = await open()
    const instances = await startInstances({
      ...options,
      count: 3,
      limits: { loginsPerAddress: 20 },
      clock: () => now,
    })
    let person = 0
    const passes = async (instance: Login) => {
      person += 1
      const { status } = await instances.logIn(instance, `person ${person}`)
      expect([200, 429]).toContain(status)
      return status === 200
    }
    const [first, ...others] = instances.all as [Login, Login, Login]
    let passed = 0
    while (passed <= 40 && (await passes(first))) passed += 1
    // Twice as many if Redis did not answer meanwhile.
    expect(passed).toBeLessThanOrEqual(40)
    expect(passed).toBeGreaterThanOrEqual(20)
    for (const other of others) {
      // By itself it would let 20 pass. Through the database it hears of the others every half second; a Redis that did not answer is
      // left alone for two.
      let passedThere = 0
      while (await passes(other)) {
        passedThere += 1
        expect(passedThere).toBeLessThan(12)
        await new Promise(resolve => setTimeout(resolve, 700))
      }
    }
    await instances.close()
  },
)

test("Redis frozen, gone or emptied: every login goes through, and soon", async context => {
  needBoth(context)
  const server = redis as RedisServer
  const said: string[] = []
  const say = (_: object, message: string) => void said.push(message)
  const log = { info: say, warn: say, error: say }
  const instances = await startInstances({ count: 2, store: await freshPostgres(), redis: server.url, log })
  const times: number[] = []
  const logInSome = async (what: string) => {
    for (let index = 0; index < 20; index += 1) {
      const start = performance.now()
      const { status } = await instances.logIn(instances.all[index % 2] as Login, `${what} ${index}`)
      times.push(performance.now() - start)
      expect(status).toBe(200)
    }
  }
  await logInSome("there")
  server.freeze()
  await logInSome("frozen")
  // Its connections stay, so nothing but the answers that don't come says that it is frozen: each instance says so, once.
  expect(said.filter(message => message.startsWith("Redis does not answer"))).toHaveLength(2)
  server.thaw()
  await server.kill()
  await logInSome("gone")
  await server.start()
  await logInSome("emptied")
  expect(Math.max(...times)).toBeLessThan(500)
  await instances.close()
})

test("a key that one instance rotates signs on the others, and verifies at once", async context => {
  need(context, there.postgres, postgresNeed)
  const instances = await startInstances({ count: 2, store: await freshPostgres() })
  const [one, other] = instances.all as [Login, Login]
  await one.keys.rotate()
  const { token } = await instances.logIn(one, "alice")
  await expect(other.verify(token)).resolves.toMatchObject({})
  await instances.close()
})

test("machines whose clocks are wrong share the database's", async context => {
  need(context, there.postgres, postgresNeed)
  const instances = await startInstances({ count: 1, store: await freshPostgres() })
  const [login] = instances.all as [Login]
  const { token } = await instances.logIn(login, "alice")
  const real = Date.now
  try {
    Date.now = () => real() + 2 * 86_400_000
    await expect(login.verify(token)).resolves.toMatchObject({})
    const later = await instances.logIn(login, "alice")
    expect(later.status).toBe(200)
    const payload = JSON.parse(Buffer.from(later.token.split(".")[1] as string, "base64url").toString())
    expect(Math.abs(payload.iat * 1000 - real())).toBeLessThan(5_000)
  } finally {
    Date.now = real
  }
  await instances.close()
})
