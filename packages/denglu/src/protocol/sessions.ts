import { type Static, Type } from "typebox"

/** `GET /me/sessions`: where the user is logged in, the latest first. */
export const SessionsReply = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      appid: Type.String(),
      current: Type.Boolean({ description: "The session that asks" }),
      user_agent: Type.String(),
      device: Type.Union([Type.String(), Type.Null()], {
        description:
          "What the person may recognise it by, as `Chrome on Windows, by scanning`; by Accept-Language in Chinese",
      }),
      opened_by: Type.Enum(["code", "scan", "password", "sms"], {
        description: "By a code of wx.login(), or by scanning a code in another browser",
      }),
      created_at: Type.String({ format: "date-time" }),
      last_active_at: Type.String({ format: "date-time", description: "When it was last refreshed" }),
      expires_at: Type.String({ format: "date-time", description: "When it ends if it is not refreshed" }),
    }),
  ),
})
export type SessionsReply = Static<typeof SessionsReply>
