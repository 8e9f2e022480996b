import type { Redis as Client } from "ioredis"
import type { Logger } from "../log.ts"
import { createAnswerDeadline } from "../store/answer-deadline.ts"
import { describeRedisError, isRefusal } from "./describe-redis-error.ts"
import { loadDriver } from "./load-driver.ts"

/** A Redis that may be gone: nothing waits for it, and nothing that must not fail depends on it. */
export interface Redis {
  readonly client: Client
  isReady(): boolean
  /**
   * Resolves or rejects as the work does, or rejects when Redis has not answered in time. Time in which this process stood still does not
   * count: then the answers may be there, and nobody has read them.
   */
  within<Result>(work: Promise<Result>): Promise<Result>
  /**
   * Says whether it answered a command in time, and else what came instead. Logged when that changes: a frozen Redis keeps its connections
   * and reports nothing.
   */
  note(answered: boolean, error?: unknown): void
  /** Calls the listener with what is published under the name, and with `undefined` whenever something may have been missed. */
  subscribe(channel: string, listener: (message: string | undefined) => void): void
  /** Tells the others, if Redis is there. */
  publish(channel: string, message: string): void
  close(): Promise<void>
}

/** How long (ms) an answer is waited for. */
export const answerWithin = 100
/** Looks whether answers are there, in that time. */
const looks = 10
const longestPause = 5_000

/**
 * Begins to connect; does not wait for it. Needs the package `ioredis`.
 *
 * @param url `redis://…` or `rediss://…`
 * @param within how long (ms) an answer is waited for
 * @throws TypeError if the driver is not installed
 */
export async function openRedis(url: string, log: Logger, within = answerWithin): Promise<Redis> {
  const { Redis: Driver } = await loadDriver()
  const options = {
    connectTimeout: 1_000,
    // Its CLIENT SETINFO is one more thing that a user may not be allowed.
    disableClientInfo: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times: number) => Math.min(times * 100, longestPause),
  }
  const client = new Driver(url, { ...options, enableAutoPipelining: true })
  const subscriber = new Driver(url, { ...options, autoResubscribe: false })
  const listeners = new Map<string, (message: string | undefined) => void>()
  const deadline = createAnswerDeadline(within, "Redis", looks)
  let failing = false

  function note(answered: boolean, error?: unknown): void {
    if (answered && failing) log.info({}, "Redis answers again")
    if (!answered && !failing)
      log.warn(
        error === undefined ? {} : { error: describeRedisError(error) },
        `Redis ${isRefusal(error) ? "refuses" : "does not answer"}; limits are counted by each instance`,
      )
    failing = !answered
  }

  client.on("error", error => note(false, error))
  client.on("ready", () => note(true))
  subscriber.on("error", () => {})
  subscriber.on("ready", () => {
    if (listeners.size > 0) subscriber.subscribe(...listeners.keys()).then(missed, deaf)
  })
  subscriber.on("message", (channel, message) => listeners.get(channel)?.(message))

  /** Of a connection that is gone the next one subscribes again. */
  function deaf(error: unknown): void {
    if (subscriber.status !== "ready") return
    log.warn(
      { error: describeRedisError(error) },
      "Redis passes no news on; instances have them from the database",
    )
  }

  function missed(): void {
    for (const listener of listeners.values()) listener(undefined)
  }

  return {
    client,
    isReady: () => client.status === "ready",
    within: deadline.within,
    note,
    subscribe(channel, listener) {
      listeners.set(channel, listener)
      if (subscriber.status === "ready") subscriber.subscribe(channel).then(() => listener(undefined), deaf)
    },
    publish(channel, message) {
      if (client.status === "ready") client.publish(channel, message).catch(() => {})
    },
    async close() {
      client.disconnect()
      subscriber.disconnect()
    },
  }
}
