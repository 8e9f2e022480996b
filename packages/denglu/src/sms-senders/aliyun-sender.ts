import { createRequire } from "node:module"
import { codeOf, needText, readEndpoint } from "./endpoint.ts"
import { type SendSms, SmsError, type SmsMessage } from "./sender.ts"

export interface AliyunSenderOptions {
  /** Of an access key that may only send SMS. */
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** The signature (签名) that was approved, without 【】. */
  readonly signName: string
  /** The approved template's code, `SMS_123456789`; a function where countries or purposes have their own. */
  readonly template: string | ((message: SmsMessage) => string)
  /** What fills the template's places, by their names. Default is the digits as `code`. */
  readonly params?: (message: SmsMessage) => Readonly<Record<string, string>>
  /** Where Alibaba Cloud is. Default is `https://dysmsapi.aliyuncs.com`. */
  readonly endpoint?: string
}

/** CommonJS, whose default export Node and bundlers read differently: taken as it is, it is the same everywhere. */
const aliyun = createRequire(import.meta.url)(
  "@alicloud/dysmsapi20170525",
) as typeof import("@alicloud/dysmsapi20170525")

/** Milliseconds in which Alibaba Cloud must have answered, and the connection must be there. */
const deadlines = { readTimeout: 4_000, connectTimeout: 2_000 }

/**
 * Sends by Alibaba Cloud (阿里云短信), with its SDK: install `@alicloud/dysmsapi20170525`.
 *
 * @throws TypeError for a wrong option
 * @example
 * ```ts
 * import type { SmsOptions } from "denglu"
 * import { aliyunSender } from "denglu/sms-aliyun"
 *
 * const sms: SmsOptions = {
 *   send: aliyunSender({
 *     accessKeyId: process.env.ALIYUN_ACCESS_KEY_ID ?? "",
 *     accessKeySecret: process.env.ALIYUN_ACCESS_KEY_SECRET ?? "",
 *     signName: "示例商城",
 *     template: "SMS_123456789",
 *   }),
 * }
 * ```
 */
export function aliyunSender(options: AliyunSenderOptions): SendSms {
  const { template, params = ({ code }) => ({ code }) } = options
  const { host, protocol } = readEndpoint(
    "aliyunSender.endpoint",
    options.endpoint ?? "https://dysmsapi.aliyuncs.com",
  )
  const signName = needText("aliyunSender.signName", options.signName)
  if (typeof template !== "function") needText("aliyunSender.template", template)
  const Client = aliyun.default
  // Its class `Config` comes from a package that isn't ours to depend on; the client only reads the fields.
  const config = {
    accessKeyId: needText("aliyunSender.accessKeyId", options.accessKeyId),
    accessKeySecret: needText("aliyunSender.accessKeySecret", options.accessKeySecret),
    endpoint: host,
    protocol,
    ...deadlines,
  } as ConstructorParameters<typeof Client>[0]
  const client = new Client(config)
  return async message => {
    const request = new aliyun.SendSmsRequest({
      // As Alibaba Cloud writes numbers: without + and, at home, without country code.
      phoneNumbers: message.countryCode === "86" ? message.nationalNumber : message.phone.slice(1),
      signName,
      templateCode: typeof template === "function" ? template(message) : template,
      templateParam: JSON.stringify(params(message)),
    })
    const answer = await client.sendSms(request).catch((error: unknown) => {
      throw new SmsError(codeOf(error))
    })
    const status = answer.body?.code
    if (status !== "OK") throw new SmsError(status ?? "no_status")
  }
}
