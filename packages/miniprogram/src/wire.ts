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

/** What `POST /login` and `POST /refresh` answer (RFC 6749, section 5.1, and the user). */
export interface TokenReply {
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
  readonly refresh_token: string
  /** Seconds. */
  readonly refresh_expires_in: number
  readonly session_id: string
  readonly user: User
}

/** The part of a problem document (RFC 9457) that is read here. */
export interface Problem {
  readonly code?: string
  readonly title?: string
  readonly detail?: string
  readonly retryable?: boolean
  readonly restore_until?: string
}
