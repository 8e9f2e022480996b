import { DengluError } from "../../errors.ts"
import { newId } from "../../random.ts"
import type { FlowContext } from "../flows.ts"
import type { IssuedTokens } from "../issue-tokens.ts"
import { openByProof } from "../open-by-proof.ts"
import type { OpenInput } from "../open-session.ts"
import { digestOfId, typedDigits } from "./digits.ts"
import { smsOptions } from "./sms-options-of.ts"

export interface SmsLogInInput extends OpenInput {
  readonly smsId: string
  readonly code: string
}

/**
 * Logs in whoever has the digits, and asked for them: the user who has proved this number by SMS not too long ago, or a new one if it is nobody's. A
 * number alone opens nobody's account: carriers give it to somebody else after a while, and WeChat does not check in real time whose it is.
 *
 * @throws DengluError `sms_code_invalid`, `phone_unconfirmed`, `account_deleted`; `not_found` where SMS is off
 */
export async function logInBySms(flow: FlowContext, input: SmsLogInInput): Promise<IssuedTokens> {
  const { store, clock, random } = flow
  const { trustPhoneFor } = smsOptions(flow)
  return openByProof(flow, {
    ...input,
    open: entry =>
      store.logInBySms({
        ...entry,
        ...typedDigits(flow, input, "login"),
        newUserId: newId(random),
        proof: digestOfId(input.smsId),
        trustedSince: clock() - trustPhoneFor * 1000,
      }),
    refuse: ({ kind }) =>
      kind === "invalid"
        ? new DengluError("sms_code_invalid", { pointer: "/code" })
        : new DengluError("phone_unconfirmed"),
  })
}
