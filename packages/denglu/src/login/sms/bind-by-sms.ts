import { DengluError } from "../../errors.ts"
import { newId } from "../../random.ts"
import type { Phone } from "../../store/phone-store.ts"
import { maskedPhone } from "../../user/phone-number.ts"
import type { PhoneSession } from "../bind-phone.ts"
import type { FlowContext } from "../flows.ts"
import { requireRecentLogin } from "../recent-login.ts"
import { tellBound } from "../tell-bound.ts"
import { digestOfId, typedDigits } from "./digits.ts"
import { smsOptions } from "./sms-options-of.ts"

/**
 * Makes the number behind digits the user's, who has asked for them. From then on it is a way in for them.
 *
 * @throws DengluError `sms_code_invalid`, `phone_taken`, `login_not_recent`, `session_revoked`; `not_found` where SMS is off
 */
export async function bindBySms(
  flow: FlowContext,
  { id: sessionId, userId, appid }: PhoneSession,
  sent: { readonly smsId: string; readonly code: string },
  requestId: string,
): Promise<Phone> {
  smsOptions(flow)
  await requireRecentLogin(flow, { sessionId, userId }, true)
  const { store, random, events } = flow
  const typed = typedDigits(flow, sent, "bind")
  const proof = digestOfId(sent.smsId)
  const outcome = await store.bindPhoneBySms({ ...typed, userId, sessionId, proof, eventId: newId(random) })
  if (outcome.kind === "invalid" || outcome.kind === "gone" || outcome.kind === "taken") {
    const code = ({ invalid: "sms_code_invalid", gone: "session_revoked", taken: "phone_taken" } as const)[
      outcome.kind
    ]
    events.emit("phone.refused", { userId, appid, code, requestId })
    throw new DengluError(code, outcome.kind === "invalid" ? { pointer: "/code" } : {})
  }
  const phone = { ...outcome.number, appid: "", verifiedAt: typed.now, smsVerifiedAt: typed.now, proof }
  tellBound(flow, { userId, appid, phone: maskedPhone(phone), outcome, requestId }, typed.now)
  return phone
}
