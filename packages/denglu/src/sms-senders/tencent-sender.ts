import { sms } from "tencentcloud-sdk-nodejs-sms"
import { codeOf, needText, readEndpoint } from "./endpoint.ts"
import { type SendSms, SmsError, type SmsMessage } from "./sender.ts"

export interface TencentSenderOptions {
  /** Of an access key that may only send SMS. */
  readonly secretId: string
  readonly secretKey: string
  /** The application in the SMS console (SmsSdkAppId): `1400006666`. */
  readonly appId: string
  /** The signature (签名) that was approved, without 【】. Left out for templates that need none, outside mainland China. */
  readonly signName?: string
  /** The approved template's id; a function where countries or purposes have their own. */
  readonly template: string | ((message: SmsMessage) => string)
  /** What fills the template's places, in their order. Default is the digits alone. */
  readonly params?: (message: SmsMessage) => readonly string[]
  /** Default is `"ap-guangzhou"`. */
  readonly region?: string
  /** Where Tencent Cloud is. Default is `https://sms.tencentcloudapi.com`. */
  readonly endpoint?: string
}

/** Seconds in which Tencent Cloud must have answered. */
const deadline = 5

/**
 * Sends by Tencent Cloud (腾讯云短信), with its SDK: install `tencentcloud-sdk-nodejs-sms`.
 *
 * @throws TypeError for a wrong option
 * @example
 * ```ts
 * import type { SmsOptions } from "denglu"
 * import { tencentSender } from "denglu/sms-tencent"
 *
 * const sms: SmsOptions = {
 *   send: tencentSender({
 *     secretId: process.env.TENCENT_SECRET_ID ?? "",
 *     secretKey: process.env.TENCENT_SECRET_KEY ?? "",
 *     appId: "1400006666",
 *     signName: "示例商城",
 *     template: "1234567",
 *   }),
 * }
 * ```
 */
export function tencentSender(options: TencentSenderOptions): SendSms {
  const { template, params = ({ code }) => [code], region = "ap-guangzhou", signName } = options
  const { host, protocol } = readEndpoint(
    "tencentSender.endpoint",
    options.endpoint ?? "https://sms.tencentcloudapi.com",
  )
  const appId = needText("tencentSender.appId", options.appId)
  if (typeof template !== "function") needText("tencentSender.template", template)
  const client = new sms.v20210111.Client({
    credential: {
      secretId: needText("tencentSender.secretId", options.secretId),
      secretKey: needText("tencentSender.secretKey", options.secretKey),
    },
    region,
    profile: { httpProfile: { endpoint: host, protocol: `${protocol}://`, reqTimeout: deadline } },
  })
  return async (message, signal) => {
    const request = {
      PhoneNumberSet: [message.phone],
      SmsSdkAppId: appId,
      TemplateId: typeof template === "function" ? template(message) : template,
      TemplateParamSet: [...params(message)],
      ...(signName === undefined ? {} : { SignName: signName }),
    }
    const answer = await client.request("SendSms", request, { signal }).catch((error: unknown) => {
      throw new SmsError(codeOf(error))
    })
    const status = (answer as Partial<SendSmsAnswer>).SendStatusSet?.[0]?.Code
    if (status !== "Ok") throw new SmsError(status ?? "no_status")
  }
}

/** What is looked at of the answer: the call may succeed and the number be refused. */
interface SendSmsAnswer {
  readonly SendStatusSet: readonly { readonly Code: string }[]
}
