/** The user, as the login server answers it. Its other fields are the server's. */
export interface User {
  readonly id: string
  readonly nickname: string | null
  readonly avatar_url: string | null
  /** RFC 3339, as `2026-01-31T08:00:00.000Z`. */
  readonly created_at: string
  /** This very login created the user. */
  readonly is_new?: boolean
}

/** What every login and `POST /refresh` answer (RFC 6749, section 5.1, and the user). In cookies there are no tokens in it. */
export interface IssuedReply {
  readonly token_type: "Bearer" | "Cookie"
  readonly access_token?: string
  readonly refresh_token?: string
  /** Seconds. */
  readonly expires_in: number
  /** Seconds. */
  readonly refresh_expires_in: number
  readonly session_id: string
  readonly user: User
}

/** The part of a problem document (RFC 9457) that is read here. */
export interface Problem {
  readonly code?: string
  readonly title?: string
  readonly remedy?: string
  readonly retryable?: boolean
  readonly restore_until?: string
}

/** What `POST /scan` answers. */
export interface StartScanReply {
  readonly id: string
  /** The mini program code, as a `data:` URL. */
  readonly image: string
  /** Two digits to type on the phone. */
  readonly number: string
  /** Seconds. */
  readonly expires_in: number
  /** Only for the binding `value`. */
  readonly secret?: string
}

/** Where a scan is. The last three are ends; `confirmed` is followed by the login. */
export type ScanStatus = "waiting" | "opened" | "confirmed" | "denied" | "expired" | "redeemed"

/** What `GET /login/ways` answers. */
export interface WaysReply {
  readonly ways: readonly ("scan" | "sms" | "password")[]
  /** Whether people may make accounts. */
  readonly registration: boolean
}

/** What `POST /sms` answers. */
export interface SmsReply {
  /** Goes along with the digits: only who asked for them can use them. */
  readonly sms_id: string
  /** Seconds. */
  readonly expires_in: number
  /** Seconds until another one may be asked for. */
  readonly retry_in: number
}
