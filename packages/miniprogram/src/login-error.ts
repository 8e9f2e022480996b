import { parsed } from "./parsed.ts"
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

/** Why something did not work. No token and no code is put into it. */
export class LoginError extends Error {
  /** A {@link ClientErrorCode}, or the `code` of the server's answer, as `wechat_busy`. */
  declare readonly code: string
  /** The same may work later, unchanged. */
  declare readonly retryable: boolean
  /** The HTTP status, if the server answered. */
  declare readonly status: number | undefined
  /**
   * The body of the server's answer, of the login server only its error document; without an answer what the platform said,
   * as `request:fail url not in domain list`.
   */
  declare readonly data: unknown
  /**
   * Of an `account_deleted`: until when `login({ restore: true })` brings the account back, in RFC 3339. Without it the account is being erased:
   * some minutes later a login makes a new one.
   */
  declare readonly restoreUntil: string | undefined

  constructor(
    message: string,
    facts: Pick<LoginError, "code" | "retryable" | "status" | "data" | "restoreUntil">,
  ) {
    super(message)
    Object.assign(this, { name: "LoginError" }, facts)
  }
}

const texts = {
  network: ["网络错误", "No network"],
  timeout: ["请求超时", "Timeout"],
  login_failed: ["登录失败", "Login failed"],
  logged_out: ["请先登录", "Please log in"],
  http_error: ["服务出错", "Server error"],
} as const satisfies Record<ClientErrorCode, readonly [zh: string, en: string]>

/** Makes errors in the device's language. @param response an answer other than 2xx, whose own code counts more */
export type Fail = (code: ClientErrorCode, response?: PlatformResponse, ours?: boolean) => LoginError

/** @param english 1 for English, 0 for Chinese */
export function createFail(english: 0 | 1): Fail {
  return (code, { statusCode: status, data: body } = {}, ours) => {
    const data = parsed(body)
    // Other servers have codes of their own, as numbers.
    const problem = (data && typeof (data as Problem).code === "string" ? data : {}) as Problem
    const { retryable = status ? /^5|429/.test(status as never) : code !== "logged_out" } = problem
    return new LoginError(problem.detail || problem.title || texts[code][english], {
      code: problem.code || code,
      retryable,
      status,
      data: ours ? problem : data,
      restoreUntil: problem.restore_until,
    })
  }
}
