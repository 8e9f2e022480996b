import { type Static, Type } from "typebox"

/** `GET /login/ways`: how people can log in on web pages here. */
export const WaysReply = Type.Object({
  ways: Type.Array(Type.Enum(["scan", "sms", "password"])),
  registration: Type.Boolean({ description: "Whether `POST /register` makes accounts" }),
})
export type WaysReply = Static<typeof WaysReply>
