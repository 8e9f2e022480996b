import type { Caller, WeChatRequest } from "../caller.ts"
import { badReply } from "../wechat-error.ts"

export interface PhoneNumber {
  /** With `+` and country code if it is not a mainland number. */
  readonly phoneNumber: string
  readonly purePhoneNumber: string
  readonly countryCode: string
  /** Seconds since 1970. */
  readonly timestamp: number
}

export interface PhoneCode {
  /** What `<button open-type="getPhoneNumber">` gave the page: five minutes, once. */
  readonly code: string
  /** The session's. With it WeChat refuses the code of somebody else. */
  readonly openid: string
}

const endpoint = "getuserphonenumber"

/** `POST /wxa/business/getuserphonenumber`. The code passes once, so only "busy" allows to send it again. */
function getuserphonenumberRequest(accessToken: string, { code, openid }: PhoneCode): WeChatRequest {
  return {
    endpoint,
    method: "POST",
    path: "/wxa/business/getuserphonenumber",
    query: { access_token: accessToken },
    json: { code, openid },
    retry: "busy",
  }
}

/** Reads a successful answer; it must be for this appid. @throws WeChatError `bad_reply` */
export function readGetuserphonenumber(
  json: Readonly<Record<string, unknown>> | undefined,
  appid: string,
): PhoneNumber {
  const { phoneNumber, purePhoneNumber, countryCode, watermark } = fields(json?.phone_info)
  const { appid: markedAppid, timestamp } = fields(watermark)
  if (markedAppid !== appid) throw badReply(endpoint, "the answer is not for this app")
  if (!isNumber(phoneNumber) || !isNumber(purePhoneNumber))
    throw badReply(endpoint, "the answer has no phone number")
  // The table says text, the sample shows a number.
  const country = String(countryCode)
  if (!/^\d{1,4}$/.test(country) || typeof timestamp !== "number" || !Number.isSafeInteger(timestamp))
    throw badReply(endpoint, "the answer has a misshapen country code or time")
  return { phoneNumber, purePhoneNumber, countryCode: country, timestamp }
}

/** Asks for the phone number behind a code. @throws WeChatError */
export async function getuserphonenumber(
  caller: Caller,
  accessToken: string,
  appid: string,
  phoneCode: PhoneCode,
): Promise<PhoneNumber> {
  const { json } = await caller.call(getuserphonenumberRequest(accessToken, phoneCode))
  return readGetuserphonenumber(json, appid)
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}

function isNumber(value: unknown): value is string {
  return typeof value === "string" && /^\+?\d{4,20}$/.test(value)
}
