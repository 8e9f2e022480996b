import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible"
import { DengluError } from "../errors.ts"
import type { Limiter } from "./limiter.ts"

/** Counts in this process alone. */
export function openMemoryLimiter(name: string, points: number): Limiter {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: 60 })
  return { take: key => limiter.consume(key).then(() => {}, refuse) }
}

/** What `rate-limiter-flexible` rejects with, as our error. */
export function refuse(refusal: unknown): never {
  if (!(refusal instanceof RateLimiterRes)) throw refusal
  throw new DengluError("rate_limited", { retryAfter: Math.ceil(refusal.msBeforeNext / 1000) })
}
