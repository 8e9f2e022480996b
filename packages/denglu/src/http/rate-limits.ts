import type { OpenLimiter } from "../limits/limiter.ts"
import type { SettledOptions } from "../options.ts"
import { addressBucket } from "./client-address.ts"
import type { Limits } from "./route.ts"

/** The limits for a request from one address. */
export type LimitsFor = (address: string) => Limits

/** Counts logins, refreshes and scans by address, app and user, a minute at a time. */
export function createRateLimits(limits: SettledOptions["limits"], open: OpenLimiter): LimitsFor {
  if (limits === false) return () => unlimited
  const logins = open("login", limits.loginsPerAddress)
  const loginsOfApps = open("app", limits.loginsPerApp)
  const refreshes = open("refresh", limits.refreshesPerAddress)
  const loans = open("loan", limits.loansPerBorrower)
  const scans = open("scan", limits.scansPerAddress)
  const scansOfApps = open("scan_app", limits.scansPerApp)
  const scanOpens = open("scan_open", limits.scanOpensPerUser)
  return address => ({
    login: () => logins.take(addressBucket(address)),
    loginOfApp: appid => loginsOfApps.take(appid),
    refresh: () => refreshes.take(addressBucket(address)),
    loan: borrower => loans.take(borrower),
    async scan(appid) {
      await scans.take(addressBucket(address))
      await scansOfApps.take(appid)
    },
    scanOpen: userId => scanOpens.take(userId),
  })
}

const unlimited: Limits = {
  login: async () => {},
  loginOfApp: async () => {},
  refresh: async () => {},
  loan: async () => {},
  scan: async () => {},
  scanOpen: async () => {},
}
