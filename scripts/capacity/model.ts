import { type Assumptions, oneInstance, onePrimary } from "./assumptions.ts"
import type { Measured } from "./figures.ts"

/** Logins, refreshes, checks. */
export interface Traffic {
  readonly logins: number
  readonly refreshes: number
  readonly checks: number
}

/** What so many daily users bring, and what they need. Rates are a second, sizes bytes. */
export interface Need {
  readonly dailyUsers: number
  readonly perDay: Traffic
  readonly peak: Traffic
  readonly people: number
  readonly sessions: number
  /** Events of the audit: a login each, and that somebody is new. */
  readonly auditEvents: number
  readonly databaseBytes: number
  /** Cores at the peak, at the utilization that is allowed. */
  readonly databaseCores: number
  /** With every page in the log already since the last checkpoint, and with none of them. */
  readonly walPerDay: readonly [number, number]
  readonly walPerSecond: readonly [number, number]
  /** Cores for logins and refreshes at the peak. */
  readonly serverCores: number
  /** Instances, with one to spare. */
  readonly instances: number
  readonly connections: number
  /** Calls to WeChat under way at the peak, in one instance. */
  readonly wechatCalls: number
  /** Logins in the busiest minute. */
  readonly loginsPerMinute: number
  /** Access tokens that are good at the same time, at the peak. */
  readonly liveTokens: number
  /** What it takes to remember each of them in one process. */
  readonly tokenBytes: number
  /** Of what SQLite was measured to do, the part that the peak would be. */
  readonly partOfSqlite: number
  /** Cores of your own servers for the checks at the peak: all remembered, and each token new to whoever sees it. */
  readonly checkCores: readonly [number, number]
}

const day = 86_400
/** Writes in one statement where 64 clients wait and two statements are under way: the bench. */
const underFullLoad = 32

export function needOf(dailyUsers: number, assumed: Assumptions, measured: Measured): Need {
  const openings = dailyUsers * assumed.openingsPerDay
  const logins = openings * assumed.openingsWithLogin
  const perDay = {
    logins,
    // An opening that doesn't log in comes with a token that is over; and one is over now and then while it is open.
    refreshes: openings - logins + (openings * assumed.minutesOpen) / assumed.accessTokenLife,
    checks: openings * assumed.requestsPerOpening,
  }
  const peak = {
    logins: (perDay.logins / day) * assumed.peakFactor,
    refreshes: (perDay.refreshes / day) * assumed.peakFactor,
    checks: (perDay.checks / day) * assumed.peakFactor,
  }
  const people = dailyUsers * assumed.peoplePerDailyUser
  // A session is used until the next login takes its place, and then lies there until its idle time is over.
  const sessions = dailyUsers + perDay.logins * assumed.sessionIdleDays
  const auditEvents = perDay.logins * assumed.auditDays + people
  const serverCores =
    cores(peak.logins * value(measured, "loginServerCpuPostgres")) / assumed.utilization +
    cores(peak.refreshes * value(measured, "refreshServerCpuPostgres")) / assumed.utilization
  const instances = Math.ceil(serverCores) + 1
  const databaseCores =
    cores(
      peak.logins * databaseMicros("login", peak.logins / instances, assumed, measured) +
        peak.refreshes * databaseMicros("refresh", peak.refreshes / instances, assumed, measured),
    ) / assumed.utilization
  const wal = (per: Traffic): readonly [number, number] => [
    per.logins * value(measured, "loginWal") + per.refreshes * value(measured, "refreshWal"),
    per.logins * value(measured, "loginWalAfterCheckpoint") +
      per.refreshes * value(measured, "refreshWalAfterCheckpoint"),
  ]
  const writes = peak.logins + peak.refreshes
  const liveTokens = writes * assumed.accessTokenLife * 60
  const remembered = cores(peak.checks * value(measured, "checkServerCpu"))
  return {
    dailyUsers,
    perDay,
    peak,
    people,
    sessions,
    auditEvents,
    // What is in the audit is never changed and goes in the order in which it came: nothing of it is dead.
    databaseBytes:
      assumed.bloat *
        (sessions * value(measured, "sessionBytesPostgres") +
          people * value(measured, "personBytesPostgres")) +
      auditEvents * value(measured, "auditEventBytesPostgres"),
    databaseCores,
    walPerDay: wal(perDay),
    walPerSecond: wal(peak),
    serverCores,
    instances,
    connections: instances * oneInstance.connections,
    wechatCalls: (peak.logins * assumed.wechatSeconds) / instances,
    loginsPerMinute: peak.logins * 60,
    liveTokens,
    tokenBytes: liveTokens * value(measured, "rememberedTokenBytes"),
    partOfSqlite: writes / value(measured, "loginsPerSecondSqlite"),
    checkCores: [
      remembered / assumed.utilization,
      (remembered + cores(peak.checks * value(measured, "firstCheckCpu"))) / assumed.utilization,
    ],
  }
}

/**
 * What a login or a refresh costs the database (µs) where so many arrive a second at one instance: a part for each statement, which those share
 * that go in it, and a part for each row. The two follow from the cost of one by itself and of one among many under full load, the
 * number in a statement from how many arrive while one is under way.
 */
export function databaseMicros(
  kind: "login" | "refresh",
  perSecond: number,
  { statementMs }: Pick<Assumptions, "statementMs">,
  measured: Measured,
): number {
  const together = value(measured, `${kind}DatabaseCpuPostgres`)
  // They may come from two runs; to be alone is never cheaper.
  const alone = Math.max(together, value(measured, `${kind}DatabaseCpuAlone`))
  const perStatement = ((alone - together) * underFullLoad) / (underFullLoad - 1)
  const inStatement = Math.min(underFullLoad, Math.max(1, (perSecond * statementMs) / 1000))
  return alone - perStatement + perStatement / inStatement
}

export interface PrimaryLimit {
  readonly limit: "cores" | "bytes" | "wal"
  readonly dailyUsers: number
}

/** How many daily users one primary serves, by each thing that can end it; the least first. */
export function limitsOfOnePrimary(assumed: Assumptions, measured: Measured): readonly PrimaryLimit[] {
  const serves = (fits: (need: Need) => boolean): number => {
    let [low, high] = [1, 1e11]
    while (high / low > 1.0005) {
      const middle = Math.sqrt(low * high)
      if (fits(needOf(middle, assumed, measured))) low = middle
      else high = middle
    }
    return low
  }
  const limits: readonly PrimaryLimit[] = [
    { limit: "cores", dailyUsers: serves(({ databaseCores }) => databaseCores <= onePrimary.cores) },
    { limit: "bytes", dailyUsers: serves(({ databaseBytes }) => databaseBytes <= onePrimary.bytes) },
    { limit: "wal", dailyUsers: serves(({ walPerSecond }) => walPerSecond[1] <= onePrimary.walPerSecond) },
  ]
  return [...limits].sort((one, other) => one.dailyUsers - other.dailyUsers)
}

function value(measured: Measured, name: keyof Measured): number {
  return measured[name].value
}

/** Microseconds of work a second, as cores. */
function cores(micros: number): number {
  return micros / 1e6
}
