import { type SendSms, SmsError, type SmsMessage } from "denglu"
import { aliyunSender } from "denglu/sms-aliyun"
import { tencentSender } from "denglu/sms-tencent"
import { afterEach, describe, expect, test } from "vitest"
import { startSmsHarness } from "../support/sms-harness.ts"
import {
  type Carried,
  credentials,
  type SmsProvider,
  signName,
  startAliyun,
  startTencent,
} from "../support/sms-providers.ts"

const message: SmsMessage = {
  phone: "+8613800138000",
  countryCode: "86",
  nationalNumber: "13800138000",
  code: "493817",
  purpose: "login",
  expiresIn: 300,
}
const abroad: SmsMessage = {
  ...message,
  phone: "+85291234567",
  countryCode: "852",
  nationalNumber: "91234567",
}

interface Kind {
  readonly name: string
  readonly start: () => Promise<SmsProvider>
  /** The sender, with another secret or template if given. */
  readonly sender: (url: string, given?: { readonly secret?: string; readonly template?: string }) => SendSms
  /** How the provider writes the two numbers. */
  readonly numbers: readonly [string, string]
  readonly badSignature: string
  readonly badTemplate: string
  /** Sends the request to somebody else's phone. */
  readonly divert: (request: Carried) => void
}

const kinds: readonly Kind[] = [
  {
    name: "Tencent Cloud",
    start: startTencent,
    sender: (endpoint, { secret = credentials.secret, template = "1234567" } = {}) =>
      tencentSender({
        secretId: credentials.id,
        secretKey: secret,
        appId: "1400006666",
        signName,
        template: () => template,
        endpoint,
      }),
    numbers: ["+8613800138000", "+85291234567"],
    badSignature: "AuthFailure.SignatureFailure",
    badTemplate: "FailedOperation.SignatureIncorrectOrUnapproved",
    divert(request) {
      request.body = request.body.replace("13800138000", "13900139000")
    },
  },
  {
    name: "Alibaba Cloud",
    start: startAliyun,
    sender: (endpoint, { secret = credentials.secret, template = "SMS_123456789" } = {}) =>
      aliyunSender({
        accessKeyId: credentials.id,
        accessKeySecret: secret,
        signName,
        template: () => template,
        endpoint,
      }),
    numbers: ["13800138000", "85291234567"],
    badSignature: "SignatureDoesNotMatch",
    badTemplate: "isv.SMS_SIGNATURE_ILLEGAL",
    divert(request) {
      request.path = request.path.replace("13800138000", "13900139000")
    },
  },
]

describe.each(kinds)("$name", ({ start, sender, numbers, badSignature, badTemplate, divert }) => {
  let provider: SmsProvider
  afterEach(() => provider?.close())
  const signal = new AbortController().signal
  const codeOf = (send: SendSms) =>
    send(message, signal).then(
      () => "sent",
      error => (error instanceof SmsError ? error.code : error),
    )

  test("accepts what the SDK has signed, and sends the digits", async () => {
    provider = await start()
    const send = sender(provider.url)
    await send(message, signal)
    await send(abroad, signal)
    expect(provider.sent).toEqual(numbers.map(phone => ({ phone, text: "493817" })))
  })

  test("refuses what was altered on its way, signed by another key, or sent twice", async () => {
    provider = await start()
    const send = sender(provider.url)
    const alterations: ((request: Carried) => void)[] = [
      divert,
      request => {
        request.headers.host = "sms.evil.example"
      },
      request => {
        request.headers.authorization =
          request.headers.authorization?.replace(/.$/, end => (end === "0" ? "1" : "0")) ?? ""
      },
      request => {
        request.method = "GET"
      },
    ]
    for (const change of alterations) {
      provider.alter(change)
      expect(await codeOf(send)).toBe(badSignature)
    }
    provider.alter(() => {})
    expect(await codeOf(sender(provider.url, { secret: "another secret" }))).toBe(badSignature)
    expect(provider.sent).toEqual([])
  })

  test("has its refusals named, without number and digits", async () => {
    provider = await start()
    expect(await codeOf(sender(provider.url, { template: "unknown" }))).toBe(badTemplate)
    provider.say("LimitExceeded.PhoneNumberDailyLimit")
    const error = await sender(provider.url)(message, signal).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SmsError)
    const said = `${(error as Error).stack} ${JSON.stringify(error)} ${String((error as Error).cause)}`
    expect(said).toContain("LimitExceeded.PhoneNumberDailyLimit")
    expect(said).not.toMatch(/13800138000|493817/)
    expect(provider.sent).toEqual([])
  })

  test("that is gone is told at once, and asked once", async () => {
    provider = await start()
    const send = sender(provider.url)
    await provider.close()
    expect(await codeOf(send)).toMatch(/^\w+$/)
    provider = await start()
    const again = sender(provider.url)
    provider.say("silence")
    const begin = performance.now()
    expect(await codeOf(again)).not.toBe("sent")
    expect(performance.now() - begin).toBeLessThan(7_000)
    expect(provider.asked()).toBe(1)
  }, 15_000)

  test("a login goes through it", async () => {
    provider = await start()
    const harness = await startSmsHarness({ send: sender(provider.url) })
    const { body } = await harness.ask("13800138000")
    const answer = await harness.logInBy({ sms_id: body.sms_id, code: provider.sent[0]?.text ?? "" })
    expect([answer.status, answer.body.user?.is_new]).toEqual([200, true])
    await harness.close()
  })

  test("is not sent numbers in clear, and wants all it needs", () => {
    expect(() => sender("http://sms.example.com")).toThrow(/must be https/)
    expect(() => sender("nowhere")).toThrow(/must be an address/)
    expect(() => sender("https://sms.example.com", { secret: "" })).toThrow(/is missing/)
  })
})
