import { DengluError } from "../errors.ts"
import type { UserPush } from "../events.ts"
import type { SettledPush } from "../push-options.ts"
import { newId } from "../random.ts"
import type { OwnedIdentity, Session } from "../store/store.ts"
import { inTime } from "../user/in-time.ts"
import { clearProfile } from "../user/profile.ts"
import { answerUrlCheck, type OpenedPush, openPush } from "../wechat/push.ts"
import { revokeSession, tellEnded } from "./end-sessions.ts"
import type { FlowContext } from "./flows.ts"
import { beginLeaving } from "./leave.ts"
import { unbindPhone } from "./unbind-phone.ts"
import { waysOn } from "./ways-in.ts"

export interface ReceivedPush {
  readonly appid: string
  readonly query: URLSearchParams
  readonly body: string
  readonly requestId: string
}

/** WeChat waits five seconds (ms), the way there and back included. */
const deadline = 4_000
/** The phone number, in WeChat's list of what can be withdrawn. */
const phoneNumber = "8"
/** Nickname and avatar in that list: both, by the nickname keyboard, by the avatar button. */
const withdrawnFields: Readonly<Record<string, readonly ("nickname" | "avatarUrl")[]>> = {
  6: ["nickname", "avatarUrl"],
  19: ["nickname"],
  20: ["avatarUrl"],
}
/** How far (ms) WeChat's clock may be behind ours. */
const skewAllowed = 60_000

/**
 * Receives what WeChat pushes. Resolves once WeChat may be told `success`.
 *
 * The promise:
 *
 * - Resolving means that what the push asks for is done and durable: the sessions it ends are ended, the phone number it withdraws is gone. If that fails, or takes longer than the
 *   deadline, this rejects, and WeChat sends the push again; nothing has been noted that would keep it from having its effect then.
 * - The effect comes before the mark, so it may happen again: by WeChat's retries, by copies that arrive at once, after a crash. That changes
 *   nothing: it ends only sessions that had begun when WeChat made the push, each of them once. A login after it stays.
 * - Where WeChat has cleaned a profile that broke its rules, nickname and avatar kept here are cleared too, unless they were changed after it.
 * - A withdrawal ends the sessions of its app. The end of a WeChat account ends all of the user's and takes the identity away; of a user who has no
 *   other it begins the deletion, with its cooling-off, in which an operator can restore the user.
 * - The event `wechat.push` is emitted once, by whoever sets the mark, on one of all instances; not at all if that process dies in between, or if
 *   the database's answer to the mark is lost. So it is for reacting soon, as all events are.
 *
 * @throws DengluError `not_found` for an app without push, `push_refused`, `store_unavailable`
 */
export async function receivePush(flow: FlowContext, received: ReceivedPush): Promise<void> {
  const { appid, query, body } = received
  const { push, receiver } = await pushOf(flow, appid)
  const opened = await openPush({ push, appid, receiver, query, now: flow.clock() }, body)
  await inPushTime(() => takeEffect(flow, opened, push.maxAgeMs, received.requestId))
}

/** What WeChat wants to hear when it checks the address of its push. @throws DengluError `not_found`, `push_refused` */
export async function checkPushUrl(
  flow: FlowContext,
  appid: string,
  query: URLSearchParams,
): Promise<string> {
  const { push } = await pushOf(flow, appid)
  return answerUrlCheck({ push, appid, query, now: flow.clock() })
}

/**
 * How the app's push is set up, and for whom it is encrypted: what concerns a mini program that has authorised a platform comes with the platform's Token and
 * key. @throws DengluError `not_found` if it is not
 */
async function pushOf(
  { options, platforms }: FlowContext,
  appid: string,
): Promise<{ readonly push: SettledPush; readonly receiver: string }> {
  const own = options.apps.get(appid)
  if (own?.push !== undefined) return { push: own.push, receiver: appid }
  const platform = own === undefined ? (await platforms.find(appid))?.platform : undefined
  if (platform === undefined) throw new DengluError("not_found", { message: "no push for this app" })
  return { push: platform.push, receiver: platform.appid }
}

async function takeEffect(
  flow: FlowContext,
  { message, digest }: OpenedPush,
  maxAgeMs: number,
  requestId: string,
): Promise<void> {
  const userId = message.kind === "other" ? undefined : await obey(flow, message, requestId)
  const now = flow.clock()
  // As long as its signature may be shown again, and somewhat longer: WeChat may sign each try anew.
  if (!(await flow.store.seeOnce(`push:${digest}`, now + 2 * maxAgeMs + skewAllowed, now))) return
  flow.events.emit("wechat.push", { ...message, userId, requestId })
}

/** Does what the push asks for, but for the event. Answers the user it is about. */
async function obey(flow: FlowContext, message: UserPush, requestId: string): Promise<string | undefined> {
  const { kind, appid, openid, createdAt, pluginId } = message
  if (openid === undefined) return undefined
  const userId = (await flow.store.findIdentity(appid, openid))?.userId
  if (userId === undefined || pluginId !== undefined) return userId
  const now = flow.clock()
  const before = createdAt === undefined ? now : createdAt + skewAllowed
  const fields = fieldsTakenBy(message)
  if (fields.length > 0)
    await clearProfile(flow, { userId, fields, changedUntil: before, actor: "wechat", requestId })
  if (kind === "user_info_modified") return userId
  const sessions = await flow.store.listSessions(userId, now)
  const ofThisIdentity = (session: Session) => session.appid === appid && session.openid === openid
  const cameBack = sessions.some(session => ofThisIdentity(session) && session.createdAt > before)
  const ending = sessions.filter(
    session =>
      session.createdAt <= before && (kind === "user_authorization_cancellation" || session.appid === appid),
  )
  await Promise.all(ending.map(({ id }) => revokeSession(flow, id, "revoked_by_wechat", requestId, userId)))
  if (kind === "user_authorization_revoke" && message.revokeInfo.includes(phoneNumber))
    await unbindPhone(flow, { userId, only: { appid, verifiedUntil: before }, actor: "wechat", requestId })
  if (kind === "user_authorization_cancellation" && !cameBack)
    await dropIdentity(flow, { userId, appid, openid }, requestId)
  return userId
}

/** What of a profile is to go: all where WeChat has cleaned it, else what the person has withdrawn. */
function fieldsTakenBy(message: UserPush): ("nickname" | "avatarUrl")[] {
  if (message.kind === "user_info_modified") return ["nickname", "avatarUrl"]
  if (message.kind !== "user_authorization_revoke") return []
  return [...new Set(message.revokeInfo.flatMap(number => withdrawnFields[number] ?? []))]
}

/** The WeChat account is gone: nobody can log in by it any more. Who had no other way in leaves. */
async function dropIdentity(
  flow: FlowContext,
  { userId, appid, openid }: Pick<OwnedIdentity, "userId" | "appid" | "openid">,
  requestId: string,
): Promise<void> {
  const { store, clock, random } = flow
  const now = clock()
  const id = newId(random)
  // An app may be missing from the configuration for a while: that must not have anybody erased who has an identity in it.
  const { appids: _, ...ways } = waysOn(flow)
  const outcome = await store.detachIdentity({ id, userId, appid, openid, actor: "wechat", ways, now })
  if (outcome.kind === "last") await beginLeaving(flow, userId, "wechat", requestId)
  if (outcome.kind !== "detached") return
  const { endedSessions: sessionIds } = outcome
  tellEnded(flow, { sessionIds, userId, reason: "revoked_by_wechat", requestId }, now)
}

/** Resolves as the work does, or rejects with `store_unavailable` before WeChat gives up waiting. */
export function inPushTime(work: () => Promise<void>): Promise<void> {
  return inTime(
    work,
    deadline,
    () => new DengluError("store_unavailable", { message: "a push took too long", retryAfter: 1 }),
  )
}
