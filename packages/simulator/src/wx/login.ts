import {
  answer,
  failed,
  type ReportThrown,
  succeeded,
  type WxAnswer,
  type WxCallbacks,
  type WxFailure,
  type WxOutcome,
} from "./callbacks.ts"
import type { Timers } from "./timers.ts"

export interface LoginResult {
  /** Good once, for five minutes. */
  readonly code: string
  readonly errMsg: string
}

export interface LoginOptions extends WxCallbacks<LoginResult> {
  /** Milliseconds. Default is 60,000. */
  readonly timeout?: number
}

/** `"silence"`: it never calls back, whatever the timeout; phones have been seen doing so. */
export type LoginFault = "silence" | WxFailure

export interface CheckSessionResult {
  readonly errMsg: string
}

export interface LoginApi {
  login<Options extends LoginOptions>(options?: Options): WxAnswer<Options, LoginResult>
  checkSession<Options extends WxCallbacks<CheckSessionResult>>(
    options?: Options,
  ): WxAnswer<Options, CheckSessionResult>
}

interface Parts {
  readonly issueCode: () => string | Promise<string>
  readonly loginFault: () => LoginFault | undefined
  readonly checkSession: () => boolean | Promise<boolean>
  readonly timers: Timers
  readonly report: ReportThrown
}

const defaultTimeoutMs = 60_000

export function createLoginApi({ issueCode, loginFault, checkSession, timers, report }: Parts): LoginApi {
  async function issued(): Promise<WxOutcome<LoginResult>> {
    try {
      return succeeded({ code: await issueCode(), errMsg: "login:ok" })
    } catch (error) {
      return failed(`login:fail ${error instanceof Error ? error.message : "system error"}`)
    }
  }

  function logIn(timeoutMs: number): Promise<WxOutcome<LoginResult>> {
    const fault = loginFault()
    if (fault === "silence") return new Promise(() => {})
    if (fault !== undefined) return Promise.resolve({ ok: false, failure: fault })
    return new Promise(resolve => {
      const timer = timers.setTimeout(() => resolve(failed("login:fail timeout", 5)), timeoutMs)
      void issued().then(outcome => {
        timers.clearTimeout(timer)
        resolve(outcome)
      })
    })
  }

  async function checked(): Promise<WxOutcome<CheckSessionResult>> {
    return (await checkSession()) ? succeeded({ errMsg: "checkSession:ok" }) : failed(sessionTimedOut)
  }

  return {
    login<Options extends LoginOptions>(options: Options = {} as Options) {
      return answer<Options, LoginResult>(options, logIn(options.timeout ?? defaultTimeoutMs), report)
    },
    checkSession<Options extends WxCallbacks<CheckSessionResult>>(options: Options = {} as Options) {
      return answer<Options, CheckSessionResult>(options, checked(), report)
    },
  }
}

/** As phones say it, the cut in "timed" included. */
const sessionTimedOut = "checkSession:fail 系统错误，错误码：-13001,session time out…d relogin"
