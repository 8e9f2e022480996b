import type { Caller, WeChatRequest } from "../caller.ts"
import { badReply } from "../wechat-error.ts"
import type { AppCredentials } from "./jscode2session.ts"

/** What server calls other than the login's carry. */
export interface AccessToken {
  readonly accessToken: string
  /** Seconds it is still good for. */
  readonly expiresIn: number
}

const endpoint = "stable_token"

/**
 * `POST /cgi-bin/stable_token`. Asked again it answers the same token, so it may be repeated; with `forceRefresh` it ends the old
 * token at once (20 times a day, 30 s apart).
 */
function stableTokenRequest({ appid, secret }: AppCredentials, forceRefresh = false): WeChatRequest {
  return {
    endpoint,
    method: "POST",
    path: "/cgi-bin/stable_token",
    json: { grant_type: "client_credential", appid, secret, force_refresh: forceRefresh },
    retry: "busy",
  }
}

/** Reads a successful answer. @throws WeChatError `bad_reply` */
export function readStableToken(json: Readonly<Record<string, unknown>> | undefined): AccessToken {
  const { access_token: accessToken, expires_in: expiresIn } = json ?? {}
  if (typeof accessToken !== "string" || accessToken === "" || accessToken.length > 4096)
    throw badReply(endpoint, "the answer has no access_token")
  return { accessToken, expiresIn: readLifetime(endpoint, expiresIn) }
}

/** Reads `expires_in`, in seconds. @throws WeChatError `bad_reply` */
export function readLifetime(name: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value
  throw badReply(name, "the answer has no expires_in")
}

/** Asks for the app's access_token. @throws WeChatError */
export async function stableToken(
  caller: Caller,
  app: AppCredentials,
  forceRefresh = false,
): Promise<AccessToken> {
  return readStableToken((await caller.call(stableTokenRequest(app, forceRefresh))).json)
}
