import pg from "pg"
import { afterAll, afterEach, beforeAll, expect, type TestContext, test } from "vitest"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../../packages/denglu/test/support/engines.ts"
import { type RedisServer, startRedis } from "../../packages/denglu/test/support/redis-server.ts"
import { hasCommand, need } from "../../scripts/need.ts"
import { campaign, type Instances, post, startInstances } from "../support/instances.ts"

const logouts = campaign(60, 500)
const there = { postgres: false, mysql: false, redis: hasCommand("redis-server") }
let redis: RedisServer | undefined
let instances: Instances | undefined

beforeAll(async () => {
  there.postgres = await hasPostgres()
  there.mysql = await hasMysql()
})
afterEach(async () => {
  await instances?.close()
  await redis?.close()
  instances = undefined
  redis = undefined
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
})

type Port = number

const authorized = (port: Port, token: string) =>
  fetch(`http://127.0.0.1:${port}/me`, { headers: { authorization: `Bearer ${token}` } })

/** Milliseconds since the logout was answered until the instance refuses the token. */
async function refusedAfter(port: Port, token: string, since: number): Promise<number> {
  while (performance.now() - since < 10_000) {
    const { status } = await authorized(port, token)
    if (status === 401) return performance.now() - since
    expect(status).toBe(200)
    await new Promise(resolve => setTimeout(resolve, 3))
  }
  throw new Error("it was never refused")
}

/** Logs people out on the first instance, one after the other, and tells how long the others take to hear. */
async function measure(what: string, within: number): Promise<void> {
  const { ports, code } = instances as Instances
  const [first, ...others] = ports as [Port, ...Port[]]
  const took: number[] = []
  let last = ""
  for (let round = 0; round < logouts; round += 1) {
    const { body } = await post(`http://127.0.0.1:${first}/login`, { code: code(`person ${round}`) })
    last = body.access_token
    // The others have checked it and remember it.
    for (const port of others) expect((await authorized(port, last)).status).toBe(200)
    expect((await post(`http://127.0.0.1:${first}/logout`, {}, last)).status).toBe(200)
    const since = performance.now()
    expect((await authorized(first, last)).status).toBe(401)
    took.push(...(await Promise.all(others.map(port => refusedAfter(port, last, since)))))
  }
  const sorted = took.sort((one, other) => one - other)
  const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] as number).toFixed(0)
  console.log(
    `${what}: ${sorted.length} times refused elsewhere, ms after the logout: least ${at(1 / sorted.length)}, p50 ${at(0.5)}, p90 ${at(0.9)}, ` +
      `p99 ${at(0.99)}, most ${at(1)}`,
  )
  expect(sorted.at(-1)).toBeLessThan(within)
  // An instance that dies and comes back has not forgotten.
  await instances?.replace(2, "SIGKILL")
  expect((await authorized(ports[2] as Port, last)).status).toBe(401)
}

function needPostgres(context: TestContext): void {
  need(context, there.postgres, postgresNeed)
}

function needRedis(context: TestContext): void {
  need(context, there.redis, "the command redis-server")
}

const timeout = 600_000

test("PostgreSQL tells of a logout by NOTIFY: refused everywhere within a second", {
  timeout,
}, async context => {
  needPostgres(context)
  instances = await startInstances({ store: await freshPostgres(), count: 3 })
  await measure("PostgreSQL, NOTIFY", 1_000)
})

test("PostgreSQL and Redis: within a second", { timeout }, async context => {
  needPostgres(context)
  needRedis(context)
  redis = await startRedis()
  instances = await startInstances({ store: await freshPostgres(), redis: redis.url, count: 3 })
  await measure("PostgreSQL, NOTIFY and Redis", 1_000)
})

test("MariaDB and Redis: within a second", { timeout }, async context => {
  need(context, there.mysql, mysqlNeed)
  needRedis(context)
  redis = await startRedis()
  instances = await startInstances({ store: await freshMysql(), redis: redis.url, count: 3 })
  await measure("MariaDB, Redis", 1_000)
})

test("MariaDB alone, by asking: within five seconds", { timeout }, async context => {
  need(context, there.mysql, mysqlNeed)
  instances = await startInstances({ store: await freshMysql(), count: 3 })
  await measure("MariaDB, asking", 5_000)
})

test("PostgreSQL with Redis gone and LISTEN cut: within five seconds", { timeout }, async context => {
  needPostgres(context)
  needRedis(context)
  redis = await startRedis()
  const store = await freshPostgres()
  instances = await startInstances({ store, redis: redis.url, count: 3 })
  await redis.kill()
  const cut = await cutListeners(store)
  await measure("PostgreSQL, Redis gone, LISTEN cut", 5_000)
  expect(await cut.stop()).toBeGreaterThan(3)
})

/** Ends every connection that listens, again and again, faster than anybody could hear of something. */
async function cutListeners(url: string): Promise<{ stop(): Promise<number> }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let ended = 0
  let over = false
  const cutting = (async () => {
    while (!over) {
      const { rowCount } = await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen %' AND pid <> pg_backend_pid()",
      )
      ended += rowCount ?? 0
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  })()
  return {
    async stop() {
      over = true
      await cutting
      await client.end()
      return ended
    },
  }
}
