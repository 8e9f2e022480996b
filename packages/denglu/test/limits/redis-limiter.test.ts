import { afterEach, beforeEach, expect, type TestContext, test, vi } from "vitest"
import { hasCommand, need } from "../../../../scripts/need.ts"
import type { Limiter } from "../../src/limits/limiter.ts"
import { createRedisLimiters } from "../../src/limits/redis-limiter.ts"
import { openRedis, type Redis } from "../../src/redis/open-redis.ts"
import { type RedisServer, startRedis } from "../support/redis-server.ts"

const hasRedis = hasCommand("redis-server")
/** So long (ms) that a machine that has much else to do answers, too. */
const patient = 10_000
let server: RedisServer | undefined
const connections: Redis[] = []
beforeEach(async () => {
  if (hasRedis) server = await startRedis()
})
afterEach(async () => {
  for (const redis of connections.splice(0)) await redis.close()
  await server?.close()
})

/** Instances at one Redis. */
async function openInstances(context: TestContext, count: number, within?: number) {
  need(context, hasRedis, "the command redis-server")
  const said: string[] = []
  const say = (_: object, message: string) => void said.push(message)
  const log = { info: say, warn: say, error: say }
  let elapsed = 0
  const opened: Redis[] = []
  for (let index = 0; index < count; index += 1)
    opened.push(await openRedis((server as RedisServer).url, log, within))
  connections.push(...opened)
  await ready(opened)
  return {
    said,
    redis: opened[0] as Redis,
    opened,
    server: server as RedisServer,
    limiters: (name: string, points: number) =>
      opened.map(redis => createRedisLimiters(redis, () => elapsed)(name, points)) as [Limiter, ...Limiter[]],
    /** Lets the time pass in which Redis is left alone. */
    advance(ms: number) {
      elapsed += ms
    },
  }
}

const ready = (opened: readonly Redis[]) =>
  vi.waitFor(() => expect(opened.every(redis => redis.isReady())).toBe(true), { timeout: 15_000 })

/** How many of so many tries at once pass, each at the next limiter. */
async function passing(limiters: readonly Limiter[], key: string, tries: number): Promise<number> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: tries }, (_, index) => (limiters[index % limiters.length] as Limiter).take(key)),
  )
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "rate_limited" })
  return outcomes.filter(({ status }) => status === "fulfilled").length
}

/** Does nothing else, as a process that is given no time, or computes. */
function standStill(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test("of many at once over three instances exactly as many pass as the limit says", async context => {
  const { limiters, said } = await openInstances(context, 3, patient)
  expect(await passing(limiters("test", 50), "alice", 300)).toBe(50)
  expect(said).toEqual([])
})

test("each key and each limit has a count of its own", async context => {
  const { limiters, redis } = await openInstances(context, 2, patient)
  expect(await passing(limiters("login", 10), "alice", 30)).toBe(10)
  expect(await passing(limiters("login", 10), "bob", 30)).toBe(10)
  expect(await passing(limiters("refresh", 10), "alice", 30)).toBe(10)
  expect((await redis.client.keys("*")).sort()).toEqual([
    "denglu:login:alice",
    "denglu:login:bob",
    "denglu:refresh:alice",
  ])
})

test("a minute begins with the first try, and after it everybody begins anew", async context => {
  const { limiters, redis } = await openInstances(context, 3, patient)
  const [one, other, third] = limiters("test", 10) as [Limiter, Limiter, Limiter]
  expect(await passing([one, other], "alice", 10)).toBe(10)
  const left = await redis.client.pttl("denglu:test:alice")
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThanOrEqual(60_000)
  const refused = (await one.take("alice").catch((error: unknown) => error)) as { retryAfter: number }
  expect(refused).toMatchObject({ code: "rate_limited" })
  expect(refused.retryAfter).toBeGreaterThan(0)
  expect(refused.retryAfter).toBeLessThanOrEqual(60)
  // The minute ends.
  await redis.client.pexpire("denglu:test:alice", 1)
  await vi.waitFor(async () => expect(await redis.client.exists("denglu:test:alice")).toBe(0))
  expect(await passing([other, third], "alice", 30)).toBe(10)
})

test("a Redis that is emptied counts from the beginning; who knows of a refusal keeps to it", async context => {
  const { limiters, redis, said } = await openInstances(context, 3, patient)
  const [one, other, third] = limiters("test", 10) as [Limiter, Limiter, Limiter]
  expect(await passing([one], "alice", 20)).toBe(10)
  await redis.client.flushall()
  await expect(one.take("alice")).rejects.toMatchObject({ code: "rate_limited" })
  expect(await passing([other, third], "alice", 30)).toBe(10)
  expect(said).toEqual([])
})

test("while Redis is away each counts for itself; one that comes back empty counts for all again", async context => {
  const { limiters, opened, server } = await openInstances(context, 2, patient)
  const [one, other] = limiters("test", 10) as [Limiter, Limiter]
  expect(await passing([one, other], "alice", 4)).toBe(4)
  await server.kill()
  await vi.waitFor(() => expect(opened.some(redis => redis.isReady())).toBe(false), { timeout: 15_000 })
  expect(await passing([one], "alice", 20)).toBe(10)
  expect(await passing([other], "alice", 20)).toBe(10)
  await server.start()
  await ready(opened)
  expect(await passing([one, other], "bob", 40)).toBe(10)
})

test("a process that stood still does not take its Redis for dead: the answers were there, only nobody read them", async context => {
  const within = 1_000
  const { limiters, server, said } = await openInstances(context, 2, within)
  const [one, other] = limiters("test", 20) as [Limiter, Limiter]
  await one.take("somebody")
  const unsent = passing([one], "alice", 10)
  standStill(1.5 * within)
  expect(await unsent).toBe(10)
  // So that no answer comes before it stands still.
  server.freeze()
  const unread = passing([one], "alice", 10)
  // Two turns of the event loop: they are on their way.
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  server.thaw()
  standStill(1.5 * within)
  expect(await unread).toBe(10)
  expect(said).toEqual([])
  // They were counted there, for all.
  await expect(other.take("alice")).rejects.toMatchObject({ code: "rate_limited" })
})

test("a Redis that is frozen keeps nobody waiting for longer than about 100 ms, then nobody for 2 s", async context => {
  const { limiters, server, said, advance } = await openInstances(context, 1)
  const [limiter] = limiters("test", 1_000)
  await limiter.take("alice")
  server.freeze()
  const took: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const since = performance.now()
    await limiter.take("alice")
    took.push(performance.now() - since)
    // Now it is not asked.
    for (let count = 0; count < 100; count += 1) await limiter.take("alice")
    advance(2_000)
  }
  // The machine may be slow, but hardly each time.
  expect(Math.min(...took)).toBeLessThan(250)
  expect(Math.min(...took)).toBeGreaterThan(50)
  expect(said).toEqual(["Redis does not answer; limits are counted by each instance"])
  server.thaw()
  await vi.waitFor(
    async () => {
      await limiter.take("alice")
      advance(2_000)
      expect(said).toHaveLength(2)
    },
    { timeout: 15_000 },
  )
  expect(said[1]).toBe("Redis answers again")
})
