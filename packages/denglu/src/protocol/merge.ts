import { type Static, Type } from "typebox"

/** `POST /me/merge`: exactly one of `refresh_token` and `code`, and exactly one of `preview` and `confirm`. */
export const MergeRequest = Type.Object({
  refresh_token: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: "The other account's present refresh token" }),
  ),
  code: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: "Or a fresh code of an identity of the other account, as for POST /login",
    }),
  ),
  appid: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: "Which app the code is from; needed where several are configured",
    }),
  ),
  preview: Type.Optional(Type.Literal(true, { description: "Only say what would happen" })),
  confirm: Type.Optional(Type.Literal(true, { description: "Merge" })),
  drop_phone: Type.Optional(
    Type.Boolean({
      description: "Whether the other account's phone number may go where both have one; default: no",
    }),
  ),
})
export type MergeRequest = Static<typeof MergeRequest>

/** The two accounts, and what moves from the other one to that of the asker. */
export const MergeReply = Type.Object({
  merged: Type.Boolean({ description: "false: this was a preview" }),
  merge_id: Type.Optional(Type.String({ description: "By which an operator can undo it, within 30 days" })),
  user_id: Type.String({ description: "The asker, who stays" }),
  other_user_id: Type.String({ description: "The account that becomes part of the asker's" }),
  preview: Type.Optional(
    Type.Object({
      nickname: Type.Union([Type.String(), Type.Null()]),
      avatar_url: Type.Union([Type.String(), Type.Null()]),
      created_at: Type.String({ format: "date-time" }),
      appids: Type.Array(Type.String(), { description: "The apps whose identities move" }),
      sessions: Type.Integer({ description: "Sessions of the other account that would end" }),
      moves_phone: Type.Boolean({ description: "Its phone number would be the asker's" }),
      drops_phone: Type.Boolean({ description: "Its phone number would go: confirming needs drop_phone" }),
      refusal: Type.Union([Type.String(), Type.Null()], {
        description: "Why it would be refused: same, merged or leaving",
      }),
    }),
  ),
})
export type MergeReply = Static<typeof MergeReply>
