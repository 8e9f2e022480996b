import type { Caller } from "../caller.ts"
import { componentRequest, isPlatformText, type PlatformCredentials } from "../component-request.ts"
import { badReply } from "../wechat-error.ts"

/** What a mini program has granted. */
export interface AuthorizationInfo {
  readonly appid: string
  /** `undefined` if WeChat gives none: it does where the mini program has granted an API. */
  readonly refreshToken: string | undefined
}

const endpoint = "api_query_auth"

/** Reads `authorization_info`, as it comes from here and from `api_get_authorizer_info`. @throws WeChatError `bad_reply` */
export function readAuthorizationInfo(name: string, info: unknown): AuthorizationInfo {
  const { authorizer_appid: appid, authorizer_refresh_token: refreshToken } =
    typeof info === "object" && info !== null ? (info as Readonly<Record<string, unknown>>) : {}
  if (typeof appid !== "string" || !/^wx[0-9a-z]{16}$/.test(appid))
    throw badReply(name, "the answer has no authorizer_appid")
  if (refreshToken === undefined || refreshToken === null || refreshToken === "")
    return { appid, refreshToken: undefined }
  if (!isPlatformText(refreshToken)) throw badReply(name, "the answer has a misshapen refresh token")
  return { appid, refreshToken }
}

/**
 * `POST /cgi-bin/component/api_query_auth`: trades an authorisation code, which the authorisation page hands on and a push brings besides. It
 * is good once, for an hour.
 *
 * @throws WeChatError 61009, 61010 for the code, the second also if it was used
 */
export async function apiQueryAuth(
  caller: Caller,
  platform: PlatformCredentials,
  token: string,
  code: string,
): Promise<AuthorizationInfo> {
  const { json } = await caller.call(
    componentRequest(endpoint, platform, token, { authorization_code: code }),
  )
  return readAuthorizationInfo(endpoint, json?.authorization_info)
}
