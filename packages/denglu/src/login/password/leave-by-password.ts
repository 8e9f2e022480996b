import { DengluError } from "../../errors.ts"
import type { VerifiedToken } from "../../session/verified-token.ts"
import type { FlowContext } from "../flows.ts"
import { leaveProved } from "../leave.ts"
import { proveByPassword } from "./change-password.ts"
import { passwordParts } from "./password-parts.ts"

/**
 * Deletes the account of whoever asks (注销), as `leave` does, for who has neither WeChat nor a phone number here.
 *
 * Answers until when (ms since 1970) a login can restore it.
 *
 * @throws DengluError `credentials_invalid`, also where there is no password; `rate_limited`, `overloaded`, `session_revoked`; `not_found` where
 *   passwords are off
 */
export async function leaveByPassword(
  flow: FlowContext,
  { userId }: Pick<VerifiedToken, "userId">,
  password: string,
  requestId: string,
): Promise<number> {
  passwordParts(flow)
  const present = await flow.store.findPassword({ userId })
  if (present === undefined) throw new DengluError("credentials_invalid", { pointer: "/password" })
  await proveByPassword(flow, userId, present, password, "/password")
  return leaveProved(flow, userId, requestId)
}
