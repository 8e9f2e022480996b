import type { ErrorCode } from "../errors.ts"
import { type Remedy, remedies } from "./remedies.ts"

/** Who has to act: the one who wrote the client or called us, the person, WeChat, who runs the server, or the mini program. */
export type Fault = "developer" | "user" | "wechat" | "operator" | "client"

/** What an errcode is about. `access_token`: a fresh access_token cures it. `internal`: Denglu sent something wrong. */
export type ErrcodeKind =
  | "busy"
  | "quota"
  | "code"
  | "credentials"
  | "account"
  | "permission"
  | "access_token"
  | "session_key"
  | "parameter"
  | "api_security"
  | "component"
  | "internal"
  | "unknown"

export interface ErrcodeEntry {
  /** What Denglu tells its own client. */
  readonly code: ErrorCode
  /** What it means, in our own words or WeChat's documented ones. */
  readonly meaning: string
  readonly kind: ErrcodeKind
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  readonly fault: Fault
  readonly remedy: Remedy
  /** Seconds. */
  readonly retryAfter?: number
  /** Field of the client's request that must change, as a JSON pointer. */
  readonly pointer?: string
}

type Facts = Partial<ErrcodeEntry>

const entry =
  (code: ErrorCode, kind: ErrcodeKind, fault: Fault, remedy: Remedy) => (meaning: string, facts?: Facts) =>
    ({ code, kind, fault, remedy, meaning, retryable: false, ...facts }) satisfies ErrcodeEntry

const ofCode = { pointer: "/code" } as const
const badCode = entry("code_invalid", "code", "client", remedies.newCode)
const credentials = entry("app_misconfigured", "credentials", "operator", remedies.credentials)
const account = entry("app_misconfigured", "account", "operator", remedies.account)
const allowList = entry("app_misconfigured", "credentials", "operator", remedies.allowList)
const quota = entry("wechat_rate_limited", "quota", "operator", remedies.quota)
const accessToken = entry("wechat_busy", "access_token", "operator", remedies.accessToken)
const parameter = entry("invalid_request", "parameter", "developer", remedies.parameter)
const sessionKey = entry("session_key_stale", "session_key", "client", remedies.sessionKey)
const apiSecurity = entry("app_misconfigured", "api_security", "operator", remedies.apiSecurity)
const platform = entry("app_misconfigured", "component", "operator", remedies.platform)
const ticket = entry("platform_not_ready", "component", "operator", remedies.ticket)
const authorization = entry("app_unauthorized", "component", "operator", remedies.authorization)
const internal = entry("internal", "internal", "developer", remedies.internal)
const confirmation = entry("app_misconfigured", "account", "operator", remedies.adminConfirmation)

/**
 * Every errcode that Denglu's calls are known to get. Some WeChat documents for the endpoint; others, such as 40163, 40125
 * and 41002 to 41008 for code2Session, it doesn't, and they are known from recorded answers only.
 */
export const errcodes: ReadonlyMap<number, ErrcodeEntry> = new Map<number, ErrcodeEntry>([
  [
    -1,
    entry("wechat_busy", "busy", "wechat", remedies.wait)("system busy", { retryable: true, retryAfter: 1 }),
  ],
  [40001, accessToken("access_token invalid or not the latest", { retryable: true, retryAfter: 1 })],
  [40002, internal("invalid grant_type")],
  [40013, credentials("invalid appid")],
  [40014, accessToken("invalid access_token", { retryable: true, retryAfter: 1 })],
  [40029, badCode("invalid or expired code", ofCode)],
  [40097, parameter("invalid parameters")],
  [40125, credentials("invalid appsecret")],
  [40129, parameter("invalid scene", { pointer: "/scene" })],
  [40163, badCode("code has been used", { ...ofCode, code: "code_used" })],
  [40164, allowList("this server's address is not on the app's IP allow-list")],
  [40169, parameter("scene too long, or the body is not JSON", { pointer: "/scene" })],
  [40226, entry("code_blocked", "code", "user", remedies.blocked)("high-risk user, login refused", ofCode)],
  [40230, apiSecurity("header Wechatmp-Serial missing")],
  [40231, apiSecurity("header Wechatmp-TimeStamp missing")],
  [40232, apiSecurity("header Wechatmp-Signature missing")],
  [40233, apiSecurity("header Wechatmp-Appid missing")],
  [40234, apiSecurity("invalid request signature")],
  [40235, apiSecurity("invalid request encryption")],
  [40236, apiSecurity("invalid Wechatmp-Appid")],
  [40237, apiSecurity("Wechatmp-Appid does not match the access_token")],
  [40238, apiSecurity("no symmetric key set")],
  [40239, apiSecurity("no asymmetric key set")],
  [40240, apiSecurity("Wechatmp-TimeStamp expired", { remedy: remedies.serverTime })],
  [40242, badCode("this code belongs to another endpoint", ofCode)],
  [40243, credentials("appsecret is frozen", { remedy: remedies.frozenSecret })],
  [41001, internal("access_token missing")],
  [41002, credentials("appid missing")],
  [41004, credentials("appsecret missing")],
  [41008, badCode("code missing", ofCode)],
  [41021, internal("component_access_token missing")],
  [41030, parameter("invalid page, or it is not published", { pointer: "/page" })],
  [42001, accessToken("access_token expired", { retryable: true, retryAfter: 1 })],
  [45009, quota("daily quota of the API used up", { retryable: true, retryAfter: 3_600 })],
  [
    45011,
    quota("called too often this minute", {
      fault: "wechat",
      remedy: remedies.wait,
      retryable: true,
      retryAfter: 60,
    }),
  ],
  [
    48001,
    entry(
      "app_misconfigured",
      "permission",
      "operator",
      remedies.permission,
    )("API not authorized for this app"),
  ],
  [50004, account("the account may not use this API")],
  [50007, account("the account is frozen")],
  [61003, authorization("the mini program has not authorized this third-party platform")],
  [61004, allowList("this server's address is not on the app's IP allow-list")],
  [61005, ticket("component_verify_ticket is expired", { retryable: true, retryAfter: 60 })],
  [61006, ticket("component_verify_ticket is not the platform's", { retryable: true, retryAfter: 60 })],
  [61009, badCode("code is invalid", ofCode)],
  [61010, badCode("code is expired", ofCode)],
  [61011, platform("this is no third-party platform")],
  [61023, authorization("the authorizer's refresh token is invalid")],
  [85096, parameter("scancode_time is not allowed here", { pointer: "/page" })],
  [87007, sessionKey("session_key does not exist or is expired")],
  [87008, internal("invalid sig_method")],
  [87009, sessionKey("signature does not match the session_key")],
  [89501, confirmation("an administrator must confirm this server's address")],
  [89503, confirmation("an administrator must confirm this server's address")],
  [89506, confirmation("this server's address awaits or lacks an administrator's confirmation")],
  [89507, confirmation("this server's address awaits or lacks an administrator's confirmation")],
])

/** Where an errcode means something else than for the login: a code that a phone-number button gave. */
const byEndpoint: Readonly<Record<string, ReadonlyMap<number, ErrcodeEntry>>> = {
  getuserphonenumber: new Map([
    [
      40029,
      badCode("invalid, expired or used phone code", {
        ...ofCode,
        code: "phone_code_invalid",
        remedy: remedies.newPhoneCode,
      }),
    ],
    [
      40013,
      badCode("phone code of another mini program", {
        ...ofCode,
        code: "phone_code_invalid",
        remedy: remedies.newPhoneCode,
      }),
    ],
    [
      40163,
      badCode("phone code has been used", {
        ...ofCode,
        code: "phone_code_invalid",
        remedy: remedies.newPhoneCode,
      }),
    ],
  ]),
}

/**
 * An errcode we don't know. It isn't for the client to repair, and nothing says that our settings are wrong or that waiting
 * helps, so it counts as "WeChat can't do it now" and isn't retried; the number is in the log.
 */
const unknownErrcode = entry("wechat_busy", "unknown", "wechat", remedies.unknown)("unknown errcode")

/** What the errcode of this endpoint means; one that's in no table gets a cautious default. */
export function errcodeEntry(errcode: number, endpoint?: string): ErrcodeEntry {
  const special = endpoint === undefined ? undefined : byEndpoint[endpoint]?.get(errcode)
  return special ?? errcodes.get(errcode) ?? unknownErrcode
}
