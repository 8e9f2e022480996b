/** What is assumed about people and machines, because no bench can measure it. The page shows all of it; change it and run `npm run capacity`. */
export interface Assumptions {
  /** How often one of a day's users opens the mini program that day. */
  readonly openingsPerDay: number
  /** How long (minutes) it stays open. */
  readonly minutesOpen: number
  /** Requests with an access token during one opening. */
  readonly requestsPerOpening: number
  /** Of the openings, the part that begins with `wx.login()`. */
  readonly openingsWithLogin: number
  /** Minutes. */
  readonly accessTokenLife: number
  /** Days a session is kept without being used. */
  readonly sessionIdleDays: number
  /** Days the audit's events are kept: `auditRetention`. */
  readonly auditDays: number
  /** The busiest second of the day, to the mean. */
  readonly peakFactor: number
  /** Everybody who ever logged in, to a day's users. */
  readonly peoplePerDailyUser: number
  /** How much of a core may be used at the peak. */
  readonly utilization: number
  /** How long (ms) one statement of the database takes while others arrive. */
  readonly statementMs: number
  /** Dead rows and half-empty pages, to what a fresh table takes. */
  readonly bloat: number
  /** How long (s) WeChat takes to answer. */
  readonly wechatSeconds: number
}

/** The mini program uses `@denglu/miniprogram`, which keeps its session: one opening in twenty has none any more. */
export const withSdk: Assumptions = {
  openingsPerDay: 4,
  minutesOpen: 6,
  requestsPerOpening: 15,
  openingsWithLogin: 0.05,
  // Up to 5 % less at random: 2.5 % on average.
  accessTokenLife: 30 * 0.975,
  sessionIdleDays: 30,
  auditDays: 400,
  peakFactor: 6,
  peoplePerDailyUser: 5,
  utilization: 0.6,
  statementMs: 2,
  bloat: 1.4,
  wechatSeconds: 0.1,
}

/** The mini program logs in at every opening, as tutorials write it. */
export const asTutorials: Assumptions = { ...withSdk, openingsWithLogin: 1 }

/** As far as one PostgreSQL primary is taken here, before it is better divided. */
export const onePrimary = {
  cores: 32,
  /** Bytes. Beyond it a backup, a replica or an index takes too long to make. */
  bytes: 4e12,
  /** Bytes a second at the peak. Every replica and the archive have to keep up with it. */
  walPerSecond: 200e6,
} as const

/** What an instance may use. */
export const oneInstance = { connections: 11, wechatPool: 256, loginsPerApp: 30_000 } as const

export const dailyUsers = [10_000, 1_000_000, 100_000_000] as const
