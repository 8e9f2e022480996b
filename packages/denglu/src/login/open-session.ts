import { describeError } from "../log.ts"
import type { SettledApp } from "../options.ts"
import { newId } from "../random.ts"
import { type Sealer, sessionKeyBinding } from "../session/sealer.ts"
import { noSessionKey, type SealedSessionKey } from "../store/store.ts"
import type { Person } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"
import { type IssuedTokens, issueTokens } from "./issue-tokens.ts"

/** Steps 5 to 7 of the login: the user behind the person, a session, its tokens. */
export async function openSession(
  flow: FlowContext,
  app: Pick<SettledApp, "appid" | "openPlatform">,
  person: Person,
  { userAgent, requestId }: { readonly userAgent: string; readonly requestId: string },
): Promise<IssuedTokens> {
  const { clock, random, sealer, store, events, options } = flow
  const { appid, openPlatform } = app
  const { openid, unionid } = person
  const now = clock()
  const absoluteExpiresAt = now + options.sessionAbsoluteLifetime * 1000
  const { user, isNew, session, conflictsWith } = await store.logIn({
    now,
    appid,
    openid,
    ...(unionid === undefined ? {} : { unionid }),
    openPlatform,
    sessionKey: sealSessionKey(sealer, appid, person),
    newUserId: newId(random),
    session: {
      id: newId(random),
      idleExpiresAt: Math.min(now + options.sessionIdleLifetime * 1000, absoluteExpiresAt),
      absoluteExpiresAt,
      userAgent: userAgent.slice(0, 256),
    },
  })
  if (conflictsWith !== undefined) await tellConflict(flow, user.id, conflictsWith, appid, requestId)
  if (isNew) events.emit("user.created", { userId: user.id, appid, requestId })
  const { id: sessionId, openedBy } = session
  events.emit("session.issued", { sessionId, userId: user.id, appid, isNew, openedBy, requestId })
  return issueTokens(flow, session, user, isNew)
}

/** How long (ms) nothing more is said of the same two users. */
const tellConflictEvery = 86_400_000

/** Of every login of theirs some stores tell it again. A login never fails for it. */
async function tellConflict(
  { store, clock, events, log }: FlowContext,
  userId: string,
  otherUserId: string,
  appid: string,
  requestId: string,
): Promise<void> {
  const now = clock()
  try {
    if (!(await store.seeOnce(`conflict ${userId} ${otherUserId}`, now + tellConflictEvery, now))) return
  } catch (error) {
    log.warn({ error: describeError(error) }, "whether a conflict was told before can't be found out")
  }
  events.emit("user.conflict", { userId, otherUserId, appid, requestId })
}

/** What a store keeps of the person's `session_key`. */
export function sealSessionKey(
  sealer: Sealer,
  appid: string,
  { openid, sessionKey }: Pick<Person, "openid" | "sessionKey">,
): SealedSessionKey {
  if (sessionKey === undefined) return noSessionKey
  return {
    sealed: sealer.seal(sessionKeyBinding(appid, openid), sessionKey),
    fingerprint: sealer.fingerprint(sessionKey),
  }
}
