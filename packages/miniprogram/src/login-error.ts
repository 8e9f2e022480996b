import type { PlatformResponse } from "./platform.ts"
import type { Problem } from "./wire.ts"

/** What goes wrong on this side of the wire; everything else has the server's own code. */
export type ClientErrorCode =
  /** No answer arrived: no network, or the connection was cut. */
  | "network"
  /** No answer in time. */
  | "timeout"
  /** `wx.login` gave no code. */
  | "login_failed"
  /** The person has logged out, or the session was ended elsewhere: `login()` when they tap again. */
  | "logged_out"
  /** An answer without a code of its own; see `status`. */
  | "http_error"

/** Why something did not work. No token and no code is in it. */
export class LoginError extends Error {
  /** A {@link ClientErrorCode}, or the `code` of the server's answer, as `wechat_busy`. */
  readonly code: string
  /** The same may work later, unchanged. */
  readonly retryable: boolean
  /** The HTTP status, if the server answered. */
  readonly status: number | undefined
  /** The body of the server's answer. */
  readonly data: unknown

  constructor(code: string, message: string, retryable: boolean, status?: number, data?: unknown) {
    super(message)
    this.name = "LoginError"
    this.code = code
    this.retryable = retryable
    this.status = status
    this.data = data
  }
}

const texts = {
  network: ["网络不可用", "No network"],
  timeout: ["请求超时", "Timed out"],
  login_failed: ["微信登录失败", "WeChat login failed"],
  logged_out: ["请先登录", "Please log in"],
  http_error: ["服务器出错", "Server error"],
} as const satisfies Record<ClientErrorCode, readonly [zh: string, en: string]>

/** Makes errors in the device's language. @param response an answer other than 2xx, whose own code counts more */
export type Fail = (code: ClientErrorCode, response?: PlatformResponse) => LoginError

/** @param english whether the device speaks something else than Chinese */
export function createFail(english: boolean): Fail {
  return (code, response) => {
    const status = response && response.statusCode
    const problem = ((response && response.data) || {}) as Problem
    return new LoginError(
      problem.code || code,
      problem.detail || problem.title || texts[code][english ? 1 : 0],
      problem.retryable === undefined
        ? status
          ? status > 499 || status === 429
          : code !== "logged_out"
        : problem.retryable,
      status,
      problem,
    )
  }
}
