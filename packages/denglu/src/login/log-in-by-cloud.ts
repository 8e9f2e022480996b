import { DengluError } from "../errors.ts"
import { pickApp } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"
import type { IssuedTokens } from "./issue-tokens.ts"
import { telling } from "./log-in.ts"
import { openSession } from "./open-session.ts"

/** What WeChat's cloud hosting (微信云托管) says of a caller, in headers it adds itself. */
export interface CloudCaller {
  /** `X-WX-APPID` */
  readonly appid: string
  /** `X-WX-OPENID` */
  readonly openid: string
  /** `X-WX-UNIONID`: only where the app is bound to an open-platform account. */
  readonly unionid: string | undefined
}

export interface CloudLogInInput {
  readonly caller: CloudCaller
  readonly userAgent: string
  readonly requestId: string
  /** Called with the app; throws `rate_limited` if the app's budget is used up. */
  readonly admit: (appid: string) => Promise<void>
}

/**
 * Logs in whoever WeChat's cloud gateway names. No code and no `session_key` come this way, so what needs the key wants a `wx.login()` besides;
 * a key that is kept already stays.
 *
 * Nothing proves the caller but that the request came through the gateway: so it is a route only with the option `cloudHosting`, for a
 * service that cannot be reached otherwise.
 *
 * @throws DengluError `not_found` without that option; `app_unknown`
 */
export async function logInByCloud(flow: FlowContext, input: CloudLogInInput): Promise<IssuedTokens> {
  if (!flow.options.cloudHosting) throw new DengluError("not_found")
  const { appid, openid, unionid } = input.caller
  const app = await pickApp(flow, appid)
  return telling(flow, appid, input.requestId, async () => {
    await input.admit(appid)
    return openSession(flow, app, { openid, unionid, sessionKey: undefined }, input)
  })
}
