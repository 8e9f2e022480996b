import type { LeavingOutcome, NewSession, Session, SessionWay, UserProfile } from "./store.ts"

/** What a store promises about sessions of users who have proved who they are by something else than a code of WeChat's. */
export interface OpeningStore {
  /**
   * Opens a session for a user, with an event that says by what. Of a user who was merged it opens the session of the one they were merged
   * into. Against a deletion or a merge at the same time: either the session comes first and is ended by it, or it is not opened for
   * that user.
   */
  openSessionOf(request: OpenSessionRequest): Promise<OpenSessionOutcome>
}

export interface OpenSessionRequest {
  readonly userId: string
  /** The app that the session counts as, `client_id` of its tokens. */
  readonly appid: string
  readonly openedBy: Exclude<SessionWay, "code">
  readonly now: number
  readonly session: NewSession
}

/**
 * - `opened`: the session is there.
 * - `leaving`: the user has deleted their account. Nothing has happened.
 * - `gone`: there is no such user.
 */
export type OpenSessionOutcome = OpenedSession | LeavingOutcome | { readonly kind: "gone" }

export interface OpenedSession {
  readonly kind: "opened"
  readonly session: Session
  readonly user: UserProfile
}
