import { Type } from "typebox"
import type { SentPhone } from "../../login/bind-phone.ts"
import { bindBySms } from "../../login/sms/bind-by-sms.ts"
import { unbindPhone } from "../../login/unbind-phone.ts"
import { BindPhoneRequest, PhoneReply } from "../../protocol/phone.ts"
import type { Phone } from "../../store/phone-store.ts"
import { nationalNumber } from "../../user/phone-number.ts"
import { InvalidRequestError } from "../problem.ts"
import { route } from "../route.ts"
import { isoTime } from "./iso-time.ts"

export const bindPhoneRoute = route({
  method: "POST",
  path: "/me/phone",
  summary:
    "Make the number behind the code of a phone-number button, or behind the digits of an SMS, the user's",
  auth: true,
  body: BindPhoneRequest,
  reply: PhoneReply,
  async handle({ flow, bindPhone, user, body, requestId }) {
    const { sessionId: id, userId, appid } = user
    const session = { id, userId, appid }
    const { sms_id: smsId, code, ...more } = body
    if (smsId === undefined) return phoneReply(await bindPhone(session, sentPhone(body), requestId))
    if (code === undefined || !sixDigits.test(code) || Object.keys(more).length > 0)
      throw new InvalidRequestError([{ pointer: "/code", detail: "beside sms_id give the six digits alone" }])
    return phoneReply(await bindBySms(flow, session, { smsId, code }, requestId))
  },
})

export const unbindPhoneRoute = route({
  method: "DELETE",
  path: "/me/phone",
  summary: "Remove the user's phone number",
  auth: true,
  reply: Type.Undefined(),
  async handle({ flow, user, requestId }) {
    await unbindPhone(flow, { userId: user.userId, actor: "user", requestId })
    return { status: 204, body: undefined }
  },
})

export function phoneReply(phone: Phone): PhoneReply {
  return {
    number: phone.phone,
    country_code: phone.countryCode,
    national_number: nationalNumber(phone),
    verified_at: isoTime(phone.verifiedAt),
  }
}

const sixDigits = /^[0-9]{6}$/

/** Either of the two that WeChat gives. */
function sentPhone({ code, encrypted_data, iv }: BindPhoneRequest): SentPhone {
  if (code !== undefined && encrypted_data === undefined && iv === undefined) return { code }
  if (code === undefined && encrypted_data !== undefined && iv !== undefined)
    return { encryptedData: encrypted_data, iv }
  throw new InvalidRequestError([
    { pointer: "", detail: "give code, or sms_id and code, or encrypted_data and iv" },
  ])
}
