import { type Static, Type } from "typebox"

/** `POST /sms` */
export const SmsRequest = Type.Object(
  {
    phone: Type.String({
      pattern: "^\\+?[0-9]{5,20}$",
      description: "E.164: +8613800138000; without + a number of mainland China: 13800138000",
    }),
    purpose: Type.Union(
      [Type.Literal("login"), Type.Literal("bind"), Type.Literal("reset"), Type.Literal("leave")],
      {
        description: "What the digits are to be good for; `bind` and `leave` need an access token",
      },
    ),
    challenge: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 8_192,
        description: "What the server's captcha asks for, if it has one",
      }),
    ),
  },
  { additionalProperties: false },
)
export type SmsRequest = Static<typeof SmsRequest>

export const SmsReply = Type.Object({
  sms_id: Type.String({ description: "Goes along with the digits: keep it, they are of no use without" }),
  expires_in: Type.Integer({ description: "Seconds for which the digits are good" }),
  retry_in: Type.Integer({ description: "Seconds until this number may be sent others" }),
})
export type SmsReply = Static<typeof SmsReply>

/** `sms_id` and `code`, as every route has them that takes digits. */
const smsId = Type.String({ minLength: 1, maxLength: 64, description: "From POST /sms" })
const smsCode = Type.String({ pattern: "^[0-9]{6}$", description: "The six digits" })

/** `POST /login/sms` */
export const SmsLogInRequest = Type.Object(
  {
    sms_id: smsId,
    code: smsCode,
    restore: Type.Optional(
      Type.Boolean({
        description: "The person wants back the account they have deleted: only if they just said so",
      }),
    ),
  },
  { additionalProperties: false },
)
export type SmsLogInRequest = Static<typeof SmsLogInRequest>
