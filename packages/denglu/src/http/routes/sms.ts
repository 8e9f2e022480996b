import { requireRecentLogin } from "../../login/recent-login.ts"
import { logInBySms } from "../../login/sms/log-in-by-sms.ts"
import { smsOptions } from "../../login/sms/sms-options-of.ts"
import { IssuedReply } from "../../protocol/log-in.ts"
import { SmsLogInRequest, SmsReply, SmsRequest } from "../../protocol/sms.ts"
import { addressBucket } from "../client-address.ts"
import { refuseForeignPages } from "../page-origin.ts"
import { route } from "../route.ts"
import { tokenReply } from "./token-reply.ts"

export const sendSmsRoute = route({
  method: "POST",
  path: "/sms",
  summary:
    "Have six digits sent to a phone number. The answer is the same whether anybody has that number or not",
  auth: false,
  sheddable: true,
  body: SmsRequest,
  reply: SmsReply,
  async handle(call) {
    const { flow, sendSms, signedIn, body, address, requestId } = call
    smsOptions(flow)
    refuseForeignPages(call)
    const { phone, purpose, challenge } = body
    const isOwn = purpose === "bind" || purpose === "leave"
    const asker = isOwn ? await signedIn() : undefined
    if (asker !== undefined && purpose === "bind") await requireRecentLogin(flow, asker, true)
    const userId = asker?.userId ?? null
    const counted = addressBucket(address)
    const sent = await sendSms({ phone, purpose, challenge, userId, address, counted, requestId })
    return { sms_id: sent.id, expires_in: sent.expiresIn, retry_in: sent.retryIn }
  },
})

export const smsLogInRoute = route({
  method: "POST",
  path: "/login/sms",
  summary: "Log in with the digits of an SMS",
  auth: false,
  sheddable: true,
  issuesTokens: true,
  body: SmsLogInRequest,
  reply: IssuedReply,
  async handle(call) {
    const { flow, body, limit, userAgent, requestId } = call
    smsOptions(flow)
    refuseForeignPages(call)
    await limit.login()
    const { sms_id: smsId, code, restore } = body
    return tokenReply(await logInBySms(flow, { smsId, code, restore, userAgent, requestId }))
  },
})
