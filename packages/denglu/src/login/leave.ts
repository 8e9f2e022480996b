import { DengluError } from "../errors.ts"
import { newId } from "../random.ts"
import type { VerifiedToken } from "../session/verified-token.ts"
import type { AuditActor } from "../store/audit-store.ts"
import { tellEnded } from "./end-sessions.ts"
import type { ExchangeCode } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"
import { ownerOfCode } from "./owner-of-code.ts"

/**
 * How long (ms) a user who leaves is kept at least: longer than any statement takes. So no login that was under way writes of them once they
 * are erased.
 */
const shortestStay = 10_000
/** How far (ms) clocks may differ, and statements may last, when sessions are looked for that came too late. */
const lateness = 30_000

export interface LeaveInput {
  readonly asker: Pick<VerifiedToken, "userId" | "appid">
  /** A fresh code of `wx.login()`. */
  readonly code: string
  /** Which app the code is from. Default is the one of the session. */
  readonly appid: string | undefined
  readonly requestId: string
  /** Called with the app before WeChat is asked; throws `rate_limited` if the app's budget is used up. */
  readonly admit: (appid: string) => Promise<void>
}

/**
 * Deletes the account of whoever asks (注销): all sessions end at once, and after the cooling-off everything of it is erased. A stolen access
 * token is not enough: the code must be of the same person, so the phone with their WeChat was in hand just now.
 *
 * Answers until when (ms since 1970) a login can restore it.
 *
 * @throws DengluError `person_mismatch` if the code is somebody else's, or of an identity nobody has; what a login throws for its code
 */
export async function leave(
  flow: FlowContext,
  exchangeCode: ExchangeCode,
  { asker, code, appid, requestId, admit }: LeaveInput,
): Promise<number> {
  const proof = { exchangeCode, code, appid: appid ?? asker.appid, admit }
  if ((await ownerOfCode(flow, proof, requestId)) !== asker.userId)
    throw new DengluError("person_mismatch", { pointer: "/code" })
  return leaveProved(flow, asker.userId, requestId)
}

/** Has a user leave who has proved just now that it is they who ask. Answers until when a login can restore it. @throws DengluError `session_revoked` */
export async function leaveProved(flow: FlowContext, userId: string, requestId: string): Promise<number> {
  const leavesAt = await beginLeaving(flow, userId, "user", requestId)
  if (leavesAt === undefined) throw new DengluError("session_revoked")
  return leavesAt
}

/** When a user who leaves at `now` is to be erased (ms since 1970). @param coolingOff seconds */
export function endOfStay(now: number, coolingOff: number): number {
  return now + Math.max(shortestStay, coolingOff * 1000)
}

/**
 * Has a user leave, with the cooling-off of the options or none. Answers when they are to be erased, `undefined` if there is no such user or
 * they were merged into another.
 */
export async function beginLeaving(
  flow: FlowContext,
  userId: string,
  actor: AuditActor,
  requestId: string,
  isAtOnce = false,
): Promise<number | undefined> {
  const { store, clock, random, options, events } = flow
  const now = clock()
  const leavesAt = endOfStay(now, isAtOnce ? 0 : options.coolingOff)
  const outcome = await store.leaveUser({ userId, leavesAt, now, actor, eventId: newId(random) })
  if (outcome.kind === "unknown") return undefined
  const { endedSessions: sessionIds } = outcome
  tellEnded(flow, { sessionIds, userId, reason: "account_deleted", requestId }, now)
  if (outcome.kind === "left" || outcome.leavesAt === leavesAt)
    events.emit("user.leaving", { userId, leavesAt: outcome.leavesAt, requestId })
  // A login that was under way read the user before this, and may have committed since.
  await endLateSessions(flow, now)
  return outcome.leavesAt
}

/** Lets a user stay after all. Answers whether they were leaving and it was not too late. */
export async function restore(
  { store, clock, random, events }: FlowContext,
  userId: string,
  actor: AuditActor,
  requestId: string,
): Promise<boolean> {
  const restored = await store.restoreUser({ userId, now: clock(), actor, eventId: newId(random) })
  if (restored) events.emit("user.restored", { userId, requestId })
  return restored
}

/**
 * Ends sessions of those who began to leave at `since` or later: logins that were under way then have opened them. Before this has looked
 * often enough their access tokens may pass; a refresh never does.
 */
async function endLateSessions(flow: FlowContext, since: number): Promise<void> {
  const now = flow.clock()
  for (const { userId, sessionIds } of await flow.store.endSessionsOfLeaving(since, now)) {
    const requestId = newId(flow.random)
    tellEnded(flow, { sessionIds, userId, reason: "account_deleted", requestId }, now)
  }
}

/**
 * Makes the job that calls {@link endLateSessions} again and again. The first time it looks as far back as an access token lives: what is older
 * can't be used without a refresh.
 */
export function createLateSessionsJob(flow: FlowContext): () => Promise<void> {
  let since = flow.clock() - flow.options.accessTokenLifetime * 1000 - lateness
  return async () => {
    const next = flow.clock() - lateness
    await endLateSessions(flow, since)
    since = next
  }
}
