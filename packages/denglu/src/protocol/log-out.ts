import { type Static, Type } from "typebox"

/** `POST /logout`; the body may be left out. */
export const LogOutRequest = Type.Object({
  everywhere: Type.Optional(Type.Boolean({ description: "End all sessions of the user, not only this one" })),
})
export type LogOutRequest = Static<typeof LogOutRequest>

export const LogOutReply = Type.Object({
  revoked_sessions: Type.Integer({ description: "How many sessions this call ended" }),
})
export type LogOutReply = Static<typeof LogOutReply>
