import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible"
import type { Redis } from "../redis/open-redis.ts"
import type { Limiter } from "./limiter.ts"
import { refuse } from "./memory-limiter.ts"

/** How long (ms) Redis is left alone after it did not answer in time: nobody waits for it meanwhile. */
const leaveAlone = 2_000

/**
 * Counts in Redis, for all instances together. Where Redis is gone or slow each instance counts for itself: a login never fails for want
 * of a counter. Where it was emptied the counts begin anew, but for those whom an instance knows to be refused until their minute is over.
 */
export function createRedisLimiters(redis: Redis, elapsed: () => number) {
  let aloneUntil = 0
  return (name: string, points: number): Limiter => {
    const here = new RateLimiterMemory({ keyPrefix: name, points, duration: 60 })
    const everywhere = new RateLimiterRedis({
      storeClient: redis.client,
      keyPrefix: `denglu:${name}`,
      points,
      duration: 60,
      // Whoever has used up everything is not asked about again until it may be otherwise.
      inMemoryBlockOnConsumed: points + 1,
    })
    return {
      async take(key) {
        if (elapsed() < aloneUntil || !redis.isReady()) return void (await here.consume(key).catch(refuse))
        try {
          await redis.within(everywhere.consume(key))
          redis.note(true)
        } catch (refusal) {
          if (!(refusal instanceof Error)) {
            redis.note(true)
            refuse(refusal)
          }
          redis.note(false, refusal)
          aloneUntil = elapsed() + leaveAlone
          await here.consume(key).catch(refuse)
        }
      },
    }
  }
}
