import type { AuditEvent } from "./audit-store.ts"
import type { OpenSessionRequest } from "./opening-store.ts"
import type { RedeemScan } from "./scan-store.ts"
import type { LogInEntry, RotateOutcome, RotateRequest, Session } from "./store.ts"

/** What {@link decideRotation} finds; the engine then does it, in the same transaction. */
export type RotationDecision = "rotate" | "replay" | "reuse" | "revoked" | "expired" | "unknown"

/** What becomes of a presented refresh counter, in the order of {@link RotateOutcome}. Pure, so that every engine decides alike. */
export function decideRotation(session: Session | undefined, request: RotateRequest): RotationDecision {
  const { counter, now, grace } = request
  if (session === undefined || counter > session.counter) return "unknown"
  if (session.revokedAt !== null) return "revoked"
  if (now >= session.idleExpiresAt || now >= session.absoluteExpiresAt) return "expired"
  if (counter === session.counter) return "rotate"
  const behindByOne = counter === session.counter - 1
  return behindByOne && grace > 0 && now - session.rotatedAt <= grace ? "replay" : "reuse"
}

/** The session after its rotation. */
export function rotated(session: Session, { now, idle }: RotateRequest): Session {
  return {
    ...session,
    counter: session.counter + 1,
    rotatedAt: now,
    idleExpiresAt: Math.min(now + idle, session.absoluteExpiresAt),
  }
}

/**
 * What two who present the same counter at once may share: one of them rotates, and the other would be answered what `follow` makes of
 * it. Without grace the other's is a reuse, which has to be found out.
 */
export const samePresented = {
  sameAs: ({ id, counter, grace, idle }: RotateRequest) =>
    grace > 0 ? `${id} ${counter} ${grace} ${idle}` : undefined,
  follow(outcome: RotateOutcome | undefined): RotateOutcome | undefined {
    if (outcome?.kind === "rotated") return { ...outcome, kind: "replayed" }
    return outcome?.kind === "reused" ? { ...outcome, kind: "revoked" } : outcome
  },
}

/** Begins what is kept where an identity never brought a `session_key`. */
const noKey = "none "

/** What is kept of a login's `session_key`: also without a key a text that no other login makes, by which its identity is known as its work. */
export function storedSessionKey({ sessionKey, session }: LogInEntry): string {
  return sessionKey.sealed === "" ? noKey + session.id : sessionKey.sealed
}

/** Whether a kept text is a sealed key. */
export function isSealedKey(kept: string | null): kept is string {
  return kept !== null && kept !== "" && !kept.startsWith(noKey)
}

/** The session that a login opens. */
export function openedSession({ now, appid, openid, session }: LogInEntry, userId: string): Session {
  return { ...session, ...beginning(now), userId, appid, openid, openedBy: "code" }
}

/** The session of a browser whose person confirmed it on the phone: of the same user, app and identity as the session there. */
export function openedByScan(
  { now, session }: RedeemScan,
  confirming: Pick<Session, "userId" | "appid" | "openid">,
): Session {
  return { ...session, ...beginning(now), ...confirming, openedBy: "scan" }
}

/** A session that no identity has opened. */
export function openedWithout(
  { now, appid, session, openedBy }: OpenSessionRequest,
  userId: string,
): Session {
  return { ...session, ...beginning(now), userId, appid, openid: null, openedBy }
}

function beginning(now: number) {
  return { counter: 0, createdAt: now, rotatedAt: now, revokedAt: null, revokedReason: null }
}

/** The event of a session that was opened by something else than a code of WeChat's. */
export function openedEvent({ id, createdAt, userId, appid, openedBy }: Session): AuditEvent {
  return {
    id: `${id}:opened`,
    at: createdAt,
    type: "session.opened",
    userId,
    sessionId: id,
    appid,
    actor: "user",
    detail: { by: openedBy },
  }
}

/** The event of a user who came about otherwise than by a code of WeChat's. */
export function createdEvent(userId: string, appid: string, at: number): AuditEvent {
  return { id: `${userId}:created`, at, type: "user.created", userId, appid, actor: "user" }
}

/** Whether a session is neither revoked nor over. */
export function isLive(session: Session, now: number): boolean {
  return session.revokedAt === null && now < session.idleExpiresAt && now < session.absoluteExpiresAt
}

const day = 86_400_000

/** The day, counted from 1970, on which a session ends: what a purge looks for where there are many. */
export function endsOn(idleExpiresAt: number): number {
  return Math.floor(idleExpiresAt / day)
}

/** What a login touches: two with a key in common must not go in one statement. */
export function keysOfLogIn({ appid, openid, unionid, openPlatform }: LogInEntry): readonly string[] {
  return [`i${appid} ${openid}`, ...(unionid === undefined ? [] : [`u${openPlatform} ${unionid}`])]
}
