import { type ExchangeCode, pickApp } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"

/** A fresh code of `wx.login()`, or of a web page's login. */
export interface CodeProof {
  readonly exchangeCode: ExchangeCode
  readonly code: string
  /** Which app the code is from; may be left out where there is only one. */
  readonly appid: string | undefined
  /** As in `LogInInput`. */
  readonly admit: (appid: string) => Promise<void>
}

/** The user whose WeChat account the code is of; `undefined` if nobody has logged in with it. @throws what a login throws for its code */
export async function ownerOfCode(
  flow: FlowContext,
  { exchangeCode, code, appid, admit }: CodeProof,
  requestId: string,
): Promise<string | undefined> {
  const app = await pickApp(flow, appid)
  const { openid } = await exchangeCode({ code, app, requestId, admit })
  return (await flow.store.findIdentity(app.appid, openid))?.userId
}
