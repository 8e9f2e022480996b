import type { Assumptions } from "./assumptions.ts"
import { oneInstance } from "./assumptions.ts"
import type { FigureName } from "./figures.ts"
import type { Need, PrimaryLimit } from "./model.ts"
import { bytes, count, few, type Language, range } from "./numbers.ts"

export type Text = Readonly<Record<Language, string>>

/** A row of a table: what it is called, and how its value is shown. */
export interface Row<Of> {
  readonly text: Text
  show(of: Of, language: Language): string
}

export const say = {
  dailyUsers: { en: "daily users", zh: "日活用户" },
  assumption: { en: "assumption", zh: "假设" },
  value: { en: "value", zh: "数值" },
  figure: { en: "figure", zh: "数据" },
  source: { en: "source", zh: "来源" },
  date: { en: "date", zh: "日期" },
  endsAt: { en: "one primary ends at", zh: "单主库的上限" },
  withSdk: { en: "with the SDK", zh: "使用 SDK" },
  asTutorials: { en: "login at each opening", zh: "每次打开都登录" },
} as const satisfies Record<string, Text>

function row<Of>(en: string, zh: string, show: Row<Of>["show"]): Row<Of> {
  return { text: { en, zh }, show }
}

const assumption = row<Assumptions>
const need = row<Need>

export const assumptionTexts: readonly Row<Assumptions>[] = [
  assumption("openings of the mini program, a daily user and day", "每个日活用户每天打开小程序的次数", one =>
    few(one.openingsPerDay),
  ),
  assumption("minutes it stays open", "每次停留分钟数", one => few(one.minutesOpen)),
  assumption("requests with a token, an opening", "每次打开中带令牌的请求数", one =>
    few(one.requestsPerOpening),
  ),
  assumption(
    "openings that begin with wx.login() (the SDK keeps its session)",
    "以 wx.login() 开始的比例（SDK 会保留会话）",
    one => `${few(one.openingsWithLogin * 100)} %`,
  ),
  assumption(
    "life of an access token, minutes (30, up to 5 % less)",
    "访问令牌的有效期，分钟（30，随机缩短至多 5 %）",
    one => one.accessTokenLife.toFixed(1),
  ),
  assumption("days a session is kept unused", "会话闲置保留天数", one => few(one.sessionIdleDays)),
  assumption("days the audit is kept (auditRetention)", "审计保留天数（auditRetention）", one =>
    few(one.auditDays),
  ),
  assumption("the busiest second, to the mean of the day", "最忙的一秒与全天平均之比", one =>
    few(one.peakFactor),
  ),
  assumption("people who ever logged in, a daily user", "累计用户数与日活之比", one =>
    few(one.peoplePerDailyUser),
  ),
  assumption(
    "how much of a core may be used at the peak",
    "峰值时每核的使用上限",
    one => `${few(one.utilization * 100)} %`,
  ),
  assumption("dead rows and half-empty pages, to a fresh table", "死元组和半空页面，与新表之比", one =>
    few(one.bloat),
  ),
  assumption("ms during which writes gather for the next statement", "写入汇集到下一条语句的毫秒数", one =>
    few(one.statementMs),
  ),
  assumption("seconds WeChat takes to answer", "微信响应所需秒数", one => few(one.wechatSeconds)),
]

const loginsPerDay = need("logins a day", "每天登录", (of, language) => count(of.perDay.logins, language))
const refreshesPerDay = need("refreshes a day", "每天刷新", (of, language) =>
  count(of.perDay.refreshes, language),
)
const loginsAtPeak = need("logins, the peak second", "登录，峰值每秒", (of, language) =>
  count(of.peak.logins, language),
)
const refreshesAtPeak = need("refreshes, the peak second", "刷新，峰值每秒", (of, language) =>
  count(of.peak.refreshes, language),
)
const sessions = need("rows in denglu_sessions", "denglu_sessions 行数", (of, language) =>
  count(of.sessions, language),
)
const auditEvents = need("rows in denglu_audit", "denglu_audit 行数", (of, language) =>
  count(of.auditEvents, language),
)
const size = need("database, with indexes and bloat", "数据库大小（含索引和膨胀）", of =>
  bytes(of.databaseBytes),
)
const walPerDay = need("WAL a day, least – most", "每天 WAL，最少 – 最多", of => range(of.walPerDay, bytes))
const databaseCores = need("cores of the database at the peak", "峰值时数据库所需核数", of =>
  few(of.databaseCores),
)
const instances = need(
  "instances, one to spare (a core each)",
  "实例数，含一个备用（每个一核）",
  (of, language) => count(of.instances, language),
)

export const needTexts = {
  traffic: [
    loginsPerDay,
    refreshesPerDay,
    need("token checks a day", "每天校验令牌", (of, language) => count(of.perDay.checks, language)),
    loginsAtPeak,
    refreshesAtPeak,
    need("token checks, the peak second", "校验令牌，峰值每秒", (of, language) =>
      count(of.peak.checks, language),
    ),
  ],
  needs: [
    need(
      "people (rows in denglu_users, denglu_identities)",
      "用户（denglu_users、denglu_identities 行数）",
      (of, language) => count(of.people, language),
    ),
    sessions,
    auditEvents,
    size,
    walPerDay,
    need("WAL at the peak, a second", "峰值每秒 WAL", of => range(of.walPerSecond, bytes)),
    databaseCores,
    need("cores for logins and refreshes at the peak", "峰值时登录和刷新所需核数", of => few(of.serverCores)),
    instances,
    need("connections to the database", "数据库连接数", (of, language) => count(of.connections, language)),
    need(
      `calls to WeChat at once, an instance (wechat.poolSize ${oneInstance.wechatPool})`,
      `每个实例同时调用微信数（wechat.poolSize 默认 ${oneInstance.wechatPool}）`,
      of => few(of.wechatCalls),
    ),
    need(
      `logins in the busiest minute (limits.loginsPerApp ${oneInstance.loginsPerApp.toLocaleString("en")})`,
      `最忙一分钟的登录数（limits.loginsPerApp 默认 ${oneInstance.loginsPerApp.toLocaleString("en")}）`,
      (of, language) => count(of.loginsPerMinute, language),
    ),
    need(
      "of what one process with SQLite does, the peak is",
      "峰值占单进程 SQLite 能力的",
      of => `${few(of.partOfSqlite * 100)} %`,
    ),
    need("access tokens good at once", "同时有效的访问令牌", (of, language) =>
      count(of.liveTokens, language),
    ),
    need("memory of your own servers to remember them", "你的服务器记住它们所需内存", of =>
      bytes(of.tokenBytes),
    ),
    need(
      "cores of your own servers for the checks, all remembered – all new",
      "你的服务器校验令牌所需核数，全部已记住 – 全部首次",
      of => range(of.checkCores, few),
    ),
  ],
  tutorials: [
    loginsPerDay,
    refreshesPerDay,
    loginsAtPeak,
    refreshesAtPeak,
    sessions,
    auditEvents,
    size,
    walPerDay,
    databaseCores,
    instances,
  ],
} as const

export const limitTexts: Readonly<Record<PrimaryLimit["limit"], Text>> = {
  cores: { en: "{} cores of its own", zh: "自身 {} 核" },
  bytes: { en: "{} of data", zh: "{} 数据" },
  wal: {
    en: "{} of WAL a second at the peak, every page new to it",
    zh: "峰值每秒 {} WAL（每页都是检查点后首次）",
  },
}

/** Sources in Chinese; what is not here is a command. */
export const sourcesInChinese: Readonly<Record<string, string>> = {
  "bare prototype": "裸原型",
  "bare prototype (better-sqlite3)": "裸原型（better-sqlite3）",
  "bare prototype; a refresh counted as a login": "裸原型；刷新按登录计",
  "the bench's loader, 200,000 sessions": "基准测试的装载程序，20 万个会话",
  "the bench's loader, 50,000 people": "基准测试的装载程序，5 万个用户",
}

const figure = (name: FigureName, en: string, zh: string) => [name, { en, zh }] as const

export const figureTexts: readonly (readonly [FigureName, Text])[] = [
  figure("loginServerCpuPostgres", "a login: CPU of the instance", "一次登录：实例 CPU"),
  figure(
    "loginDatabaseCpuPostgres",
    "a login among many: CPU of PostgreSQL",
    "多个登录合并时每次：PostgreSQL CPU",
  ),
  figure("loginDatabaseCpuAlone", "a login by itself: CPU of PostgreSQL", "单独一次登录：PostgreSQL CPU"),
  figure("refreshServerCpuPostgres", "a refresh: CPU of the instance", "一次刷新：实例 CPU"),
  figure(
    "refreshDatabaseCpuPostgres",
    "a refresh among many: CPU of PostgreSQL",
    "多个刷新合并时每次：PostgreSQL CPU",
  ),
  figure("refreshDatabaseCpuAlone", "a refresh by itself: CPU of PostgreSQL", "单独一次刷新：PostgreSQL CPU"),
  figure("checkServerCpu", "a request with a token that is remembered: CPU", "带已记住令牌的一次请求：CPU"),
  figure("firstCheckCpu", "the first check of a token, besides: CPU", "令牌首次校验额外：CPU"),
  figure("loginsPerSecondSqlite", "logins on SQLite, one core", "SQLite 单核登录"),
  figure("sessionBytesPostgres", "a session at rest, with indexes", "一个会话的存储（含索引）"),
  figure("personBytesPostgres", "a person at rest, with indexes", "一个用户的存储（含索引）"),
  figure(
    "auditEventBytesPostgres",
    "an event of the audit, with indexes and its place in a block",
    "审计中的一个事件（含索引及区块中的条目）",
  ),
  figure("rememberedTokenBytes", "a remembered token in memory", "内存中一个已记住的令牌"),
  figure("loginWal", "WAL of a login, pages in the log already", "一次登录的 WAL（页面已在日志中）"),
  figure(
    "loginWalAfterCheckpoint",
    "WAL of a login, each page for the first time since a checkpoint",
    "一次登录的 WAL（检查点后首次写该页）",
  ),
  figure("refreshWal", "WAL of a refresh, pages in the log already", "一次刷新的 WAL（页面已在日志中）"),
  figure(
    "refreshWalAfterCheckpoint",
    "WAL of a refresh, its page for the first time since a checkpoint",
    "一次刷新的 WAL（检查点后首次写该页）",
  ),
]
