import { DengluError } from "../errors.ts"
import type { VerifiedToken } from "../session/verified-token.ts"
import type { RevocationReason } from "../store/store.ts"
import type { FlowContext } from "./flows.ts"

/** Who asks, and in which request. */
export interface Asker extends Pick<VerifiedToken, "userId" | "sessionId"> {
  readonly requestId: string
}

/** Logs out: ends this session, or all of the user's. Answers how many ended. It is in force everywhere here once this resolves. */
export async function logOut(flow: FlowContext, asker: Asker, everywhere: boolean): Promise<number> {
  const { userId, sessionId, requestId } = asker
  const ended = everywhere
    ? await revokeUserSessions(flow, userId, "logout_everywhere", requestId)
    : Number(await revokeSession(flow, sessionId, "logout", requestId))
  // An earlier try whose answer was lost may have ended it already: then this instance need not have heard of it yet.
  if (ended === 0) {
    flow.revoked.add([sessionId], flow.clock())
    if (everywhere) await flow.revoked.poll()
  }
  return ended
}

/** Ends another session of the same user. @throws DengluError `not_found` if the user has no such live session. */
export async function revokeOwnSession(flow: FlowContext, asker: Asker, sessionId: string): Promise<void> {
  const ended = await revokeSession(flow, sessionId, "revoked_by_user", asker.requestId, asker.userId)
  if (!ended) throw new DengluError("not_found", { message: "no such live session of this user" })
}

/** Ends one session; with `userId` only if it is that user's. Answers whether it was live until now. */
export async function revokeSession(
  flow: FlowContext,
  sessionId: string,
  reason: RevocationReason,
  requestId: string,
  userId?: string,
): Promise<boolean> {
  const now = flow.clock()
  const ended = await flow.store.revokeSession(sessionId, reason, now, userId)
  if (!ended) return false
  tellEnded(flow, { sessionIds: [sessionId], userId, reason, requestId }, now)
  return true
}

/** Ends all sessions of a user. Answers how many were live until now. */
export async function revokeUserSessions(
  flow: FlowContext,
  userId: string,
  reason: RevocationReason,
  requestId: string,
): Promise<number> {
  const now = flow.clock()
  const sessionIds = await flow.store.revokeUserSessions(userId, reason, now)
  tellEnded(flow, { sessionIds, userId, reason, requestId }, now)
  return sessionIds.length
}

export interface EndedSessions {
  /** May be none. */
  readonly sessionIds: readonly string[]
  /** Whose they were, if it is known. */
  readonly userId: string | undefined
  readonly reason: RevocationReason
  readonly requestId: string
}

/** Says that sessions have ended in the store: from here on their tokens are refused, and who listens hears of it. */
export function tellEnded({ revoked, events }: FlowContext, ended: EndedSessions, now: number): void {
  if (ended.sessionIds.length === 0) return
  revoked.add(ended.sessionIds, now)
  events.emit("session.revoked", ended)
}
