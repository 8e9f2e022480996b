import { type Static, Type } from "typebox"
import { LoggedInUser } from "./user.ts"

/** `POST /login` */
export const LogInRequest = Type.Object({
  code: Type.String({
    minLength: 1,
    maxLength: 128,
    description: "The one-time code of wx.login(), or the one in the URL to which WeChat sends a person back",
  }),
  appid: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: "Which app the code is from; needed where several are configured",
    }),
  ),
  restore: Type.Optional(
    Type.Boolean({
      description: "The person wants back the account they have deleted: only if they just said so",
    }),
  ),
})
export type LogInRequest = Static<typeof LogInRequest>

/** What a login and every refresh answer (RFC 6749, section 5.1, and the user). */
export const TokenReply = Type.Object({
  token_type: Type.Literal("Bearer"),
  access_token: Type.String(),
  expires_in: Type.Integer({ description: "Seconds" }),
  refresh_token: Type.String(),
  refresh_expires_in: Type.Integer({ description: "Seconds" }),
  session_id: Type.String(),
  user: LoggedInUser,
})
export type TokenReply = Static<typeof TokenReply>

/** The same where the tokens went into cookies (`Denglu-Session: cookie`). */
export const CookieReply = Type.Object({
  token_type: Type.Literal("Cookie"),
  expires_in: Type.Integer({ description: "Seconds" }),
  refresh_expires_in: Type.Integer({ description: "Seconds" }),
  session_id: Type.String(),
  user: LoggedInUser,
})
export type CookieReply = Static<typeof CookieReply>

/** What every route answers that issues tokens. */
export const IssuedReply = Type.Union([TokenReply, CookieReply])
