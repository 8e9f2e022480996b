import { type Static, Type } from "typebox"

/** `DELETE /me` */
export const DeleteMeRequest = Type.Object({
  code: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description:
        "A fresh code of wx.login(), which shows that the person is there; with `sms_id` the six digits",
    }),
  ),
  password: Type.Optional(
    Type.String({ minLength: 1, maxLength: 512, description: "In place of a code: the user's present one" }),
  ),
  sms_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: "From POST /sms with the purpose `leave`, for the user's own number",
    }),
  ),
  appid: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: "Which app the code is from. Default is the one of the session",
    }),
  ),
})
export type DeleteMeRequest = Static<typeof DeleteMeRequest>

export const DeleteMeReply = Type.Object({
  restore_until: Type.String({
    format: "date-time",
    description: "Until then a login with restore brings the account back; afterwards it is erased",
  }),
})
export type DeleteMeReply = Static<typeof DeleteMeReply>

const time = Type.String({ format: "date-time" })
const timeOrNull = Type.Union([time, Type.Null()])
const textOrNull = Type.Union([Type.String(), Type.Null()])

const profile = {
  id: Type.String(),
  nickname: textOrNull,
  avatar_url: textOrNull,
  created_at: time,
  updated_at: time,
}

/** `GET /me/export`: everything that is held of the user, but for secrets. */
export const MyDataReply = Type.Object({
  user: Type.Object({ ...profile, leaves_at: timeOrNull }),
  identities: Type.Array(
    Type.Object({
      appid: Type.String(),
      openid: Type.String(),
      unionid: textOrNull,
      open_platform: Type.String(),
      created_at: time,
    }),
  ),
  phone: Type.Union([
    Type.Object({
      phone_number: Type.String(),
      country_code: Type.String(),
      appid: Type.String(),
      verified_at: time,
      sms_verified_at: timeOrNull,
    }),
    Type.Null(),
  ]),
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      appid: Type.String(),
      openid: textOrNull,
      user_agent: Type.String(),
      created_at: time,
      last_active_at: time,
      expires_at: time,
      ended_at: timeOrNull,
      ended_by: textOrNull,
    }),
  ),
  sms: Type.Array(
    Type.Object({ phone_number: Type.String(), purpose: Type.String(), sent_at: time, used_at: timeOrNull }),
  ),
  merges: Type.Array(
    Type.Object({
      id: Type.String(),
      survivor_id: Type.String(),
      absorbed_id: Type.String(),
      at: time,
      undone_at: timeOrNull,
    }),
  ),
  merged_users: Type.Array(Type.Object(profile)),
  events: Type.Array(
    Type.Object({
      at: time,
      type: Type.String(),
      user_id: Type.String(),
      session_id: Type.Optional(Type.String()),
      appid: Type.Optional(Type.String()),
      actor: Type.String(),
      detail: Type.Optional(Type.Unknown()),
    }),
  ),
})
export type MyDataReply = Static<typeof MyDataReply>
