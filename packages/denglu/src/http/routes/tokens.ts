import { logOut } from "../../login/end-sessions.ts"
import type { IssuedTokens } from "../../login/issue-tokens.ts"
import { refresh } from "../../login/refresh.ts"
import { IssuedReply, LogInRequest, type TokenReply } from "../../protocol/log-in.ts"
import { LogOutReply, LogOutRequest } from "../../protocol/log-out.ts"
import { RefreshRequest } from "../../protocol/refresh.ts"
import { InvalidRequestError } from "../problem.ts"
import { route } from "../route.ts"
import { isoTime } from "./iso-time.ts"

export const logInRoute = route({
  method: "POST",
  path: "/login",
  summary: "Log in with the one-time code of wx.login()",
  auth: false,
  sheddable: true,
  issuesTokens: true,
  body: LogInRequest,
  reply: IssuedReply,
  async handle({ logIn, body, limit, userAgent, requestId }) {
    await limit.login()
    const { code, appid } = body
    return tokenReply(await logIn({ code, appid, userAgent, requestId, admit: limit.loginOfApp }))
  },
})

export const refreshRoute = route({
  method: "POST",
  path: "/refresh",
  summary: "Trade a refresh token for its successor and a new access token",
  auth: false,
  sheddable: true,
  issuesTokens: true,
  body: RefreshRequest,
  bodyOptional: true,
  reply: IssuedReply,
  async handle({ flow, body, limit, refreshCookie, requestId }) {
    const refreshToken = body.refresh_token ?? refreshCookie()
    if (refreshToken === undefined)
      throw new InvalidRequestError([{ pointer: "/refresh_token", detail: "is missing" }])
    await limit.refresh()
    return tokenReply(await refresh(flow, { refreshToken, requestId }))
  },
})

export const logOutRoute = route({
  method: "POST",
  path: "/logout",
  summary: "End this session, or all sessions of the user",
  auth: true,
  endsSession: true,
  body: LogOutRequest,
  bodyOptional: true,
  reply: LogOutReply,
  async handle({ flow, user, body, requestId }) {
    const asker = { userId: user.userId, sessionId: user.sessionId, requestId }
    return { revoked_sessions: await logOut(flow, asker, body.everywhere === true) }
  },
})

function tokenReply({ user, session, ...issued }: IssuedTokens): TokenReply {
  return {
    token_type: "Bearer",
    access_token: issued.accessToken,
    expires_in: issued.expiresIn,
    refresh_token: issued.refreshToken,
    refresh_expires_in: issued.refreshExpiresIn,
    session_id: session.id,
    user: {
      id: user.id,
      nickname: user.nickname,
      avatar_url: user.avatarUrl,
      created_at: isoTime(user.createdAt),
      is_new: issued.isNew,
    },
  }
}
