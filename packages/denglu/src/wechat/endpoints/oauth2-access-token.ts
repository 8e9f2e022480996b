import type { Caller, WeChatRequest } from "../caller.ts"
import { badReply } from "../wechat-error.ts"
import type { AppCredentials } from "./jscode2session.ts"

/** The person behind the code of a web page, as WeChat knows them. */
export interface WebPerson {
  readonly openid: string
  /** Only where the app is bound to an open-platform account, and not with the scope `snsapi_base`. */
  readonly unionid?: string
  /** The page was only shown as a preview (快照页): the openid is a virtual one and means nobody. */
  readonly isSnapshotUser: boolean
}

const endpoint = "oauth2_access_token"

/**
 * `GET /sns/oauth2/access_token`, for the code with which WeChat sends a person back to a website or to a page of an official account. A code
 * passes once, so only an answer of "busy" allows to send it again.
 */
export function oauth2AccessTokenRequest({ appid, secret }: AppCredentials, code: string): WeChatRequest {
  return {
    endpoint,
    method: "GET",
    path: "/sns/oauth2/access_token",
    query: { appid, secret, code, grant_type: "authorization_code" },
    retry: "busy",
  }
}

/**
 * Reads a successful answer. The tokens in it are let go: they'd serve to read the profile, and whoever keeps none can't lose any.
 *
 * @throws WeChatError `bad_reply` if something in it is missing or misshapen
 */
export function readOauth2AccessToken(json: Readonly<Record<string, unknown>> | undefined): WebPerson {
  const { openid, unionid, is_snapshotuser: snapshot } = json ?? {}
  if (!isId(openid)) throw badReply(endpoint, "the answer has no openid")
  const isSnapshotUser = snapshot !== undefined && snapshot !== null && Number(snapshot) !== 0
  if (unionid === undefined || unionid === null || unionid === "") return { openid, isSnapshotUser }
  if (!isId(unionid)) throw badReply(endpoint, "the answer has a misshapen unionid")
  return { openid, unionid, isSnapshotUser }
}

/** Exchanges the code of a web page. @throws WeChatError */
export async function oauth2AccessToken(
  caller: Caller,
  app: AppCredentials,
  code: string,
): Promise<WebPerson> {
  return readOauth2AccessToken((await caller.call(oauth2AccessTokenRequest(app, code))).json)
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 128
}
