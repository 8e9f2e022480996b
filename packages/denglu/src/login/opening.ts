import { DengluError } from "../errors.ts"
import { newId } from "../random.ts"
import type { LeavingOutcome, NewSession, Session, UserProfile } from "../store/store.ts"
import type { FlowContext } from "./flows.ts"
import { type IssuedTokens, issueTokens } from "./issue-tokens.ts"
import { restore } from "./leave.ts"

/** A session as it begins now, with an id of its own: a second try makes another. */
export function newSession({ clock, random, options }: FlowContext, userAgent: string): NewSession {
  const now = clock()
  const absoluteExpiresAt = now + options.sessionAbsoluteLifetime * 1000
  return {
    id: newId(random),
    idleExpiresAt: Math.min(now + options.sessionIdleLifetime * 1000, absoluteExpiresAt),
    absoluteExpiresAt,
    userAgent: userAgent.slice(0, 256),
  }
}

/**
 * Makes way for a login of who was leaving: they come back, or are erased by now and begin anew.
 *
 * @throws DengluError `account_deleted` for who is leaving, unless they want to stay after all
 */
export async function letBackIn(
  flow: FlowContext,
  { userId, leavesAt }: LeavingOutcome,
  restores: boolean,
  requestId: string,
): Promise<void> {
  if (leavesAt <= flow.clock()) {
    if (!(await flow.purger.purge(userId))) throw new DengluError("account_deleted")
    return
  }
  if (!restores) throw new DengluError("account_deleted", { restoreUntil: leavesAt })
  // Whatever it answers: another login may have brought them back just now. Whether they still leave is seen when this one is tried again.
  await restore(flow, userId, "user", requestId)
}

export interface Opened {
  readonly user: UserProfile
  readonly session: Session
  readonly isNew: boolean
}

/** Tells of a session that is there, and makes its tokens. */
export function handOut(
  flow: FlowContext,
  { user, session, isNew }: Opened,
  requestId: string,
): IssuedTokens {
  const { events } = flow
  const { id: sessionId, appid, openedBy } = session
  if (isNew) events.emit("user.created", { userId: user.id, appid, requestId })
  events.emit("session.issued", { sessionId, userId: user.id, appid, isNew, openedBy, requestId })
  return issueTokens(flow, session, user, isNew)
}
