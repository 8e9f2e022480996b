import { once } from "node:events"
import { RateLimiterRedis } from "rate-limiter-flexible"
import type { Clock } from "../clock.ts"
import { describeRedisError } from "./describe-redis-error.ts"
import { loadDriver } from "./load-driver.ts"
import { channel } from "./store-with-news.ts"

/** What a Redis is good for. */
export interface RedisExamination {
  /** `undefined` where the user may not ask. */
  readonly version: string | undefined
  /** Of a count, milliseconds. */
  readonly roundTrip: number
  /** Codes of what it refuses, `ABORT_ERR` for news that did not arrive; empty if it does all that is needed. */
  readonly refusals: readonly string[]
  /** Whether its memory has an end at which it takes no more counts. */
  readonly fillsUp: boolean
}

const deadline = 3_000

/**
 * Connects, counts once under a key of its own, and tells itself news that instances take no notice of.
 *
 * @throws Error with `name` and perhaps `code`, as {@link describeRedisError} says, if it can't be reached or does not let us in
 */
export async function examineRedis(url: string, clock: Clock): Promise<RedisExamination> {
  const { Redis } = await loadDriver()
  const options = {
    lazyConnect: true,
    connectTimeout: deadline,
    commandTimeout: deadline,
    enableOfflineQueue: false,
    // It would ask INFO, and write on the console where it may not.
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  }
  const client = new Redis(url, options)
  const subscriber = new Redis(url, options)
  try {
    await Promise.all([connect(client), connect(subscriber)])
    const refusals = new Set<string>()
    const refused = (error: unknown) => void refusals.add(codeOf(error))
    const since = clock()
    await countOnce(client).catch(refused)
    const roundTrip = clock() - since
    await tellOnce(client, subscriber).catch(refused)
    const info = await client.info().catch(() => "")
    return {
      version: fieldOf(info, "redis_version"),
      roundTrip,
      refusals: [...refusals],
      fillsUp: fillsUp(info),
    }
  } finally {
    client.disconnect()
    subscriber.disconnect()
  }
}

type Client = InstanceType<Awaited<ReturnType<typeof loadDriver>>["Redis"]>

/** What keeps a connection from opening comes as an event; the promise says only that it is closed. */
async function connect(client: Client): Promise<void> {
  let reason: unknown
  client.on("error", error => {
    reason ??= error
  })
  try {
    await client.connect()
  } catch (error) {
    throw Object.assign(new Error("no connection"), describeRedisError(reason ?? error))
  }
}

/** As the limits do it. */
async function countOnce(storeClient: Client): Promise<void> {
  const limiter = new RateLimiterRedis({ storeClient, keyPrefix: "denglu:doctor", points: 1, duration: 1 })
  try {
    await limiter.consume("one")
  } catch (error) {
    // Somebody else examines it in this second: it counts.
    if (error instanceof Error) throw error
  }
}

async function tellOnce(client: Client, subscriber: Client): Promise<void> {
  await subscriber.subscribe(channel)
  const heard = once(subscriber, "message", { signal: AbortSignal.timeout(deadline) })
  await Promise.all([client.publish(channel, "doctor"), heard])
}

function codeOf(error: unknown): string {
  const { name, code } = describeRedisError(error)
  return code ?? name
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1]
}

function fillsUp(info: string): boolean {
  return Number(fieldOf(info, "maxmemory") ?? 0) > 0 && fieldOf(info, "maxmemory_policy") === "noeviction"
}
