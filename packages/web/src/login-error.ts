import type { Problem } from "./wire.ts"

/** What goes wrong on this side of the wire; everything else has the server's own code. */
export type ClientErrorCode =
  /** No answer arrived: no network, or the connection was cut. */
  | "network"
  /** No answer in time. */
  | "timeout"
  /** Nobody is logged in, or the session has ended. */
  | "logged_out"
  /** The person, or the page, broke the scan off. */
  | "cancelled"
  /** An answer without a code of its own; see `status`. */
  | "http_error"

/** Why something did not work. No token, code or password is put into it. */
export class LoginError extends Error {
  override readonly name = "LoginError"
  /** A {@link ClientErrorCode}, or the `code` of the server's answer, as `credentials_invalid`. */
  readonly code: string
  /** The HTTP status, if the server answered. */
  readonly status: number | undefined
  /** The same may work later, unchanged. */
  readonly retryable: boolean
  /** Seconds after which trying again makes sense, if the server said so. */
  readonly retryAfter: number | undefined
  /**
   * Of an `account_deleted`: until when a login with `restore` brings the account back, in RFC 3339. Without it the account is being erased.
   */
  readonly restoreUntil: string | undefined
  /** The body of the server's answer. */
  readonly data: unknown

  constructor(code: ClientErrorCode, answer?: { readonly response: Response; readonly data: unknown }) {
    const problem = (typeof answer?.data === "object" && answer.data !== null ? answer.data : {}) as Problem
    super(problem.title ?? code)
    this.code = problem.code ?? code
    this.status = answer?.response.status
    this.retryable =
      problem.retryable ?? (answer ? /^5|429/.test(String(this.status)) : code !== "logged_out")
    const after = Number(answer?.response.headers.get("retry-after") ?? Number.NaN)
    this.retryAfter = Number.isNaN(after) ? undefined : after
    this.restoreUntil = problem.restore_until
    this.data = answer?.data
  }
}
