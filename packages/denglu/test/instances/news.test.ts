import type { Login } from "denglu"
import { afterAll, afterEach, describe, expect, type TestContext, test } from "vitest"
import { hasCommand, need } from "../../../../scripts/need.ts"
import { openStore } from "../../src/store/open-store.ts"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgresDatabase,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"
import { type Instances, type InstancesOptions, revokeOnOne, startInstances } from "../support/instances.ts"
import { type RedisServer, startRedis } from "../support/redis-server.ts"

/** Nobody asks while a test runs: whatever is heard, somebody has told. */
const askEvery = { revocations: 3_600_000, signingKeys: 3_600_000 }
/** How long (ms) a slow machine may take until it has heard. */
const patience = 15_000
const timeout = 120_000

const there = {
  postgres: [await hasPostgres(), postgresNeed],
  mysql: [await hasMysql(), mysqlNeed],
  redis: [hasCommand("redis-server"), "the command redis-server"],
} as const

let redis: RedisServer | undefined
let instances: Instances | undefined
afterEach(async () => {
  await instances?.close()
  await redis?.close()
  instances = undefined
  redis = undefined
})
afterAll(dropPostgres)
afterAll(dropMysql)

interface Way {
  readonly name: string
  readonly needs: readonly (keyof typeof there)[]
  open(): Promise<Pick<InstancesOptions, "store" | "redis">>
  /** What is the matter once they run. */
  before?(): Promise<void>
}

async function redisUrl(): Promise<string> {
  redis = await startRedis()
  return redis.url
}

const ways: readonly Way[] = [
  {
    name: "PostgreSQL's NOTIFY",
    needs: ["postgres"],
    open: async () => ({ store: await freshPostgresDatabase() }),
  },
  {
    name: "PostgreSQL's NOTIFY while Redis is gone",
    needs: ["postgres", "redis"],
    open: async () => ({ store: await freshPostgresDatabase(), redis: await redisUrl() }),
    before: async () => redis?.kill(),
  },
  {
    name: "Redis beside PostgreSQL, where nobody hears NOTIFY",
    needs: ["postgres", "redis"],
    async open() {
      const url = await freshPostgresDatabase()
      const deaf = async () => {
        const { onNews: _, ...store } = await openStore(url)
        return store
      }
      return { store: deaf, redis: await redisUrl() }
    },
  },
  {
    name: "Redis beside MariaDB",
    needs: ["mysql", "redis"],
    open: async () => ({ store: await freshMysql(), redis: await redisUrl() }),
  },
]

async function start(context: TestContext, { needs, open, before }: Way): Promise<Instances> {
  for (const what of needs) need(context, there[what][0], there[what][1])
  instances = await startInstances({ ...(await open()), count: 3, askEvery })
  await before?.()
  return instances
}

describe.each(ways)("told by $name", way => {
  test("a logout is refused elsewhere within a second, though nobody asks", { timeout }, async context => {
    const running = await start(context, way)
    // The first may be heard by listening only now; who has heard it listens.
    await revokeOnOne(running, "the first", patience)
    const took: number[] = []
    for (let round = 0; round < 9; round += 1)
      took.push(await revokeOnOne(running, `person ${round}`, patience))
    // A loaded machine may be late at one, but not at most of them.
    expect(took.sort((one, other) => one - other)[4]).toBeLessThan(1_000)
  })

  test("keys that one rotates are with the others within a second, though nobody asks", {
    timeout,
  }, async context => {
    const { all } = await start(context, way)
    const [one, ...others] = all as [Login, ...Login[]]
    await one.keys.rotate()
    await Promise.all(others.map(async other => sameKeysAfter(other, await kidsOf(one))))
    const took: number[] = []
    for (let round = 0; round < 5; round += 1) {
      await one.keys.rotate()
      const kids = await kidsOf(one)
      took.push(Math.max(...(await Promise.all(others.map(other => sameKeysAfter(other, kids))))))
    }
    expect(took.sort((one, other) => one - other)[2]).toBeLessThan(1_000)
  })
})

async function kidsOf(login: Login): Promise<string> {
  const reply = await login.fetch(new Request("http://login/.well-known/jwks.json"))
  const { keys } = (await reply.json()) as { keys: readonly { readonly kid: string }[] }
  return keys
    .map(({ kid }) => kid)
    .sort()
    .join()
}

/** Milliseconds until the instance has these keys. */
async function sameKeysAfter(login: Login, kids: string): Promise<number> {
  const since = performance.now()
  while ((await kidsOf(login)) !== kids) {
    if (performance.now() - since > patience) throw new Error("it never had the keys")
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  return performance.now() - since
}
