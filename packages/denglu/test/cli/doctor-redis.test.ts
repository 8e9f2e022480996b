import { Redis } from "ioredis"
import { afterAll, beforeAll, expect, type TestContext, test, vi } from "vitest"
import { hasCommand, need } from "../../../../scripts/need.ts"
import { checkRedis } from "../../src/cli/doctor-redis.ts"
import { createRedisLimiters } from "../../src/limits/redis-limiter.ts"
import { openRedis } from "../../src/redis/open-redis.ts"
import { type RedisServer, startRedis } from "../support/redis-server.ts"

const hasRedis = hasCommand("redis-server")
const password = "planted-password"
/** What the finding and the guide tell to grant. */
const grants = "~denglu:* &denglu +eval +evalsha +set +incrby +pttl +expire +publish +subscribe +info"
let server: RedisServer | undefined
let admin: Redis | undefined
beforeAll(async () => {
  if (!hasRedis) return
  server = await startRedis()
  admin = new Redis(server.url)
})
afterAll(async () => {
  admin?.disconnect()
  await server?.close()
})

function opened(context: TestContext) {
  need(context, hasRedis, "the command redis-server")
  return { server: server as RedisServer, admin: admin as Redis }
}

/** The URL of a user who may do no more than this. */
async function userWith(context: TestContext, name: string, rules: string): Promise<string> {
  const { server, admin } = opened(context)
  await admin.call("ACL", "SETUSER", name, "reset", "on", `>${password}`, ...rules.split(" "))
  return server.url.replace("//", `//${name}:${password}@`)
}

/** What doctor says, in one line each. */
async function examined(url: string): Promise<readonly string[]> {
  const findings = await checkRedis(url, Date.now)
  const lines = findings.map(({ check, ok, says }) => `${ok ? "✓" : "✗"} ${check} ${says.en}`)
  expect(findings.every(({ says }) => /\p{Script=Han}/u.test(says.zh))).toBe(true)
  expect(lines.join()).not.toContain("planted")
  return lines
}

test("a Redis as it comes is well; what is counted there for it is over in a second", async context => {
  const { server, admin } = opened(context)
  expect(await examined(server.url)).toEqual([
    expect.stringMatching(/^✓ redis Redis [\d.]+ counts in \d+ ms and passes news on\.$/),
  ])
  expect(await examined(server.url)).toHaveLength(1)
  await vi.waitFor(async () => expect(await admin.keys("*")).toEqual([]), { timeout: 5_000 })
})

test("what the user is not allowed is told with what to grant, and with that all is well", async context => {
  expect(await examined(await userWith(context, "nobody", "+ping"))).toEqual([
    expect.stringContaining(
      `✗ redis NOPERM. This user may not do all that is needed: ACL SETUSER NAME ${grants}`,
    ),
  ])
  const withoutNews = grants.replace("&denglu ", "&another ")
  expect(await examined(await userWith(context, "deaf", withoutNews))).toEqual([
    expect.stringMatching(/^✗ redis NOPERM\./),
  ])
  expect(await examined(await userWith(context, "granted", grants))).toEqual([
    expect.stringMatching(/^✓ redis Redis [\d.]+ counts/),
  ])
})

test("a wrong password, none, a replica, a full memory, nobody there: each with what to do", async context => {
  const { server, admin } = opened(context)
  await userWith(context, "guarded", grants)
  expect(await examined(server.url.replace("//", "//guarded:planted-guess@"))).toEqual([
    expect.stringContaining("✗ redis WRONGPASS. User or password in DENGLU_REDIS is wrong."),
  ])
  await admin.config("SET", "requirepass", password)
  expect(await examined(server.url)).toEqual([expect.stringContaining("✗ redis NOAUTH. It wants a password")])
  await admin.config("SET", "requirepass", "")
  await admin.config("SET", "maxmemory", "1")
  await admin.config("SET", "maxmemory-policy", "noeviction")
  expect(await examined(server.url)).toEqual([expect.stringContaining("✗ redis OOM. Its memory is full")])
  await admin.config("SET", "maxmemory", "100mb")
  expect(await examined(server.url)).toEqual([
    expect.stringMatching(/^✓ redis /),
    expect.stringMatching(/^✓ maxmemory-policy is noeviction/),
  ])
  await admin.config("SET", "maxmemory", "0")
  await admin.replicaof("127.0.0.1", "1")
  expect(await examined(server.url)).toEqual([expect.stringContaining("✗ redis READONLY. It is a replica")])
  await admin.replicaof("NO", "ONE")
  expect(await examined("redis://127.0.0.1:1")).toEqual([
    expect.stringMatching(
      /^✗ redis ECONNREFUSED\. Check host, port.*each instance counts limits for itself\.$/,
    ),
  ])
})

test("an instance says by its code why Redis does not count for it, and that it passes no news on", async context => {
  const url = await userWith(context, "mute", "+info +ping")
  const said: unknown[] = []
  const say = (facts: object, message: string) => void said.push([message, facts])
  const redis = await openRedis(url, { info: say, warn: say, error: say }, 10_000)
  try {
    redis.subscribe("denglu", () => {})
    await vi.waitFor(() => expect(redis.isReady()).toBe(true), { timeout: 15_000 })
    await createRedisLimiters(redis, () => 0)("test", 10).take("alice")
    const error = { name: "ReplyError", code: "NOPERM" }
    await vi.waitFor(
      () =>
        expect(said.toSorted()).toEqual([
          ["Redis does not answer; limits are counted by each instance", { error }],
          ["Redis passes no news on; instances ask the database", { error }],
        ]),
      { timeout: 15_000 },
    )
  } finally {
    await redis.close()
  }
})
