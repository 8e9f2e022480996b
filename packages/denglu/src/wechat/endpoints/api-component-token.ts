import type { Caller } from "../caller.ts"
import type { PlatformCredentials } from "../component-request.ts"
import { badReply } from "../wechat-error.ts"
import { type AccessToken, readLifetime } from "./stable-token.ts"

const endpoint = "api_component_token"

/**
 * `POST /cgi-bin/component/api_component_token`: a new `component_access_token` for the last ticket that was pushed. Whether the
 * one before is good for a while is not documented.
 *
 * @throws WeChatError 61005, 61006 for the ticket
 */
export async function apiComponentToken(
  caller: Caller,
  { appid, secret }: PlatformCredentials,
  ticket: string,
): Promise<AccessToken> {
  const { json } = await caller.call({
    endpoint,
    method: "POST",
    path: "/cgi-bin/component/api_component_token",
    json: { component_appid: appid, component_appsecret: secret, component_verify_ticket: ticket },
    retry: "busy",
  })
  const accessToken = json?.component_access_token
  if (typeof accessToken !== "string" || accessToken === "" || accessToken.length > 4096)
    throw badReply(endpoint, "the answer has no component_access_token")
  return { accessToken, expiresIn: readLifetime(endpoint, json?.expires_in) }
}
