import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
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
import { type Nginx, startNginx } from "../support/nginx.ts"

const restarts = campaign(6, 20)
const there = { postgres: false, mysql: false, redis: hasCommand("redis-server"), nginx: hasCommand("nginx") }
let redis: RedisServer | undefined
let nginx: Nginx | undefined
let instances: Instances | undefined

beforeAll(async () => {
  there.postgres = await hasPostgres()
  there.mysql = await hasMysql()
  if (there.redis) redis = await startRedis()
})
afterEach(async () => {
  await nginx?.close()
  await instances?.close()
  nginx = undefined
  instances = undefined
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
  await redis?.close()
})

const promise = `${restarts} restarts one after the other: no request fails, nobody is logged out`

test(`three instances behind nginx on PostgreSQL with Redis, ${promise}`, {
  timeout: 600_000,
}, async context => {
  need(context, there.postgres, postgresNeed)
  need(context, there.redis, "the command redis-server")
  need(context, there.nginx, "the command nginx")
  await replaceUnderLoad({ store: await freshPostgres(), redis: redis?.url as string })
})

test(`three instances behind nginx on MariaDB without Redis, ${promise}`, {
  timeout: 600_000,
}, async context => {
  need(context, there.mysql, mysqlNeed)
  need(context, there.nginx, "the command nginx")
  await replaceUnderLoad({ store: await freshMysql() })
})

async function replaceUnderLoad(where: { readonly store: string; readonly redis?: string }): Promise<void> {
  instances = await startInstances({ ...where, count: 3 })
  const { ports, code, replace } = instances
  nginx = await startNginx(ports)
  const { url, errors } = nginx
  const statuses = new Map<string, number>()
  const failures: string[] = []
  let over = false
  let loggedOut = 0

  /** A person who logs in once, then asks and refreshes, as often as there is time for. Nothing is tried twice. */
  const person = async (index: number) => {
    const count = (what: string, status: number) => {
      const key = `${what} ${status}`
      statuses.set(key, (statuses.get(key) ?? 0) + 1)
      if (status !== 200) failures.push(key)
      return status === 200
    }
    try {
      const first = await post(`${url}/login`, { code: code(`person ${index}`) })
      if (!count("login", first.status)) return
      let tokens = first.body
      for (let round = 0; !over; round += 1) {
        if (round % 4 === 3) {
          const next = await post(`${url}/refresh`, { refresh_token: tokens.refresh_token })
          if (!count("refresh", next.status)) {
            loggedOut += 1
            return
          }
          tokens = next.body
        } else {
          const headers = { authorization: `Bearer ${tokens.access_token}` }
          count("me", (await fetch(`${url}/me`, { headers })).status)
        }
        if (round % 8 === 7)
          count("login", (await post(`${url}/login`, { code: code(`extra ${index}`) })).status)
        await new Promise(resolve => setTimeout(resolve, 10))
      }
    } catch (error) {
      failures.push(String(error))
    }
  }

  const people = Array.from({ length: 24 }, (_, index) => person(index))
  for (let restart = 0; restart < restarts; restart += 1) {
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(await replace(restart % 3, "SIGTERM")).toBe(0)
  }
  over = true
  await Promise.all(people)
  const told = [...statuses].map(([key, count]) => `${key}: ${count}`).join(", ")
  console.log(`${restarts} restarts; ${told}; failures ${failures.length}, logged out ${loggedOut}`)
  expect(failures, errors.join("")).toEqual([])
  expect(loggedOut).toBe(0)
}
