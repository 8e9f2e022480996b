import { DengluError } from "../errors.ts"
import { type ExchangeCode, pickApp } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"
import type { IssuedTokens } from "./issue-tokens.ts"
import { openSession } from "./open-session.ts"

export interface LogInInput {
  /** The one-time code of `wx.login()`, or of a web page's login. */
  readonly code: string
  /** Which app the code is from; may be left out where there is only one. */
  readonly appid: string | undefined
  readonly userAgent: string
  readonly requestId: string
  /** The person wants back the account they have deleted. */
  readonly restore: boolean | undefined
  /** Called with the app before WeChat is asked; throws `rate_limited` if the app's budget is used up. */
  readonly admit: (appid: string) => Promise<void>
}

/** Logs a person in by a code of WeChat's: steps 3 to 7 of the login. */
export type LogIn = (input: LogInInput) => Promise<IssuedTokens>

/** The login flow. */
export function createLogIn(flow: FlowContext, exchangeCode: ExchangeCode): LogIn {
  return async input => {
    const { code, requestId, admit } = input
    const app = await pickApp(flow, input.appid)
    return telling(flow, app.appid, requestId, async () =>
      openSession(flow, app, await exchangeCode({ code, app, requestId, admit }), input),
    )
  }
}

/** Does the work of a login, and tells if it does not come about. */
export async function telling<Result>(
  { events }: FlowContext,
  appid: string,
  requestId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof DengluError ? error.code : "internal"
    events.emit("login.failed", { appid, code, requestId })
    throw error
  }
}
