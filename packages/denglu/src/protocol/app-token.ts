import { type Static, Type } from "typebox"

/** `POST /wechat/access-token`: borrow a mini program's `access_token`. */
export const AppTokenRequest = Type.Object(
  {
    appid: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: "Which mini program; may be left out where the borrower may borrow of one only",
      }),
    ),
    refused: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description:
          "The token that WeChat refused with 40001, 40014 or 42001; another is fetched, once for all",
      }),
    ),
  },
  { additionalProperties: false },
)
export type AppTokenRequest = Static<typeof AppTokenRequest>

export const AppTokenReply = Type.Object({
  appid: Type.String(),
  access_token: Type.String({ description: "For calls to api.weixin.qq.com" }),
  expires_in: Type.Integer({ description: "Seconds. Ask again before; keep it in memory only" }),
})
export type AppTokenReply = Static<typeof AppTokenReply>
