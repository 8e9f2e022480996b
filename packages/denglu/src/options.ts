import { type BorrowerOptions, settleBorrowers } from "./borrower-options.ts"
import type { Clock } from "./clock.ts"
import type { Logger } from "./log.ts"
import { text, url, whole, yesOrNo } from "./option-checks.ts"
import { type PushOptions, type SettledPush, settlePush } from "./push-options.ts"
import type { RandomBytes } from "./random.ts"
import { settleRedirects } from "./redirect-options.ts"
import type { Store } from "./store/store.ts"

/** Everything that can be said to `createLogin`. Checked once, by `settleOptions`; a wrong one is a `TypeError` that says what to write. */
export interface LoginOptions {
  /** The mini programs whose people log in here. With more than one, `POST /login` needs `appid`. */
  readonly apps: readonly AppOptions[]
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
  /** Your other systems that may borrow the apps' `access_token` by `POST /wechat/access-token`. Default is none. */
  readonly borrowers?: readonly BorrowerOptions[]
  /** How many access tokens to remember as verified (about 200 bytes each). Default is 100,000. */
  readonly rememberTokens?: number
  /** Default writes warnings and errors to standard error. */
  readonly log?: Logger
  /** Milliseconds since 1970; for tests. Default is the database's clock where several instances share one, else the machine's. */
  readonly clock?: Clock
  /** Random bytes; for tests. Default is the system's generator. */
  readonly random?: RandomBytes
}

export interface AppOptions {
  /** `wx` and 16 hexadecimal digits, from mp.weixin.qq.com → 开发管理. */
  readonly appid: string
  /** AppSecret, 32 hexadecimal digits, from the same page. */
  readonly secret: string
  /**
   * Name of the WeChat open-platform account the app is bound to. Apps with the same name share users by `unionid`. Default is `"default"`.
   */
  readonly openPlatform?: string
  /** WeChat's message push to `/wechat/push/<appid>`. Default is none: the path is a 404. */
  readonly push?: PushOptions
}

/** An app with its defaults filled in. */
export interface SettledApp extends Required<Omit<AppOptions, "push">> {
  readonly push: SettledPush | undefined
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
}

export interface WeChatOptions {
  /** Where WeChat is. Default is `https://api.weixin.qq.com`. Only `https:`; for a simulated WeChat use `simulator`. */
  readonly baseUrl?: string
  /** Address of a simulated WeChat on this machine, `http://127.0.0.1:3001`. Never in production. */
  readonly simulator?: string
  /** Deadline of the whole call, in milliseconds. Default is 3,000. */
  readonly timeoutMs?: number
  /** Deadline of the connection, in milliseconds. Default is 1,000. */
  readonly connectTimeoutMs?: number
  /** Connections kept to WeChat at most. Default is 256. One serves one call at a time. */
  readonly poolSize?: number
  /** Calls under way and waiting at most; what comes on top is told to come back. Default is 1,024. */
  readonly maxConcurrent?: number
  /** Sends the requests instead of a connection pool of our own: for a gateway of yours, or a simulated WeChat in the same process. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/** The options with every default filled in. Times in milliseconds but for token lifetimes, which are seconds as in the tokens. */
export type SettledOptions = {
  readonly apps: ReadonlyMap<string, SettledApp>
  readonly secrets: readonly string[]
  readonly redis: string | undefined
  readonly borrowers: readonly Required<BorrowerOptions>[]
  readonly limits: Required<LimitOptions> | false
  readonly wechat: { readonly baseUrl: string } & Omit<WeChatOptions, "baseUrl" | "simulator">
} & Required<
  Omit<
    LoginOptions,
    "apps" | "secret" | "redis" | "borrowers" | "limits" | "wechat" | "log" | "clock" | "random"
  >
>

/** Checks the options and fills in what was left out. @throws TypeError that names the option and says what to write. */
export function settleOptions(options: LoginOptions): SettledOptions {
  const wechat = settleWeChat(options.wechat ?? {})
  const issuer = text("issuer", options.issuer ?? "denglu", 256)
  const day = 86_400
  const settled = {
    apps: settleApps(options.apps, options.wechat?.simulator !== undefined),
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
    legacyPhoneData: options.legacyPhoneData === true,
    auditRetention: whole("auditRetention", options.auditRetention ?? 400 * day, day, 36_500 * day),
    claims: options.claims ?? [],
    basePath: settleBasePath(options.basePath ?? ""),
    allowedOrigins: (options.allowedOrigins ?? []).map(origin => exactOrigin(origin)),
    browserSessions: yesOrNo("browserSessions", options.browserSessions ?? false),
    allowedRedirects: settleRedirects(options.allowedRedirects ?? []),
    trustedProxies: options.trustedProxies ?? [],
    limits: settleLimits(options.limits ?? {}),
    wechat,
    borrowers: settleBorrowers(
      options.borrowers ?? [],
      options.apps.map(({ appid }) => appid),
    ),
    rememberTokens: whole("rememberTokens", options.rememberTokens ?? 100_000, 0, 50_000_000),
  }
  for (const claim of settled.claims)
    if (claim !== "openid") throw new TypeError(`claims: "${claim}" is unknown; "openid" can be asked for`)
  if (settled.store === undefined || settled.store === "")
    throw new TypeError('store is missing: write store: "sqlite:./data/login.db"')
  return settled
}

function settleApps(apps: readonly AppOptions[], simulated: boolean): ReadonlyMap<string, SettledApp> {
  if (!Array.isArray(apps) || apps.length === 0)
    throw new TypeError(
      'apps is empty: write apps: [{ appid: "wx…", secret: "…" }], both from mp.weixin.qq.com → 开发管理',
    )
  const settled = new Map<string, SettledApp>()
  for (const { appid, secret, openPlatform, push } of apps as readonly AppOptions[]) {
    if (typeof appid !== "string" || !/^wx[0-9a-z]{16}$/.test(appid))
      throw new TypeError(
        "appid is not one of WeChat's: it is wx and 16 more characters, from mp.weixin.qq.com → 开发管理",
      )
    if (appid.startsWith("wxsim") && !simulated)
      throw new TypeError(
        `appid ${appid} belongs to a simulated WeChat; say wechat.simulator, or use a real appid`,
      )
    if (typeof secret !== "string" || !/^[0-9a-zA-Z_-]{16,128}$/.test(secret))
      throw new TypeError(
        `secret of app ${appid} is missing or not an AppSecret: copy it from mp.weixin.qq.com → 开发管理`,
      )
    if (settled.has(appid)) throw new TypeError(`apps names ${appid} twice`)
    settled.set(appid, {
      appid,
      secret,
      openPlatform: text("openPlatform", openPlatform ?? "default", 64),
      push: settlePush(appid, push),
    })
  }
  return settled
}

function settleWeChat(options: WeChatOptions): SettledOptions["wechat"] {
  const { baseUrl, simulator, ...rest } = options
  if (simulator !== undefined) {
    const { protocol, hostname, origin } = url("wechat.simulator", simulator)
    if (protocol !== "http:" || !/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname))
      throw new TypeError("wechat.simulator must be on this machine: http://127.0.0.1:3001")
    return { ...rest, baseUrl: origin }
  }
  const { protocol, origin } = url("wechat.baseUrl", baseUrl ?? "https://api.weixin.qq.com")
  if (protocol !== "https:")
    throw new TypeError(
      'wechat.baseUrl must be https; for a simulated WeChat write wechat: { simulator: "http://127.0.0.1:3001" }',
    )
  return { ...rest, baseUrl: origin }
}

function settleLimits(limits: LimitOptions | false): Required<LimitOptions> | false {
  if (limits === false) return false
  const rate = (name: string, value: number) => whole(`limits.${name}`, value, 1, 1_000_000_000)
  return {
    loginsPerAddress: rate("loginsPerAddress", limits.loginsPerAddress ?? 300),
    loginsPerApp: rate("loginsPerApp", limits.loginsPerApp ?? 30_000),
    refreshesPerAddress: rate("refreshesPerAddress", limits.refreshesPerAddress ?? 600),
    loansPerBorrower: rate("loansPerBorrower", limits.loansPerBorrower ?? 600),
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

function exactOrigin(value: string): string {
  const { origin, protocol } = url("allowedOrigins", value)
  if (origin !== value || !/^https?:$/.test(protocol))
    throw new TypeError(
      `allowedOrigins: write the exact origin, such as "https://www.example.com", without path or trailing slash`,
    )
  return origin
}
