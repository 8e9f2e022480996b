import { logOut } from "../../login/end-sessions.ts"
import { refresh } from "../../login/refresh.ts"
import { IssuedReply, LogInRequest } from "../../protocol/log-in.ts"
import { LogOutReply, LogOutRequest } from "../../protocol/log-out.ts"
import { RefreshRequest } from "../../protocol/refresh.ts"
import { InvalidRequestError } from "../problem.ts"
import { route } from "../route.ts"
import { tokenReply } from "./token-reply.ts"

export const logInRoute = route({
  method: "POST",
  path: "/login",
  summary: "Log in with the one-time code of wx.login(), or of a web page's login with WeChat",
  auth: false,
  sheddable: true,
  issuesTokens: true,
  body: LogInRequest,
  reply: IssuedReply,
  async handle({ logIn, body, limit, userAgent, requestId }) {
    await limit.login()
    const { code, appid, restore } = body
    return tokenReply(await logIn({ code, appid, restore, userAgent, requestId, admit: limit.loginOfApp }))
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
