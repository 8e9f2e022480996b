import type { Caller } from "../caller.ts"
import { componentRequest, type PlatformCredentials } from "../component-request.ts"
import { badReply } from "../wechat-error.ts"
import { type AuthorizationInfo, readAuthorizationInfo } from "./api-query-auth.ts"

const endpoint = "api_get_authorizer_info"

/**
 * `POST /cgi-bin/component/api_get_authorizer_info`, of which only `authorization_info` is read: the present refresh token of a mini program, for
 * when ours was lost. WeChat's staff recommend that in its forum; the page itself doesn't promise it.
 *
 * @throws WeChatError 61003 if the mini program has not authorised the platform
 */
export async function apiGetAuthorizerInfo(
  caller: Caller,
  platform: PlatformCredentials,
  token: string,
  appid: string,
): Promise<AuthorizationInfo> {
  const { json } = await caller.call(componentRequest(endpoint, platform, token, { authorizer_appid: appid }))
  const info = readAuthorizationInfo(endpoint, json?.authorization_info)
  if (info.appid !== appid) throw badReply(endpoint, "the answer is about another mini program")
  return info
}
