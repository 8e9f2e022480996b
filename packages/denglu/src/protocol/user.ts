import { type Static, Type } from "typebox"
import { PhoneReply } from "./phone.ts"

const profile = {
  id: Type.String({ description: "26 characters of 0-9a-v; stays the same for good" }),
  nickname: Type.Union([Type.String(), Type.Null()]),
  avatar_url: Type.Union([Type.String(), Type.Null()]),
  created_at: Type.String({ format: "date-time" }),
}

/** The user, as the user sees it. */
export const UserReply = Type.Object({
  ...profile,
  updated_at: Type.String({ format: "date-time" }),
  phone: Type.Union([PhoneReply, Type.Null()], { description: "In full: it is theirs" }),
  account: Type.Union([Type.String(), Type.Null()], {
    description: "The name they log in by, with a password",
  }),
  has_password: Type.Boolean(),
})
export type UserReply = Static<typeof UserReply>

/** The user as a login answers it. */
export const LoggedInUser = Type.Object({
  ...profile,
  is_new: Type.Boolean({ description: "This very login created the user" }),
})
export type LoggedInUser = Static<typeof LoggedInUser>

/** `PATCH /me`: fields left out stay as they are; `null` or an empty text clears one. */
export const ChangeProfileRequest = Type.Object(
  {
    nickname: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
    avatar_url: Type.Optional(
      Type.Union([Type.String({ maxLength: 512, pattern: "^(https?://[^\\s\"'<>\\\\]+)?$" }), Type.Null()], {
        description:
          "An https address of an origin in avatarOrigins, or one that POST /me/avatar has answered; WeChat's temporary file paths mean nothing elsewhere",
      }),
    ),
  },
  { minProperties: 1 },
)
export type ChangeProfileRequest = Static<typeof ChangeProfileRequest>
