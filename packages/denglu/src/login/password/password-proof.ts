import { DengluError } from "../../errors.ts"
import type { FlowContext } from "../flows.ts"
import { type CodeProof, ownerOfCode } from "../owner-of-code.ts"
import { typedDigits } from "../sms/digits.ts"
import { smsOptions } from "../sms/sms-options-of.ts"

/** What proves who somebody is, beside a password. */
export type PasswordProof = CodeProof | SmsProof

/** Digits of purpose `reset`. */
interface SmsProof {
  readonly smsId: string
  readonly code: string
}

/**
 * Whose proof it is; `undefined` if that person is no user.
 *
 * @param appid the app that a code is from, where nothing else is said
 * @throws DengluError `sms_code_invalid`, `phone_unconfirmed`; what a login throws for its code; `not_found` for digits where SMS is off
 */
export async function ownerOfProof(
  flow: FlowContext,
  proof: PasswordProof,
  requestId: string,
  appid?: string,
): Promise<string | undefined> {
  if ("smsId" in proof) return ownerOfDigits(flow, proof)
  return ownerOfCode(flow, { ...proof, appid: proof.appid ?? appid }, requestId)
}

async function ownerOfDigits(flow: FlowContext, proof: SmsProof): Promise<string | undefined> {
  const trustedSince = flow.clock() - smsOptions(flow).trustPhoneFor * 1000
  const outcome = await flow.store.findOwnerBySms({ ...typedDigits(flow, proof, "reset"), trustedSince })
  if (outcome.kind === "invalid") throw new DengluError("sms_code_invalid", { pointer: "/code" })
  if (outcome.kind === "untrusted") throw new DengluError("phone_unconfirmed")
  return outcome.kind === "proved" ? outcome.userId : undefined
}
