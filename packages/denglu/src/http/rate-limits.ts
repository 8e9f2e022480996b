import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible"
import { DengluError } from "../errors.ts"
import type { SettledOptions } from "../options.ts"
import { addressBucket } from "./client-address.ts"
import type { Limits } from "./route.ts"

/** The limits for a request from one address. */
export type LimitsFor = (address: string) => Limits

/** Counts logins and refreshes by address and by app, a minute at a time, in this process. */
export function createRateLimits(limits: SettledOptions["limits"]): LimitsFor {
  if (limits === false) return () => unlimited
  const perMinute = (keyPrefix: string, points: number) =>
    new RateLimiterMemory({ keyPrefix, points, duration: 60 })
  const logins = perMinute("login", limits.loginsPerAddress)
  const loginsOfApps = perMinute("app", limits.loginsPerApp)
  const refreshes = perMinute("refresh", limits.refreshesPerAddress)
  return address => ({
    login: () => take(logins, addressBucket(address)),
    loginOfApp: appid => take(loginsOfApps, appid),
    refresh: () => take(refreshes, addressBucket(address)),
  })
}

const unlimited: Limits = {
  login: async () => {},
  loginOfApp: async () => {},
  refresh: async () => {},
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new DengluError("rate_limited", { retryAfter: Math.ceil(refusal.msBeforeNext / 1000) })
  }
}
