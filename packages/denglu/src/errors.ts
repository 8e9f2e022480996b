/**
 * Every way in which a request to Denglu can fail, as a stable word.
 *
 * The list is closed: a client may switch over it. `http/problem.ts` gives each its status and its remedy.
 */
export const errorCodes = [
  "invalid_request",
  "payload_too_large",
  "not_found",
  "method_not_allowed",
  "rate_limited",
  "code_invalid",
  "code_used",
  "code_blocked",
  "snapshot_user",
  "phone_code_invalid",
  "phone_taken",
  "picture_invalid",
  "phone_unconfirmed",
  "phone_unsupported",
  "sms_code_invalid",
  "sms_unsent",
  "challenge_required",
  "challenge_invalid",
  "open_data_invalid",
  "session_key_stale",
  "session_key_missing",
  "token_missing",
  "token_invalid",
  "token_expired",
  "session_revoked",
  "refresh_reused",
  "push_refused",
  "account_deleted",
  "person_mismatch",
  "login_not_recent",
  "identity_taken",
  "last_way_in",
  "merge_refused",
  "merge_proof_invalid",
  "credentials_invalid",
  "password_refused",
  "account_taken",
  "origin_refused",
  "ticket_invalid",
  "ticket_pending",
  "ticket_denied",
  "ticket_taken",
  "ticket_number_wrong",
  "ticket_not_scanned",
  "app_unknown",
  "app_misconfigured",
  "app_unauthorized",
  "platform_not_ready",
  "wechat_busy",
  "wechat_rate_limited",
  "wechat_unreachable",
  "store_unavailable",
  "storage_unavailable",
  "overloaded",
  "internal",
] as const

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number]

/** Facts that may travel with a {@link DengluError}. None of them may hold a secret, a code or a token. */
export interface DengluErrorFacts {
  /** What went wrong, for the log. Must not hold a secret, a code or a token. */
  readonly message?: string
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number
  /** The field of the request that must change, as a JSON pointer: `/code`. */
  readonly pointer?: string
  /** Methods the path does answer; only with `method_not_allowed`. */
  readonly allow?: readonly string[]
  /** Until when (ms since 1970) a login can restore the account; only with `account_deleted`. */
  readonly restoreUntil?: number
  readonly cause?: unknown
}

/** The base of every error Denglu throws on purpose. A programmer's mistake is a plain `TypeError` instead. */
export class DengluError extends Error {
  override readonly name: string = "DengluError"
  readonly code: ErrorCode
  readonly retryAfter: number | undefined
  readonly pointer: string | undefined
  readonly allow: readonly string[] | undefined
  readonly restoreUntil: number | undefined

  constructor(code: ErrorCode, facts: DengluErrorFacts = {}) {
    super(facts.message ?? code, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = code
    this.retryAfter = facts.retryAfter
    this.pointer = facts.pointer
    this.allow = facts.allow
    this.restoreUntil = facts.restoreUntil
  }
}
