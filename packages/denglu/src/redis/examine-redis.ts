import { once } from "node:events"
import { RateLimiterRedis } from "rate-limiter-flexible"
import type { Clock } from "../clock.ts"
import { describeCertificateError } from "../store/sql/certificate.ts"
import { describeRedisError, isRefusal } from "./describe-redis-error.ts"
import { loadDriver } from "./load-driver.ts"
import { channel } from "./store-with-news.ts"

/** What a Redis is good for. */
export interface RedisExamination {
  /** `undefined` where the user may not ask. */
  readonly version: string | undefined
  /** The shortest time of a count, milliseconds. */
  readonly roundTrip: number
  /** Codes of what is refused when it is to count. */
  readonly notCounting: readonly string[]
  /** Codes of what is refused when it is to pass news on; `ABORT_ERR` for news that did not arrive. */
  readonly notTelling: readonly string[]
  /** Whether its memory has an end at which it takes no more counts. */
  readonly fillsUp: boolean
}

/** It can't be reached, or does not let us in. */
export class RedisOutOfReach extends Error {
  /** Redis's own, or Node's. */
  readonly code: string
  readonly isRefusal: boolean
  /** Says what is wrong with its certificate and what to do, if that is it. */
  readonly certificate: string | undefined

  constructor(reason: unknown) {
    const { name, code = name } = describeRedisError(reason)
    super(`Redis is out of reach: ${code}`)
    this.code = code
    this.isRefusal = isRefusal(reason)
    this.certificate = reason instanceof Error ? describeCertificateError(reason) : undefined
  }
}

const deadline = 3_000
/** So many that of a cluster's nodes none has them all. */
const keys = 12

/**
 * Connects, counts under keys of its own that are over in a second, and tells itself news that instances take no notice of. Ends in some 15
 * seconds at most.
 *
 * @throws RedisOutOfReach
 * @throws TypeError if the driver is not installed
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
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  }
  const client = new Redis(url, options)
  const subscriber = new Redis(url, options)
  try {
    const [aside] = await Promise.all([connect(client), connect(subscriber)])
    const notCounting = new Set<string>()
    const notTelling = new Set<string>()
    const roundTrip = await count(client, clock).catch(noteIn(notCounting))
    await tell(client, subscriber).catch(noteIn(notTelling))
    const info = await client.info().catch(() => "")
    for (const error of aside) notCounting.add(codeOf(error))
    return {
      version: fieldOf(info, "redis_version"),
      roundTrip: roundTrip ?? 0,
      notCounting: [...notCounting],
      notTelling: [...notTelling],
      fillsUp: fillsUp(info),
    }
  } finally {
    close(client)
    close(subscriber)
  }
}

type Client = InstanceType<Awaited<ReturnType<typeof loadDriver>>["Redis"]>

/**
 * What keeps a connection from opening comes as an event; the promise says only that it is closed.
 *
 * @returns where errors go that belong to no command of ours: the database that the URL names may be refused, and the connection opens all the same
 */
async function connect(client: Client): Promise<readonly unknown[]> {
  const reasons: unknown[] = []
  client.on("error", error => reasons.push(error))
  try {
    await client.connect()
  } catch (error) {
    throw new RedisOutOfReach(reasons[0] ?? error)
  }
  return reasons
}

/** One that has ended would wait two seconds for its end. */
function close(client: Client): void {
  if (client.status !== "end") client.disconnect()
}

/** As the limits do it; each key twice, as the script is sent once and then called by its name. Answers the shortest time, milliseconds. */
async function count(storeClient: Client, clock: Clock): Promise<number> {
  const limiter = new RateLimiterRedis({ storeClient, keyPrefix: "denglu:doctor", points: 2, duration: 1 })
  let shortest = Number.POSITIVE_INFINITY
  for (let index = 0; index < 2 * keys; index += 1) {
    const since = clock()
    await limiter.consume(String(index % keys)).catch(throwErrors)
    shortest = Math.min(shortest, clock() - since)
  }
  return shortest
}

/** Somebody else examines it in this second: it counts. */
function throwErrors(refusal: unknown): void {
  if (refusal instanceof Error) throw refusal
}

async function tell(client: Client, subscriber: Client): Promise<void> {
  await subscriber.subscribe(channel)
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), deadline)
  try {
    await Promise.all([
      once(subscriber, "message", { signal: late.signal }),
      client.publish(channel, "doctor"),
    ])
  } finally {
    clearTimeout(timer)
  }
}

const noteIn = (refusals: Set<string>) => (error: unknown) => {
  refusals.add(codeOf(error))
  return undefined
}

function codeOf(error: unknown): string {
  const { name, code = name } = describeRedisError(error)
  return code
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1]
}

function fillsUp(info: string): boolean {
  return Number(fieldOf(info, "maxmemory") ?? 0) > 0 && fieldOf(info, "maxmemory_policy") === "noeviction"
}
