import { type AppOptions, type SettledApp, settleApps } from "./app-options.ts"
import { type AvatarOptions, type SettledAvatars, settleAvatars } from "./avatar-options.ts"
import { type BorrowerOptions, settleBorrowers } from "./borrower-options.ts"
import type { Clock } from "./clock.ts"
import { type LeavingOptions, type SettledLeaving, settleLeaving } from "./leaving-options.ts"
import type { Logger } from "./log.ts"
import { exactOrigin, text, url, whole, yesOrNo } from "./option-checks.ts"
import { type PasswordLogins, type SettledPasswordLogins, settlePasswords } from "./password-options.ts"
import {
  type PlatformAppOptions,
  type PlatformOptions,
  type SettledPlatform,
  type SettledPlatformApp,
  settlePlatforms,
} from "./platform-options.ts"
import type { RandomBytes } from "./random.ts"
import { settleRedirects } from "./redirect-options.ts"
import { type ScanOptions, type SettledScan, settleScan } from "./scan-options.ts"
import { type SettledSms, type SmsOptions, settleSms } from "./sms-options.ts"
import type { Store } from "./store/store.ts"
import { type SettledWeChat, settleWeChat, type WeChatOptions } from "./wechat-options.ts"

export type { AppKind, AppOptions, SettledApp } from "./app-options.ts"
export type { WeChatOptions } from "./wechat-options.ts"

/** Everything that can be said to `createLogin`. Checked once, by `settleOptions`; a wrong one is a `TypeError` that says what to write. */
export interface LoginOptions extends LeavingOptions, AvatarOptions, PasswordLogins {
  /**
   * The mini programs, websites and official accounts whose people log in here. With more than one, `POST /login` needs `appid`.
   */
  readonly apps: readonly (AppOptions | PlatformAppOptions)[]
  /** Third-party platforms (第三方平台), through which mini programs of others log in here. Default is none; with some, `apps` may be empty. */
  readonly platforms?: readonly PlatformOptions[]
  /**
   * Where users and sessions live: `sqlite:./data/login.db`, `postgres://…`, `mysql://…` (each with `?connections=20` if it is not to be 10), `sqlite::memory:`, `memory:`, or a
   * store of your own.
   */
  readonly store: string | Store
  /**
   * `redis://…` or `rediss://…`: shares the limits and spreads the news of a logout between instances. Nothing is kept there: without it,
   * or while it is gone, the login goes on. Default is none; needs the package `ioredis`.
   */
  readonly redis?: string
  /**
   * Protects session keys and signing keys at rest, and refresh tokens. At least 32 characters, random. A list while you
   * change it: the first seals, all open.
   */
  readonly secret: string | readonly string[]
  /** `iss` of access tokens. Default is `"denglu"`. */
  readonly issuer?: string
  /** `aud` of access tokens. Default is the issuer. */
  readonly audience?: string
  /** Life of an access token, in seconds, 60 to 86,400. Default is 1,800 (30 minutes). Up to 5 % less, at random. */
  readonly accessTokenLifetime?: number
  /** How long a session lives without being refreshed, in seconds. Default is 2,592,000 (30 days). */
  readonly sessionIdleLifetime?: number
  /** How long a session lives at most, in seconds. Default is 15,552,000 (180 days). */
  readonly sessionAbsoluteLifetime?: number
  /**
   * How long the refresh token before the current one still gets the same successor, in seconds, 0 to 300. Default is 30.
   * For the client whose answer was lost on the way. 0: never.
   */
  readonly refreshGrace?: number
  /** How long a key signs access tokens, in seconds. Default is 2,592,000 (30 days). */
  readonly signingKeyLifetime?: number
  /**
   * How old WeChat's open data may be when it is sent to `POST /me/open-data`, in seconds, 10 to 86,400. Default is 300 (5 minutes).
   */
  readonly openDataMaxAge?: number
  /**
   * Whether `POST /me/phone` takes the `encryptedData` of phones whose WeChat is older than base library 2.21.2. WeChat's cipher can't tell a
   * forgery, so WeChat is asked besides. Default is `false`: a code is all it takes.
   */
  readonly legacyPhoneData?: boolean
  /** How long the audit's events are kept, in seconds, at least a day. Default is 34,560,000 (400 days). */
  readonly auditRetention?: number
  /** What else an access token says. Clients can read it. Default is nothing. */
  readonly claims?: readonly "openid"[]
  /** Path under which the routes live: `/auth` makes `POST /auth/login`. Default is `""`. */
  readonly basePath?: string
  /**
   * Whether web pages may keep their session in cookies that no script can read (`Denglu-Session: cookie`). They count for pages of the login's own host and of
   * `allowedOrigins`, over TLS or on this machine. Default is `false`.
   */
  readonly browserSessions?: boolean
  /**
   * Addresses to which a web page may be sent after its login, exactly as they stand here: `https://www.example.com/account`, or `/account` on the same
   * host. For `login.redirectTo`. Default is none.
   */
  readonly allowedRedirects?: readonly string[]
  /** Origins whose web pages may call the routes, exactly as browsers send them: `https://www.example.com`. Default is none. */
  readonly allowedOrigins?: readonly string[]
  /**
   * Addresses (or CIDR ranges) of your own reverse proxies, whose `X-Forwarded-For` is believed. Default is none: the
   * socket's address counts.
   */
  readonly trustedProxies?: readonly string[]
  /** Limits per minute. `false` switches all off. */
  readonly limits?: LimitOptions | false
  readonly wechat?: WeChatOptions
  /**
   * Whether `POST /login/cloud` believes the headers (`X-WX-OPENID` …) that WeChat's cloud hosting (微信云托管) adds. Only where nobody can reach
   * this service but through WeChat: whoever else can is whoever they say they are. Default is false: the path is a 404.
   */
  readonly cloudHosting?: boolean
  /** Your other systems that may borrow the apps' `access_token` by `POST /wechat/access-token`. Default is none. */
  readonly borrowers?: readonly BorrowerOptions[]
  /** Logins in a browser by scanning a mini program code. Default is none: their paths are 404. */
  readonly scan?: ScanOptions
  /** Logins and phone numbers by digits in an SMS. Default is none: `POST /sms` and `POST /login/sms` are 404. */
  readonly sms?: SmsOptions
  /** How many access tokens to remember as verified (about 200 bytes each). Default is 100,000. */
  readonly rememberTokens?: number
  /** Default writes warnings and errors to standard error. */
  readonly log?: Logger
  /** Milliseconds since 1970; for tests. Default is the database's clock where several instances share one, else the machine's. */
  readonly clock?: Clock
  /** Random bytes; for tests. Default is the system's generator. */
  readonly random?: RandomBytes
}

export interface LimitOptions {
  /** `POST /login` from one address (IPv6: one /64), per minute. Default is 300: whole schools sit behind one address. */
  readonly loginsPerAddress?: number
  /** `POST /login` for one app, per minute. Default is 30,000; keeps a flood of junk from using up the app's quota with WeChat. */
  readonly loginsPerApp?: number
  /** `POST /refresh` from one address, per minute. Default is 600. */
  readonly refreshesPerAddress?: number
  /** `POST /wechat/access-token` by one borrower, per minute. Default is 600. */
  readonly loansPerBorrower?: number
  /** `POST /scan` from one address, per minute. Default is 60. */
  readonly scansPerAddress?: number
  /**
   * `POST /scan` in all, per minute. Default is 3,000: WeChat draws 5,000 codes a minute. With the life of a code it bounds how many are
   * open.
   */
  readonly scansPerApp?: number
  /** Codes one person may open on the phone, per minute. Default is 30. */
  readonly scanOpensPerUser?: number
}

/** The options with every default filled in. Times in milliseconds but for token lifetimes, which are seconds as in the tokens. */
export type SettledOptions = {
  readonly apps: ReadonlyMap<string, SettledApp>
  readonly platforms: ReadonlyMap<string, SettledPlatform>
  /** The mini programs that log in through a platform and are named; others are found in the store. */
  readonly platformApps: ReadonlyMap<string, SettledPlatformApp>
  readonly secrets: readonly string[]
  readonly redis: string | undefined
  readonly borrowers: readonly Required<BorrowerOptions>[]
  readonly scan: SettledScan | undefined
  readonly sms: SettledSms | undefined
  readonly limits: Required<LimitOptions> | false
  readonly wechat: SettledWeChat
} & Required<
  Omit<
    LoginOptions,
    | "apps"
    | "platforms"
    | "secret"
    | "redis"
    | "borrowers"
    | "scan"
    | "sms"
    | "limits"
    | "wechat"
    | "log"
    | "clock"
    | "random"
    | keyof LeavingOptions
    | keyof AvatarOptions
    | keyof PasswordLogins
  >
> &
  SettledLeaving &
  SettledAvatars &
  SettledPasswordLogins

/** Checks the options and fills in what was left out. @throws TypeError that names the option and says what to write. */
export function settleOptions(options: LoginOptions): SettledOptions {
  const wechat = settleWeChat(options.wechat ?? {})
  const issuer = text("issuer", options.issuer ?? "denglu", 256)
  const day = 86_400
  const simulated = options.wechat?.simulator !== undefined
  const { platforms = [] } = options
  const appids = options.apps.map(({ appid }) => appid)
  const settled = {
    platforms: settlePlatforms(platforms, simulated),
    ...settleApps(options.apps, platforms, simulated),
    store: options.store,
    redis: settleRedis(options.redis),
    secrets: typeof options.secret === "string" ? [options.secret] : (options.secret ?? []),
    issuer,
    audience: text("audience", options.audience ?? issuer, 256),
    accessTokenLifetime: whole("accessTokenLifetime", options.accessTokenLifetime ?? 1_800, 60, day),
    sessionIdleLifetime: whole(
      "sessionIdleLifetime",
      options.sessionIdleLifetime ?? 30 * day,
      60,
      3_650 * day,
    ),
    sessionAbsoluteLifetime: whole(
      "sessionAbsoluteLifetime",
      options.sessionAbsoluteLifetime ?? 180 * day,
      60,
      3_650 * day,
    ),
    refreshGrace: whole("refreshGrace", options.refreshGrace ?? 30, 0, 300),
    signingKeyLifetime: whole(
      "signingKeyLifetime",
      options.signingKeyLifetime ?? 30 * day,
      3_600,
      3_650 * day,
    ),
    openDataMaxAge: whole("openDataMaxAge", options.openDataMaxAge ?? 300, 10, day),
    ...settleLeaving(options),
    ...settlePasswords(options),
    ...settleAvatars(options),
    legacyPhoneData: options.legacyPhoneData === true,
    auditRetention: whole("auditRetention", options.auditRetention ?? 400 * day, day, 36_500 * day),
    claims: options.claims ?? [],
    basePath: settleBasePath(options.basePath ?? ""),
    allowedOrigins: (options.allowedOrigins ?? []).map(origin => exactOrigin("allowedOrigins", origin)),
    browserSessions: yesOrNo("browserSessions", options.browserSessions ?? false),
    allowedRedirects: settleRedirects(options.allowedRedirects ?? []),
    trustedProxies: options.trustedProxies ?? [],
    cloudHosting: options.cloudHosting ?? false,
    limits: settleLimits(options.limits ?? {}),
    wechat,
    borrowers: settleBorrowers(
      options.borrowers ?? [],
      [...options.apps, ...platforms.flatMap(({ apps = [] }) => apps)].map(({ appid }) => appid),
    ),
    scan: settleScan(options.scan, appids),
    sms: settleSms(options.sms, appids, simulated),
    rememberTokens: whole("rememberTokens", options.rememberTokens ?? 100_000, 0, 50_000_000),
  }
  for (const claim of settled.claims)
    if (claim !== "openid") throw new TypeError(`claims: "${claim}" is unknown; "openid" can be asked for`)
  if (typeof settled.cloudHosting !== "boolean") throw new TypeError("cloudHosting is true or false")
  if (settled.store === undefined || settled.store === "")
    throw new TypeError('store is missing: write store: "sqlite:./data/login.db"')
  return settled
}

function settleLimits(limits: LimitOptions | false): Required<LimitOptions> | false {
  if (limits === false) return false
  const rate = (name: string, value: number) => whole(`limits.${name}`, value, 1, 1_000_000_000)
  return {
    loginsPerAddress: rate("loginsPerAddress", limits.loginsPerAddress ?? 300),
    loginsPerApp: rate("loginsPerApp", limits.loginsPerApp ?? 30_000),
    refreshesPerAddress: rate("refreshesPerAddress", limits.refreshesPerAddress ?? 600),
    loansPerBorrower: rate("loansPerBorrower", limits.loansPerBorrower ?? 600),
    scansPerAddress: rate("scansPerAddress", limits.scansPerAddress ?? 60),
    scansPerApp: rate("scansPerApp", limits.scansPerApp ?? 3_000),
    scanOpensPerUser: rate("scanOpensPerUser", limits.scanOpensPerUser ?? 30),
  }
}

function settleRedis(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  if (!/^rediss?:$/.test(url("redis", given).protocol))
    throw new TypeError('redis must be a URL such as "redis://127.0.0.1:6379"')
  return given
}

function settleBasePath(path: string): string {
  if (path === "" || path === "/") return ""
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(path))
    throw new TypeError('basePath must look like "/auth": a leading slash and no trailing one')
  return path
}
