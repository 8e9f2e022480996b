import { DengluError } from "../errors.ts"
import { sessionKeyBinding } from "../session/sealer.ts"
import { isLive } from "../store/session-rules.ts"
import type { Session } from "../store/store.ts"
import { checksession, type PersonKey } from "../wechat/endpoints/checksession.ts"
import { getuserencryptkey, type UserKey } from "../wechat/endpoints/getuserencryptkey.ts"
import { resetusersessionkey } from "../wechat/endpoints/resetusersessionkey.ts"
import type { FlowContext } from "./flows.ts"

/** Whose `session_key`: that of a live session, or of a user, who needs an `appid` besides if they use several mini programs. */
export type KeyOwner =
  | { readonly sessionId: string }
  | { readonly userId: string; readonly appid?: string | undefined }

interface KnownKey extends PersonKey {
  readonly appid: string
  readonly userId: string
  readonly sealed: string
}

/** A session that is neither revoked nor over. @throws DengluError `not_found` */
export async function findLiveSession({ store, clock }: FlowContext, id: string): Promise<Session> {
  const session = await store.findSession(id)
  if (session === undefined || !isLive(session, clock()))
    throw new DengluError("not_found", { message: "no such live session" })
  return session
}

/** Whether WeChat still takes the person's `session_key` for theirs. @throws DengluError `not_found`; WeChatError */
export async function checkSessionKey(flow: FlowContext, owner: KeyOwner): Promise<boolean> {
  const key = await findKey(flow, owner)
  return flow.appToken(key.appid).withToken(token => checksession(flow.wechat, token, key))
}

/**
 * Has WeChat end the person's `session_key` and give another, which is kept sealed; data made before still opens with the one
 * before. If a login brings another key at the same moment, that one stays. Not often for one person, says WeChat.
 *
 * @throws DengluError `not_found`; WeChatError, `session_key_stale` if the key was no longer the present one: the person has to log in
 */
export async function resetSessionKey(flow: FlowContext, owner: KeyOwner): Promise<void> {
  const { sealer, store, wechat, clock, events } = flow
  const known = await findKey(flow, owner)
  const { appid, openid, userId } = known
  const { sessionKey } = await flow
    .appToken(appid)
    .withToken(token => resetusersessionkey(wechat, token, known))
  const next = {
    sealed: sealer.seal(sessionKeyBinding(appid, openid), sessionKey),
    fingerprint: sealer.fingerprint(sessionKey),
  }
  await store.replaceSessionKey(appid, openid, known.sealed, next, clock())
  events.emit("session_key.reset", { userId, appid })
}

/**
 * The keys that the person's phone has from `wx.getUserCryptoManager()`, the newest first. For this server alone: the phone asks WeChat
 * for its own, so no route answers them.
 *
 * @throws DengluError `not_found`; WeChatError, `session_key_stale` if the session_key is no longer the present one
 */
export async function listUserKeys(flow: FlowContext, sessionId: string): Promise<readonly UserKey[]> {
  const key = await findKey(flow, { sessionId })
  return flow.appToken(key.appid).withToken(token => getuserencryptkey(flow.wechat, token, key))
}

async function findKey(flow: FlowContext, owner: KeyOwner): Promise<KnownKey> {
  const { appid, openid, userId } = await findIdentity(flow, owner)
  const keys = await flow.store.findSessionKeys(appid, openid)
  if (keys === undefined) throw new DengluError("not_found", { message: "no session_key of this person" })
  const sealed = keys.current
  return {
    appid,
    openid,
    userId,
    sealed,
    sessionKey: flow.sealer.open(sessionKeyBinding(appid, openid), sealed),
  }
}

async function findIdentity(
  flow: FlowContext,
  owner: KeyOwner,
): Promise<{ readonly appid: string; readonly openid: string; readonly userId: string }> {
  if ("sessionId" in owner) {
    const { appid, openid, userId } = await findLiveSession(flow, owner.sessionId)
    if (openid === null) throw new DengluError("not_found", { message: "a session without an openid" })
    return { appid, openid, userId }
  }
  const { userId, appid } = owner
  const identities = (await flow.store.findUser(userId))?.identities ?? []
  const [identity, another] = identities.filter(known => appid === undefined || known.appid === appid)
  if (identity === undefined) throw new DengluError("not_found", { message: "no such user in this app" })
  if (another !== undefined && appid === undefined)
    throw new TypeError("this user has several mini programs: say which, as { userId, appid }")
  return { appid: identity.appid, openid: identity.openid, userId }
}
