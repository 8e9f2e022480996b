import { createSimulator, type Simulator } from "@denglu/simulator"
import { createLogin, type Login, type LoginOptions } from "denglu"
import { afterAll, beforeAll, expect, type TestContext, test } from "vitest"
import { hasCommand, need } from "../../../../scripts/need.ts"
import { dropPostgres, freshPostgres, hasPostgres } from "../support/engines.ts"
import { type RedisServer, startRedis } from "../support/redis-server.ts"

let redis: RedisServer | undefined
const there = { postgres: false, redis: hasCommand("redis-server") }

beforeAll(async () => {
  there.postgres = await hasPostgres()
  if (there.redis) redis = await startRedis()
})
afterAll(async () => {
  await dropPostgres()
  await redis?.close()
})

function needBoth(context: TestContext): void {
  need(context, there.postgres, "PostgreSQL on 127.0.0.1:5432")
  need(context, there.redis, "the command redis-server")
}

interface Instances {
  readonly simulator: Simulator
  readonly all: readonly Login[]
  readonly logged: readonly string[]
  logIn(instance: Login, person: string): Promise<{ readonly status: number; readonly token: string }>
  close(): Promise<void>
}

/** Some instances on one database, as on several machines. */
async function startInstances(count: number, options: Partial<LoginOptions> = {}): Promise<Instances> {
  const simulator = createSimulator()
  const apps = simulator.state().apps.map(({ appid, secret }) => ({ appid, secret }))
  const store = await freshPostgres()
  const logged: string[] = []
  const note = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`)
  const start = () =>
    createLogin({
      apps,
      store,
      secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-instances",
      log: { info: note, warn: note, error: note },
      wechat: { simulator: "http://127.0.0.1:1", fetch: request => simulator.fetch(request) },
      ...options,
    })
  const all: Login[] = []
  for (let index = 0; index < count; index += 1) all.push(await start())
  return {
    simulator,
    all,
    logged,
    async logIn(instance, person) {
      const body = JSON.stringify({ code: simulator.issueCode({ user: person }) })
      const reply = await instance.fetch(new Request("http://login/login", { method: "POST", body }))
      return { status: reply.status, token: ((await reply.json()) as { access_token: string }).access_token }
    },
    async close() {
      for (const login of all) await login.close()
    },
  }
}

/** Milliseconds until the instance refuses the token. */
async function refusedAfter(instance: Login, token: string): Promise<number> {
  const start = performance.now()
  while (performance.now() - start < 5_000) {
    const verdict = await instance.verify(token).then(
      () => "good",
      (error: { code?: string }) => error.code,
    )
    if (verdict === "session_revoked") return performance.now() - start
    expect(verdict).toBe("good")
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  throw new Error("it was never refused")
}

async function revokeOnOne(instances: Instances, person: string): Promise<number> {
  const [one, other, third] = instances.all as [Login, Login, Login]
  const { token } = await instances.logIn(one, person)
  const { sessionId } = await one.verify(token)
  await Promise.all([other.verify(token), third.verify(token)])
  await one.sessions.revoke(sessionId)
  await expect(one.verify(token)).rejects.toMatchObject({ code: "session_revoked" })
  const took = await Promise.all([refusedAfter(other, token), refusedAfter(third, token)])
  return Math.max(...took)
}

function tell(what: string, took: readonly number[]): void {
  const sorted = [...took].sort((one, other) => one - other)
  const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] as number).toFixed(0)
  console.log(`${what}: ${sorted.length} logouts, ms: p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`)
}

test("a logout is refused everywhere within a second, by NOTIFY", async context => {
  need(context, there.postgres, "PostgreSQL on 127.0.0.1:5432")
  const instances = await startInstances(3)
  const took: number[] = []
  for (let round = 0; round < 40; round += 1) took.push(await revokeOnOne(instances, `person ${round}`))
  tell("refused elsewhere after, by NOTIFY", took)
  expect(Math.max(...took)).toBeLessThan(1_000)
  await instances.close()
})

test("… and with Redis gone, by asking", async context => {
  needBoth(context)
  const server = redis as RedisServer
  const instances = await startInstances(3, { redis: server.url })
  await server.kill()
  const took: number[] = []
  for (let round = 0; round < 20; round += 1) took.push(await revokeOnOne(instances, `person ${round}`))
  tell("refused elsewhere after, Redis gone", took)
  expect(Math.max(...took)).toBeLessThan(1_000)
  await server.start()
  await instances.close()
})

test("a limit holds for all instances together", async context => {
  needBoth(context)
  const limits = { loginsPerAddress: 20 }
  for (const options of [{ limits }, { limits, redis: redis?.url as string }]) {
    const instances = await startInstances(2, options)
    await new Promise(resolve => setTimeout(resolve, 300))
    let passed = 0
    for (let index = 0; index < 60; index += 1) {
      const { status } = await instances.logIn(instances.all[index % 2] as Login, `person ${index}`)
      expect([200, 429]).toContain(status)
      if (status === 200) passed += 1
      // Through the database they hear of each other every half second.
      if (index % 10 === 0) await new Promise(resolve => setTimeout(resolve, 600))
    }
    expect(passed).toBeGreaterThanOrEqual(20)
    // A minute may turn while the test runs; then each minute has its 20.
    expect(passed).toBeLessThanOrEqual(40)
    await instances.close()
  }
})

test("Redis frozen, gone or emptied: every login goes through, and soon", async context => {
  needBoth(context)
  const server = redis as RedisServer
  const said: string[] = []
  const say = (_: object, message: string) => void said.push(message)
  const log = { info: say, warn: say, error: say }
  const instances = await startInstances(2, { redis: server.url, log })
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
  need(context, there.postgres, "PostgreSQL on 127.0.0.1:5432")
  const instances = await startInstances(2)
  const [one, other] = instances.all as [Login, Login]
  await one.keys.rotate()
  const { token } = await instances.logIn(one, "alice")
  await expect(other.verify(token)).resolves.toMatchObject({})
  await instances.close()
})

test("machines whose clocks are wrong share the database's", async context => {
  need(context, there.postgres, "PostgreSQL on 127.0.0.1:5432")
  const instances = await startInstances(1)
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
