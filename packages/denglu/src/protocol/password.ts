import { type Static, Type } from "typebox"

const account = Type.String({
  minLength: 1,
  maxLength: 128,
  description: "The account name, or a phone number: +8613800138000, or without + for mainland China",
})
const name = Type.String({
  minLength: 1,
  maxLength: 128,
  description:
    "3 to 64 Latin letters, Chinese characters, digits or . _ - @; a letter or Chinese character first. Upper and lower case are the same",
})
const present = Type.String({ minLength: 1, maxLength: 512 })
const chosen = Type.String({
  minLength: 1,
  maxLength: 512,
  description: "8 to 128 characters of any kind; none of the passwords that are tried first",
})
const code = Type.String({
  minLength: 1,
  maxLength: 128,
  description: "A fresh code of wx.login(); with `sms_id` the digits of the purpose `reset`",
})
const smsId = Type.String({ minLength: 1, maxLength: 64, description: "From POST /sms" })
const appid = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "Which app the code is from; needed where several are configured",
})

/** `POST /login/password` */
export const PasswordLogInRequest = Type.Object({
  account,
  password: present,
  restore: Type.Optional(
    Type.Boolean({
      description: "The person wants back the account they have deleted: only if they just said so",
    }),
  ),
})

/** `POST /register` */
export const RegisterRequest = Type.Object({ account: name, password: chosen })

/** `POST /me/password` */
export const ChangePasswordRequest = Type.Object({
  account: Type.Optional(name),
  password: chosen,
  current_password: Type.Optional(present),
  code: Type.Optional(code),
  appid: Type.Optional(appid),
  sms_id: Type.Optional(smsId),
})

/** `POST /password/reset` */
export const ResetPasswordRequest = Type.Object({
  code,
  appid: Type.Optional(appid),
  sms_id: Type.Optional(smsId),
  password: chosen,
  account: Type.Optional(name),
})

export const PasswordChangedReply = Type.Object({
  revoked_sessions: Type.Integer({ description: "How many sessions of the user it has ended" }),
})
export type PasswordChangedReply = Static<typeof PasswordChangedReply>
