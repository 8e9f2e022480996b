import { createHash } from "node:crypto"
import { DengluError } from "../errors.ts"
import type { AppKind } from "../options.ts"
import { newId } from "../random.ts"
import type { Identity } from "../store/store.ts"
import { type Asker, tellEnded } from "./end-sessions.ts"
import { type ExchangeCode, pickApp } from "./exchange-code.ts"
import type { FlowContext } from "./flows.ts"
import { sealSessionKey } from "./open-session.ts"
import { requireRecentLogin } from "./recent-login.ts"
import { waysOn } from "./ways-in.ts"

/** One of the user's identities, as the user may see it. */
export interface OwnIdentity {
  /** 22 characters of `A-Za-z0-9_-`: stands for appid and openid, and tells neither. */
  readonly id: string
  readonly appid: string
  /** `null` for an app that is not configured here any more. */
  readonly kind: AppKind | null
  /** The session that asks was opened by it. */
  readonly isCurrent: boolean
  readonly createdAt: number
}

export interface AttachInput {
  readonly asker: Asker
  readonly code: string
  /** Which app the code is from; may be left out where there is only one. */
  readonly appid: string | undefined
  /** As in `LogInInput`. */
  readonly admit: (appid: string) => Promise<void>
}

/** The user's identities, in the order in which they came. */
export async function listOwnIdentities(flow: FlowContext, asker: Asker): Promise<readonly OwnIdentity[]> {
  const [user, session] = await Promise.all([
    flow.store.findUser(asker.userId),
    flow.store.findSession(asker.sessionId),
  ])
  return (user?.identities ?? []).map(identity => ({
    id: nameOf(identity),
    appid: identity.appid,
    kind: flow.options.apps.get(identity.appid)?.kind ?? null,
    isCurrent: session?.appid === identity.appid && session.openid === identity.openid,
    createdAt: identity.createdAt,
  }))
}

/**
 * Gives the identity behind a code to the user who asks: their login just now proves the one, the code the other. Answers whether it is new to them.
 *
 * @throws DengluError `login_not_recent`; `identity_taken` if it is another user's, or its unionid is; what a login throws for a bad code
 */
export async function attachOwnIdentity(
  flow: FlowContext,
  exchangeCode: ExchangeCode,
  { asker, code, appid: given, admit }: AttachInput,
): Promise<boolean> {
  const { store, sealer, clock, random, events } = flow
  const { userId, requestId } = asker
  await requireRecentLogin(flow, asker)
  const app = await pickApp(flow, given)
  const { appid, openPlatform } = app
  const person = await exchangeCode({ code, app, requestId, admit })
  const outcome = await store.attachIdentity({
    id: newId(random),
    userId,
    appid,
    openid: person.openid,
    unionid: person.unionid ?? null,
    openPlatform,
    sessionKey: sealSessionKey(sealer, appid, person),
    now: clock(),
  })
  if (outcome.kind === "taken") throw new DengluError("identity_taken", { pointer: "/code" })
  if (outcome.kind === "gone") throw new DengluError("session_revoked")
  if (outcome.kind === "attached") events.emit("identity.attached", { userId, appid, requestId })
  return outcome.kind === "attached"
}

/**
 * Takes an identity from the user who asks, and ends the sessions it opened.
 *
 * @throws DengluError `not_found`; `last_way_in` if there is no other way in
 */
export async function detachOwnIdentity(flow: FlowContext, asker: Asker, id: string): Promise<void> {
  const { store, clock, random, events } = flow
  const { userId, requestId } = asker
  const identities = (await store.findUser(userId))?.identities ?? []
  const identity = identities.find(known => nameOf(known) === id)
  if (identity === undefined) throw new DengluError("not_found", { message: "no such identity of this user" })
  const { appid, openid } = identity
  const now = clock()
  const ways = waysOn(flow)
  const outcome = await store.detachIdentity({ id: newId(random), userId, appid, openid, ways, now })
  if (outcome.kind !== "detached")
    throw outcome.kind === "last"
      ? new DengluError("last_way_in")
      : new DengluError("not_found", { message: "no such identity of this user" })
  const { endedSessions: sessionIds } = outcome
  tellEnded(flow, { sessionIds, userId, reason: "revoked_by_user", requestId }, now)
  events.emit("identity.detached", { userId, appid, requestId })
}

function nameOf({ appid, openid }: Identity): string {
  return createHash("sha256")
    .update(JSON.stringify([appid, openid]))
    .digest("base64url")
    .slice(0, 22)
}
