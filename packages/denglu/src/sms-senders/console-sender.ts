import { markConsoleSender, type SendSms, type SmsMessage } from "./sender.ts"

export interface ConsoleSenderOptions {
  /** Is given one line for each message. Default writes it to standard error. */
  readonly print?: (line: string) => void
  /** Is given each message, for a page that shows it. */
  readonly onSms?: (message: SmsMessage) => void
}

/**
 * A sender for development: the digits appear in the terminal instead of on a phone. Refused where WeChat is not simulated, and by `denglu start`.
 *
 * @example
 * ```ts
 * import { consoleSender, type SmsOptions } from "denglu"
 *
 * const sms: SmsOptions = { send: consoleSender() }
 * ```
 */
export function consoleSender({
  print = line => console.error(line),
  onSms,
}: ConsoleSenderOptions = {}): SendSms {
  return markConsoleSender(async message => {
    const { phone, code, purpose, expiresIn } = message
    print(`SMS to ${phone}: ${code} (${purpose}, good for ${expiresIn} s)`)
    onSms?.(message)
  })
}
