import { Type } from "typebox"
import { browserName, type Language } from "../../login/browser-name.ts"
import { revokeOwnSession } from "../../login/end-sessions.ts"
import type { FlowContext } from "../../login/flows.ts"
import { SessionsReply } from "../../protocol/sessions.ts"
import { ChangeProfileRequest, UserReply } from "../../protocol/user.ts"
import type { Session, SessionWay, UserProfile } from "../../store/store.ts"
import { changeProfile, readProfile } from "../../user/profile.ts"
import { InvalidRequestError, preferredLanguage } from "../problem.ts"
import type { Bilingual } from "../problem-entry.ts"
import { type Call, route } from "../route.ts"
import { isoTime } from "./iso-time.ts"
import { phoneReply } from "./phone.ts"

export const meRoute = route({
  method: "GET",
  path: "/me",
  summary: "The user who asks",
  auth: true,
  reply: UserReply,
  async handle({ flow, user: { userId } }) {
    return userReply(flow, await readProfile(flow, userId))
  },
})

const changeMe = {
  path: "/me",
  auth: true,
  body: ChangeProfileRequest,
  reply: UserReply,
  async handle({ flow, user, body, requestId }: Call<ChangeProfileRequest>) {
    const change = {
      ...(body.nickname === undefined ? {} : { nickname: body.nickname }),
      ...(body.avatar_url === undefined ? {} : { avatarUrl: body.avatar_url }),
    }
    if (Object.keys(change).length === 0)
      throw new InvalidRequestError([{ pointer: "", detail: "give nickname, avatar_url or both" }])
    const changed = await changeProfile(flow, user.userId, change, requestId)
    return userReply(flow, changed)
  },
} as const

export const changeMeRoute = route({ method: "PATCH", summary: "Change nickname or avatar", ...changeMe })

/** `wx.request` knows no PATCH. */
export const changeMeByPostRoute = route({
  method: "POST",
  summary: "Change nickname or avatar, for clients without PATCH such as wx.request",
  ...changeMe,
})

export const sessionsRoute = route({
  method: "GET",
  path: "/me/sessions",
  summary: "Where the user is logged in",
  auth: true,
  reply: SessionsReply,
  async handle({ flow, user, header }) {
    const language = preferredLanguage(header("accept-language"))
    const sessions = await flow.store.listSessions(user.userId, flow.clock())
    return {
      sessions: sessions.map(session => ({
        id: session.id,
        appid: session.appid,
        current: session.id === user.sessionId,
        user_agent: session.userAgent,
        device: deviceOf(session, language),
        opened_by: session.openedBy,
        created_at: isoTime(session.createdAt),
        last_active_at: isoTime(session.rotatedAt),
        expires_at: isoTime(Math.min(session.idleExpiresAt, session.absoluteExpiresAt)),
      })),
    }
  },
})

export const endSessionRoute = route({
  method: "DELETE",
  path: "/me/sessions/:id",
  summary: "End one of the user's sessions",
  auth: true,
  reply: Type.Undefined(),
  async handle({ flow, user, params, requestId }) {
    await revokeOwnSession(
      flow,
      { userId: user.userId, sessionId: user.sessionId, requestId },
      params.id ?? "",
    )
    return { status: 204, body: undefined }
  },
})

const ways: Readonly<Partial<Record<SessionWay, Bilingual>>> = {
  scan: { zh: "扫码登录", en: "by scanning" },
  password: { zh: "密码登录", en: "by password" },
}

/** What the person may recognise the session by. */
function deviceOf({ userAgent, openedBy }: Session, language: Language): string | null {
  const name = browserName(userAgent, language)
  const way = ways[openedBy]?.[language]
  if (way === undefined) return name
  if (name === null) return language === "zh" ? way : `${way.charAt(0).toUpperCase()}${way.slice(1)}`
  return language === "zh" ? `${name}，${way}` : `${name}, ${way}`
}

export async function userReply({ store, passwords }: FlowContext, user: UserProfile): Promise<UserReply> {
  const { id: userId } = user
  const [phone, password] = await Promise.all([
    store.findPhone(userId),
    passwords && store.findPassword({ userId }),
  ])
  return {
    id: user.id,
    nickname: user.nickname,
    avatar_url: user.avatarUrl,
    created_at: isoTime(user.createdAt),
    updated_at: isoTime(user.updatedAt),
    phone: phone === undefined ? null : phoneReply(phone),
    account: password?.account ?? null,
    has_password: password !== undefined,
  }
}
