import { type Static, Type } from "typebox"

/** `POST /refresh`; answers a `TokenReply`. */
export const RefreshRequest = Type.Object({
  refresh_token: Type.String({ minLength: 1, maxLength: 256 }),
})
export type RefreshRequest = Static<typeof RefreshRequest>
