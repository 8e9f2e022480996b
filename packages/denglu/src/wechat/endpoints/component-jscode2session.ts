import type { Caller } from "../caller.ts"
import { readJscode2session, type WeChatSession } from "./jscode2session.ts"

/** The code of a mini program that has authorised a platform. */
export interface PlatformCode {
  /** The mini program's. */
  readonly appid: string
  readonly platformAppid: string
  /** The `component_access_token`. */
  readonly token: string
  readonly code: string
}

/** Under which name it stands in messages and events. */
export const componentJscode2sessionName = "component_jscode2session"

/**
 * `GET /sns/component/jscode2session`: exchanges the code of `wx.login()` by the platform's token. A code passes once, so only "busy" allows to send it again.
 *
 * @throws WeChatError 61003 if the mini program has not authorised the platform
 */
export async function componentJscode2session(
  caller: Caller,
  { appid, platformAppid, token, code }: PlatformCode,
): Promise<WeChatSession> {
  const { json } = await caller.call({
    endpoint: componentJscode2sessionName,
    method: "GET",
    path: "/sns/component/jscode2session",
    query: {
      appid,
      js_code: code,
      grant_type: "authorization_code",
      component_appid: platformAppid,
      component_access_token: token,
    },
    retry: "busy",
  })
  return readJscode2session(json, componentJscode2sessionName)
}
