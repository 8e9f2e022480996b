import type { Caller } from "../caller.ts"
import { componentRequest, isPlatformText, type PlatformCredentials } from "../component-request.ts"
import { badReply } from "../wechat-error.ts"
import { readLifetime } from "./stable-token.ts"

const endpoint = "api_create_preauthcode"

/** What the address of the authorisation page carries, once. */
export interface PreAuthCode {
  readonly code: string
  /** Seconds: WeChat's page says 1,800 in its text and 600 in its sample. */
  readonly expiresIn: number
}

/** `POST /cgi-bin/component/api_create_preauthcode`. @throws WeChatError */
export async function apiCreatePreauthcode(
  caller: Caller,
  platform: PlatformCredentials,
  token: string,
): Promise<PreAuthCode> {
  const { json } = await caller.call(componentRequest(endpoint, platform, token))
  const code = json?.pre_auth_code
  if (!isPlatformText(code)) throw badReply(endpoint, "the answer has no pre_auth_code")
  return { code, expiresIn: readLifetime(endpoint, json?.expires_in) }
}
