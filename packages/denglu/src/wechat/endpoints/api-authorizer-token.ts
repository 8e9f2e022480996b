import type { Caller } from "../caller.ts"
import { componentRequest, isPlatformText, type PlatformCredentials } from "../component-request.ts"
import { badReply } from "../wechat-error.ts"
import { type AccessToken, readLifetime } from "./stable-token.ts"

const endpoint = "api_authorizer_token"

export interface AuthorizerToken extends AccessToken {
  /** The refresh token to come with next time. Whether it ever is another one is not documented. */
  readonly refreshToken: string
}

export interface AuthorizerCredentials {
  readonly appid: string
  readonly refreshToken: string
}

/**
 * `POST /cgi-bin/component/api_authorizer_token`: a new access_token of a mini program that has authorised the platform.
 *
 * @throws WeChatError 61023 if the refresh token is no longer the present one, 61003
 */
export async function apiAuthorizerToken(
  caller: Caller,
  platform: PlatformCredentials,
  token: string,
  { appid, refreshToken }: AuthorizerCredentials,
): Promise<AuthorizerToken> {
  const { json } = await caller.call(
    componentRequest(endpoint, platform, token, {
      authorizer_appid: appid,
      authorizer_refresh_token: refreshToken,
    }),
  )
  const { authorizer_access_token: accessToken, authorizer_refresh_token: next, expires_in } = json ?? {}
  if (typeof accessToken !== "string" || accessToken === "" || accessToken.length > 4096)
    throw badReply(endpoint, "the answer has no authorizer_access_token")
  const expiresIn = readLifetime(endpoint, expires_in)
  return { accessToken, expiresIn, refreshToken: isPlatformText(next) ? next : refreshToken }
}
