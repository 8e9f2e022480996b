import { afterEach, expect, test } from "vitest"
import { type RedisServer, startRedis } from "../../packages/denglu/test/support/redis-server.ts"
import { hasCommand, need } from "../../scripts/need.ts"
import type { DatabaseServer } from "../support/database-server.ts"
import { databases } from "../support/databases.ts"
import { endure } from "../support/endure.ts"
import { campaign, type Instances, startInstances } from "../support/instances.ts"
import { hasPostgresServer, startPostgres } from "../support/postgres-server.ts"

const gone = campaign(6_000, 60_000)
const frozen = campaign(5_000, 30_000)
let database: DatabaseServer | undefined
let redis: RedisServer | undefined
let instances: Instances | undefined
afterEach(async () => {
  await instances?.close()
  await database?.close()
  await redis?.close()
  instances = undefined
  redis = undefined
  database = undefined
})

for (const { name, there, what, start } of databases) {
  test(`${name} gone for ${gone / 1000} s: every request is answered in time, and all is well 5 s later`, {
    timeout: 300_000,
  }, async context => {
    need(context, there(), what)
    database = await start()
    instances = await startInstances({ store: database.url, count: 2 })
    const meanwhile = await endure(instances, { harm: database.stop, heal: database.start, ms: gone })
    expect(meanwhile["login 503 store_unavailable"]).toBeGreaterThan(0)
  })

  test(`${name} frozen for ${frozen / 1000} s: every request is answered in time, and all is well 5 s later`, {
    timeout: 300_000,
  }, async context => {
    need(context, there(), what)
    database = await start()
    instances = await startInstances({ store: database.url, count: 2 })
    const meanwhile = await endure(instances, { harm: database.freeze, heal: database.thaw, ms: frozen })
    expect(meanwhile["login 503 store_unavailable"]).toBeGreaterThan(0)
  })
}

test(`Redis frozen for ${frozen / 1000} s: every login goes through`, {
  timeout: 300_000,
}, async context => {
  need(context, hasPostgresServer(), "PostgreSQL's programs (initdb, pg_ctl)")
  need(context, hasCommand("redis-server"), "the command redis-server")
  database = await startPostgres()
  redis = await startRedis()
  instances = await startInstances({ store: database.url, redis: redis.url, count: 2 })
  const meanwhile = await endure(instances, { harm: redis.freeze, heal: redis.thaw, ms: frozen })
  expect(Object.keys(meanwhile).filter(key => !key.endsWith(" 200"))).toEqual([])
})
