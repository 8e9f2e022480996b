import type { Caller, WeChatRequest } from "../caller.ts"
import { signWithSessionKey } from "../open-data.ts"
import { WeChatError } from "../wechat-error.ts"

/** A person's `session_key`, as WeChat wants to be asked about it. */
export interface PersonKey {
  readonly openid: string
  /** Base64 of 16 bytes. Only an HMAC under it is sent. */
  readonly sessionKey: string
}

const endpoint = "checksession"
/** WeChat's "invalid signature": the key is not the person's present one. */
const otherKey = 87009

/** The parameters of the calls about a `session_key`. A GET has no body, so the signed message is empty. */
export function personKeyQuery(
  accessToken: string,
  { openid, sessionKey }: PersonKey,
): Readonly<Record<string, string>> {
  return {
    access_token: accessToken,
    openid,
    signature: signWithSessionKey(sessionKey, ""),
    sig_method: "hmac_sha256",
  }
}

/** `GET /wxa/checksession`: changes nothing, so it may be repeated. */
function checksessionRequest(accessToken: string, key: PersonKey): WeChatRequest {
  return {
    endpoint,
    method: "GET",
    path: "/wxa/checksession",
    query: personKeyQuery(accessToken, key),
    retry: "busy",
  }
}

/** Whether the `session_key` is still the person's. @throws WeChatError for anything but yes and no */
export async function checksession(caller: Caller, accessToken: string, key: PersonKey): Promise<boolean> {
  try {
    await caller.call(checksessionRequest(accessToken, key))
    return true
  } catch (error) {
    if (error instanceof WeChatError && error.errcode === otherKey) return false
    throw error
  }
}
