import { DengluError } from "../../errors.ts"
import type { SettledSms } from "../../sms-options.ts"
import type { FlowContext } from "../flows.ts"

/** The options of SMS. @throws DengluError `not_found` where there are none */
export function smsOptions({ options: { sms } }: FlowContext): SettledSms {
  if (sms === undefined) throw new DengluError("not_found")
  return sms
}
