import { execFileSync } from "node:child_process"
import { afterEach, expect, test } from "vitest"
import { type RedisServer, startRedis } from "../../packages/denglu/test/support/redis-server.ts"
import { hasCommand, need } from "../../scripts/need.ts"
import { campaign, type Instances, post, startInstances } from "../support/instances.ts"
import { hasPostgresServer, type PostgresServer, startPostgres } from "../support/postgres-server.ts"

const away = campaign(6_000, 60_000)
/** Within so many ms every request is answered: connecting may take 1 s, a statement 3. */
const deadline = 4_500
let database: PostgresServer | undefined
let redis: RedisServer | undefined
let instances: Instances | undefined
afterEach(async () => {
  await instances?.close()
  database?.close()
  await redis?.close()
  instances = undefined
  redis = undefined
  database = undefined
})

interface Load {
  /** Takes what was counted since. */
  take(): {
    readonly statuses: Readonly<Record<string, number>>
    readonly slowest: number
    readonly odd: readonly string[]
  }
  stop(): Promise<void>
}

/** People who log in, refresh and ask who they are, all the time. */
async function startLoad(urls: readonly string[], code: (person: string) => string): Promise<Load> {
  let over = false
  let statuses: Record<string, number> = {}
  let slowest = 0
  let odd: string[] = []
  const count = async (
    what: string,
    ask: () => Promise<{ status: number; body?: { code?: string }; retryAfter?: string | null }>,
  ) => {
    const start = performance.now()
    try {
      const { status, body, retryAfter } = await ask()
      const key = status === 200 ? `${what} 200` : `${what} ${status} ${body?.code}`
      statuses[key] = (statuses[key] ?? 0) + 1
      if (status === 503 && !(Number(retryAfter) >= 1)) odd.push(`${key} without Retry-After`)
    } catch (error) {
      odd.push(`${what}: ${error instanceof Error ? error.name : error}`)
    }
    slowest = Math.max(slowest, performance.now() - start)
  }
  const urlOf = (index: number) => urls[index % urls.length] as string
  const person = async (index: number, first: string) => {
    const url = urlOf(index)
    let token = first
    while (!over) {
      await count("login", () => post(`${url}/login`, { code: code(`person ${index}`) }))
      await count("refresh", async () => {
        const reply = await post(`${url}/refresh`, { refresh_token: token })
        if (reply.status === 200) token = reply.body.refresh_token
        return reply
      })
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  // Everybody is logged in before harm is done.
  const firsts = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      post(`${urlOf(index)}/login`, { code: code(`person ${index}`) }),
    ),
  )
  const people = firsts.map(({ body }, index) => person(index, body.refresh_token))
  return {
    take() {
      const taken = { statuses, slowest, odd }
      statuses = {}
      slowest = 0
      odd = []
      return taken
    },
    async stop() {
      over = true
      await Promise.all(people)
    },
  }
}

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const allowed = /^(login|refresh) (200|503 store_unavailable)$/

/** Does harm for a while, and looks at what is answered before, meanwhile and after. */
async function endure(harm: () => void | Promise<void>, heal: () => void | Promise<void>, ms: number) {
  const { ports, code } = instances as Instances
  const load = await startLoad(
    ports.map(port => `http://127.0.0.1:${port}`),
    code,
  )
  await wait(1_000)
  const before = load.take()
  await harm()
  await wait(ms)
  const meanwhile = load.take()
  await heal()
  await wait(5_000)
  const healing = load.take()
  await wait(1_500)
  const after = load.take()
  await load.stop()
  console.log(
    JSON.stringify({
      before: before.statuses,
      meanwhile: meanwhile.statuses,
      slowest: Math.round(meanwhile.slowest),
      healing: healing.statuses,
      after: after.statuses,
    }),
  )
  for (const { statuses, slowest, odd } of [before, meanwhile, healing, after]) {
    expect(odd).toEqual([])
    expect(Object.keys(statuses).filter(key => !allowed.test(key))).toEqual([])
    expect(slowest).toBeLessThan(deadline)
  }
  expect(Object.keys(after.statuses).filter(key => !key.endsWith(" 200"))).toEqual([])
  expect(instances?.running()).toBe(true)
  return meanwhile.statuses
}

test(`PostgreSQL gone for ${away / 1000} s: every request is answered in time, and all is well 5 s later`, {
  timeout: 300_000,
}, async context => {
  need(context, hasPostgresServer(), "PostgreSQL's programs (initdb, pg_ctl)")
  database = await startPostgres()
  instances = await startInstances({ store: database.url, count: 2 })
  const server = database
  const meanwhile = await endure(
    () => server.stop("fast"),
    () => server.start(),
    away,
  )
  expect(meanwhile["login 503 store_unavailable"]).toBeGreaterThan(0)
})

test("PostgreSQL frozen: every request is answered in time", { timeout: 300_000 }, async context => {
  need(context, hasPostgresServer(), "PostgreSQL's programs (initdb, pg_ctl)")
  database = await startPostgres()
  instances = await startInstances({ store: database.url, count: 2 })
  const server = database
  await endure(
    () => signalAll(server, "STOP"),
    () => signalAll(server, "CONT"),
    campaign(5_000, 30_000),
  )
})

test("Redis frozen: every login goes through", { timeout: 300_000 }, async context => {
  need(context, hasPostgresServer(), "PostgreSQL's programs (initdb, pg_ctl)")
  need(context, hasCommand("redis-server"), "the command redis-server")
  database = await startPostgres()
  redis = await startRedis()
  const frozen = redis
  instances = await startInstances({ store: database.url, redis: frozen.url, count: 2 })
  const meanwhile = await endure(
    () => frozen.freeze(),
    () => frozen.thaw(),
    campaign(5_000, 30_000),
  )
  expect(Object.keys(meanwhile).filter(key => !key.endsWith(" 200"))).toEqual([])
})

/** The postmaster and all its children. */
function signalAll(server: PostgresServer, signal: "STOP" | "CONT"): void {
  const postmaster = server.pid()
  const children = execFileSync("pgrep", ["-P", String(postmaster)], { encoding: "utf8" })
  for (const pid of [String(postmaster), ...children.trim().split("\n")]) {
    try {
      process.kill(Number(pid), `SIG${signal}`)
    } catch {
      // A backend that ended in between.
    }
  }
}
