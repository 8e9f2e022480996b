import { type Static, Type } from "typebox"
import { errorCodes } from "../errors.ts"

/** An error as it goes over the wire: `application/problem+json` (RFC 9457) with a stable `code` and a remedy. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: "urn:denglu:problem: and the code" }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    code: Type.Enum([...errorCodes]),
    remedy: Type.String({
      description: "What a developer can do about it, in English or Chinese by Accept-Language",
    }),
    retryable: Type.Boolean({ description: "Whether the same request may succeed later, unchanged" }),
    client_action: Type.Optional(
      Type.Enum(["new_code", "refresh", "relogin", "wait"], {
        description: "What a client should do: get a new code from wx.login, refresh, log in again, or wait",
      }),
    ),
    request_id: Type.String(),
    restore_until: Type.Optional(
      Type.String({
        format: "date-time",
        description: "With account_deleted: until when a login with restore brings the account back",
      }),
    ),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
  },
  { description: "RFC 9457 problem details" },
)

export type Problem = Static<typeof Problem>
