import { type Static, Type } from "typebox"

/** `POST /refresh`; answers a `TokenReply`. */
export const RefreshRequest = Type.Object({
  refresh_token: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: "May be left out only with Denglu-Session: cookie, where the cookie has it",
    }),
  ),
})
export type RefreshRequest = Static<typeof RefreshRequest>
