import { DengluError } from "../errors.ts"
import { revokeSession, tellEnded } from "./end-sessions.ts"
import type { FlowContext } from "./flows.ts"
import { type IssuedTokens, issueTokens } from "./issue-tokens.ts"

export interface RefreshInput {
  readonly refreshToken: string
  readonly requestId: string
}

/**
 * Trades a refresh token for its successor and a new access token.
 *
 * The current token rotates. The one before it, within the grace window, gets the same successor again: its answer was
 * lost on the way. Anything older means that two parties hold the family, so the family is revoked. A revocation always wins.
 */
export async function refresh(
  flow: FlowContext,
  { refreshToken, requestId }: RefreshInput,
): Promise<IssuedTokens> {
  const { options, clock, events, store } = flow
  const claims = flow.refreshTokens.read(refreshToken)
  if (claims === undefined) throw new DengluError("token_invalid")
  const now = clock()
  const outcome = await store.rotateSession({
    id: claims.sessionId,
    counter: claims.counter,
    now,
    grace: options.refreshGrace * 1000,
    idle: options.sessionIdleLifetime * 1000,
  })
  switch (outcome.kind) {
    case "rotated":
    case "replayed": {
      const { session, user } = outcome
      // A login that was under way when its user left has opened it.
      if (user.leavesAt !== null) {
        await revokeSession(flow, session.id, "account_deleted", requestId, user.id)
        throw new DengluError("session_revoked")
      }
      const which = { sessionId: session.id, userId: user.id, requestId }
      if (outcome.kind === "rotated") events.emit("session.refreshed", { ...which, counter: session.counter })
      else events.emit("refresh.replayed", which)
      return issueTokens(flow, session, user, false)
    }
    case "reused": {
      const { id: sessionId, userId } = outcome.session
      events.emit("refresh.reuse_detected", { sessionId, userId, requestId })
      tellEnded(flow, { sessionIds: [sessionId], userId, reason: "refresh_reused", requestId }, now)
      throw new DengluError("refresh_reused")
    }
    case "revoked":
      throw new DengluError("session_revoked")
    case "expired":
      throw new DengluError("token_expired")
    case "unknown":
      // Of a user who is erased the session is gone, and a client must not log in by itself.
      throw new DengluError(flow.revoked.has(claims.sessionId) ? "session_revoked" : "token_invalid")
  }
}
