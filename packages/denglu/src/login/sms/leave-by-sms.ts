import { DengluError } from "../../errors.ts"
import type { VerifiedToken } from "../../session/verified-token.ts"
import type { FlowContext } from "../flows.ts"
import { leaveProved } from "../leave.ts"
import { typedDigits } from "./digits.ts"
import { smsOptions } from "./sms-options-of.ts"

/**
 * Deletes the account of whoever asks (注销), as `leave` does, for who has no WeChat at hand: the digits went to the number that is theirs.
 *
 * Answers until when (ms since 1970) a login can restore it.
 *
 * @throws DengluError `sms_code_invalid`, also if the number is not the asker's; `session_revoked`; `not_found` where SMS is off
 */
export async function leaveBySms(
  flow: FlowContext,
  { userId }: Pick<VerifiedToken, "userId">,
  sent: { readonly smsId: string; readonly code: string },
  requestId: string,
): Promise<number> {
  smsOptions(flow)
  if (!(await flow.store.proveBySms({ ...typedDigits(flow, sent, "leave"), userId })))
    throw new DengluError("sms_code_invalid", { pointer: "/code" })
  return leaveProved(flow, userId, requestId)
}
