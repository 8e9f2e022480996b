import type { Caller, WeChatRequest } from "../caller.ts"
import { badReply } from "../wechat-error.ts"

/** What a mini program shows WeChat to prove that it is itself. */
export interface AppCredentials {
  readonly appid: string
  readonly secret: string
}

/** The person a code stands for, as WeChat knows them. */
export interface WeChatSession {
  readonly openid: string
  /** 16 bytes in base64. Never leaves the server. */
  readonly sessionKey: string
  /** Only where the mini program is bound to an open-platform account. */
  readonly unionid?: string
}

const endpoint = "jscode2session"

/** `GET /sns/jscode2session`. A code passes once, so only an answer of "busy" allows to send it again. */
export function jscode2sessionRequest({ appid, secret }: AppCredentials, code: string): WeChatRequest {
  return {
    endpoint,
    method: "GET",
    path: "/sns/jscode2session",
    query: { appid, secret, js_code: code, grant_type: "authorization_code" },
    retry: "busy",
  }
}

/** Reads a successful answer. @throws WeChatError `bad_reply` if something in it is missing or misshapen. */
export function readJscode2session(
  json: Readonly<Record<string, unknown>> | undefined,
  name = endpoint,
): WeChatSession {
  const { openid, session_key: sessionKey, unionid } = json ?? {}
  if (!isId(openid)) throw badReply(name, "the answer has no openid")
  // 16 bytes are 22 digits of base64 and two of padding.
  if (typeof sessionKey !== "string" || !/^[A-Za-z0-9+/]{22}==$/.test(sessionKey))
    throw badReply(name, "the answer has no session_key of 16 bytes")
  if (unionid === undefined || unionid === null) return { openid, sessionKey }
  if (!isId(unionid)) throw badReply(name, "the answer has a misshapen unionid")
  return { openid, sessionKey, unionid }
}

/** Exchanges the code of `wx.login()`. @throws WeChatError */
export async function jscode2session(
  caller: Caller,
  app: AppCredentials,
  code: string,
): Promise<WeChatSession> {
  return readJscode2session((await caller.call(jscode2sessionRequest(app, code))).json)
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 128
}
