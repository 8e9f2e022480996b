import { type Static, Type } from "typebox"

/** `GET /me/identities`: by what the user can log in, in the order in which it came. */
export const IdentitiesReply = Type.Object({
  identities: Type.Array(
    Type.Object({
      id: Type.String({ description: "Names it to DELETE /me/identities/{id}; says nothing of the openid" }),
      appid: Type.String(),
      kind: Type.Union(
        [
          Type.Literal("mini_program"),
          Type.Literal("website"),
          Type.Literal("official_account"),
          Type.Null(),
        ],
        { description: "null: the app is not configured here any more" },
      ),
      current: Type.Boolean({ description: "The session that asks was opened by it" }),
      created_at: Type.String({ format: "date-time" }),
    }),
  ),
})
export type IdentitiesReply = Static<typeof IdentitiesReply>

/** `POST /me/identities`; answers an `IdentitiesReply`. */
export const AttachIdentityRequest = Type.Object({
  code: Type.String({
    minLength: 1,
    maxLength: 128,
    description: "A code of the identity that is to be attached, as for POST /login",
  }),
  appid: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: "Which app the code is from; needed where several are configured",
    }),
  ),
})
export type AttachIdentityRequest = Static<typeof AttachIdentityRequest>
