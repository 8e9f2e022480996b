import { Redis } from "ioredis"
import { afterAll, beforeAll, expect, type TestContext, test, vi } from "vitest"
import { hasCommand, need } from "../../../../scripts/need.ts"
import { checkRedis } from "../../src/cli/doctor-redis.ts"
import { createRedisLimiters } from "../../src/limits/redis-limiter.ts"
import { describeRedisError } from "../../src/redis/describe-redis-error.ts"
import { openRedis } from "../../src/redis/open-redis.ts"
import { type RedisServer, startRedis } from "../support/redis-server.ts"

const hasRedis = hasCommand("redis-server")
const password = "planted-password"
/** What the finding and the guide tell to grant. */
const grants = "~denglu:* &denglu +eval +evalsha +set +incrby +pttl +expire +publish +subscribe +select +info"
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
  await admin.call("ACL", "SETUSER", name, "reset", "on", `>${password}`, ...rules.trim().split(/ +/))
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
      `✗ redis NOPERM. This user may not do all that is needed: ACL SETUSER NAME ${grants} Until then each`,
    ),
    expect.stringContaining(
      `ACL SETUSER NAME ${grants} Until then instances hear of a logout from the database`,
    ),
  ])
  // EXPIRE mends a counter that has no end, which there is none of; INFO tells only the version.
  for (const grant of grants.split(" ").filter(grant => !["+expire", "+info"].includes(grant))) {
    const rules = grants.replace(grant, grant === "~denglu:*" ? "~others:*" : "")
    const isNews = /&|publish|subscribe/.test(grant)
    const url = await userWith(context, "lacking", rules)
    expect({ grant, says: await examined(grant === "+select" ? `${url}/1` : url) }).toEqual({
      grant,
      says: [
        expect.stringMatching(
          isNews ? /^✗ redis NOPERM\..* from the database/ : /^✗ redis NOPERM\..* limits for itself/,
        ),
      ],
    })
  }
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
      /^✗ redis ECONNREFUSED\. Check host and port.*each instance counts limits for itself\.$/,
    ),
  ])
})

test("what Redis 6 says within a script is told as what it is", () => {
  const refused = (message: string) =>
    describeRedisError(Object.assign(new Error(message), { name: "ReplyError" }))
  expect(
    refused("ERR Error running script (call to f_0a): @user_script:1: @user_script: 1: -READONLY You can't")
      .code,
  ).toBe("READONLY")
  expect(refused("ERR ACL failure in script: No permissions to access a key script: 0a").code).toBe("NOPERM")
  expect(refused("ERR unknown command").code).toBe("ERR")
  expect(refused("secret").code).toBeUndefined()
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
        expect(said.toSorted()).toEqual(
          expect.arrayContaining([
            ["Redis passes no news on; instances have them from the database", { error }],
            ["Redis refuses; limits are counted by each instance", { error }],
          ]),
        ),
      { timeout: 15_000 },
    )
  } finally {
    await redis.close()
  }
})
