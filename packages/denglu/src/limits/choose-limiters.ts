import type { Clock } from "../clock.ts"
import type { Redis } from "../redis/open-redis.ts"
import type { Store } from "../store/store.ts"
import type { OpenLimiter } from "./limiter.ts"
import { openMemoryLimiter } from "./memory-limiter.ts"
import { createRedisLimiters } from "./redis-limiter.ts"
import { createStoreLimiters } from "./store-limiter.ts"

/** Where the limits are counted: in Redis if there is one, else in the database if instances share it, else here. */
export function chooseLimiters(
  store: Pick<Store, "addCounts">,
  redis: Redis | undefined,
  clock: Clock,
  elapsed: () => number,
): { readonly open: OpenLimiter; readonly share?: () => Promise<void> } {
  if (redis !== undefined) return { open: createRedisLimiters(redis, elapsed) }
  const { addCounts } = store
  return addCounts === undefined ? { open: openMemoryLimiter } : createStoreLimiters({ addCounts }, clock)
}
