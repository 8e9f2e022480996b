import { whole } from "./option-checks.ts"
import { isConsoleSender, type SendSms } from "./sms-senders/sender.ts"

/** Logins and phone numbers by digits sent in an SMS. */
export interface SmsOptions {
  /** Sends a message: `tencentSender(…)` of `denglu/sms-tencent`, `aliyunSender(…)` of `denglu/sms-aliyun`, a function of yours; for development `consoleSender()`. */
  readonly send: SendSms
  /** Country codes that messages go to, without `+`. Default is `["86"]`, mainland China: others are refused before anything is paid. */
  readonly countries?: readonly string[]
  /** Messages a day, UTC, to each country but mainland China. Default is 500. */
  readonly perCountryADay?: number
  /** Messages a day, UTC, in all. Default is 10,000. */
  readonly perDay?: number
  /** `POST /sms` from one address (IPv6: one /64), per hour, whatever becomes of it. Default is 60. */
  readonly perAddressAnHour?: number
  /** Messages to one number within an hour. Default is 5. It is one a minute in any case. */
  readonly perNumberAnHour?: number
  /** Messages to one number within 24 hours, up to 100. Default is 10. */
  readonly perNumberADay?: number
  /** How long the digits are good, in seconds, 60 to 1,800. Default is 300 (5 minutes). */
  readonly lifetime?: number
  /**
   * How long a number opens its user's account after its last proof by SMS, in seconds, at least a day. Default is 7,776,000 (90 days): sooner no
   * carrier gives a number to somebody else. Afterwards, and where only WeChat has vouched for it, the person first logs in another way.
   */
  readonly trustPhoneFor?: number
  /** Judges what the page sends as `challenge`, as the ticket of a captcha; has 5 seconds. Default: none is asked for. */
  readonly challenge?: (challenge: string, facts: { readonly address: string }) => boolean | Promise<boolean>
}

/** The options of SMS, checked. */
export interface SettledSms extends Required<Omit<SmsOptions, "challenge">> {
  readonly challenge: SmsOptions["challenge"]
}

/**
 * @param simulated whether WeChat is simulated: only there digits may go to a terminal
 * @throws TypeError that names the option and says what to write
 */
export function settleSms(
  options: SmsOptions | undefined,
  appids: readonly string[],
  simulated: boolean,
): SettledSms | undefined {
  if (options === undefined) return undefined
  const { send, countries = ["86"], challenge } = options
  if (typeof send !== "function")
    throw new TypeError("sms.send must be a function that sends a message, such as tencentSender({ … })")
  if (isConsoleSender(send) && !simulated)
    throw new TypeError(
      "sms.send: consoleSender() shows the digits to whoever sees the terminal, so it goes only with wechat.simulator; take tencentSender or aliyunSender",
    )
  if (appids.length === 0)
    throw new TypeError("sms needs an app in apps: sessions opened by SMS count as its, in client_id")
  if (!Array.isArray(countries) || countries.length === 0 || !countries.every(isCountryCode))
    throw new TypeError('sms.countries must be a list of country codes without +, such as ["86", "852"]')
  if (challenge !== undefined && typeof challenge !== "function")
    throw new TypeError("sms.challenge must be a function of what the page sent, and the address")
  const rate = (name: string, value: number, most = 1_000_000_000) => whole(`sms.${name}`, value, 1, most)
  return {
    send,
    countries,
    challenge,
    perCountryADay: rate("perCountryADay", options.perCountryADay ?? 500),
    perDay: rate("perDay", options.perDay ?? 10_000),
    perAddressAnHour: rate("perAddressAnHour", options.perAddressAnHour ?? 60),
    perNumberAnHour: rate("perNumberAnHour", options.perNumberAnHour ?? 5, 60),
    perNumberADay: rate("perNumberADay", options.perNumberADay ?? 10, 100),
    lifetime: whole("sms.lifetime", options.lifetime ?? 300, 60, 1_800),
    trustPhoneFor: whole("sms.trustPhoneFor", options.trustPhoneFor ?? 7_776_000, 86_400, 315_360_000),
  }
}

function isCountryCode(code: unknown): boolean {
  return typeof code === "string" && /^[1-9]\d{0,2}$/.test(code)
}
