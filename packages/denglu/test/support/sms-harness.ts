import type { LoginOptions, SmsMessage, SmsOptions } from "denglu"
import { type Answer, type Harness, startHarness, type TokenAnswer } from "./harness.ts"

/** A harness that sends digits, and knows what it sent. */
export interface SmsHarness extends Harness {
  /** What was handed to the sender. */
  readonly sent: SmsMessage[]
  /** Every event that happened, as text: tests look for secrets in it. */
  readonly heard: string[]
  /** Asks for digits. */
  ask(
    phone: string,
    more?: { readonly purpose?: string; readonly token?: string; readonly address?: string },
  ): Promise<Answer>
  /** Has digits sent past all limits; fails the test if they are not. */
  take(phone: string, purpose?: string): Promise<Digits>
  logInBy(digits: Digits, more?: object): Promise<Answer>
  /** Logs in by a number; fails the test if it does not come about. */
  logInBySms(phone: string): Promise<TokenAnswer>
  bindBy(token: string, digits: Digits): Promise<Answer>
  /** Has a person who logs in with WeChat bind a number by digits. */
  bind(person: string, phone: string): Promise<Answer>
}

export interface Digits {
  readonly sms_id: string
  readonly code: string
}

/** Digits that are not these. */
export const wrong = ({ sms_id, code }: Digits): Digits => ({
  sms_id,
  code: String((Number(code) + 1) % 1_000_000).padStart(6, "0"),
})

const events = [
  "sms.sent",
  "sms.failed",
  "session.issued",
  "session.revoked",
  "user.created",
  "user.restored",
  "phone.bound",
  "phone.unbound",
  "phone.refused",
  "login.failed",
] as const

export async function startSmsHarness(
  sms: Partial<SmsOptions> = {},
  options: Partial<LoginOptions> = {},
): Promise<SmsHarness> {
  const sent: SmsMessage[] = []
  const heard: string[] = []
  const send = async (message: SmsMessage) => void sent.push(message)
  const harness = await startHarness({ sms: { send, ...sms }, ...options })
  for (const name of events)
    harness.login.on(name, facts => {
      heard.push(JSON.stringify({ name, ...facts }))
    })
  const ask: SmsHarness["ask"] = (phone, { purpose = "login", token, address } = {}) =>
    harness.send("POST", "/sms", {
      body: { phone, purpose },
      ...(token === undefined ? {} : { token }),
      ...(address === undefined ? {} : { address }),
    })
  const logInBy = (digits: Digits, more = {}) =>
    harness.send("POST", "/login/sms", { body: { ...digits, ...more } })
  const bindBy = (token: string, digits: Digits) => harness.send("POST", "/me/phone", { token, body: digits })
  async function take(phone: string, purpose = "login"): Promise<Digits> {
    // Past the pause of a number, and of whatever is counted by the hour.
    harness.advance(61 * 60_000)
    return digitsFor(phone, { purpose })
  }
  async function digitsFor(...given: Parameters<typeof ask>): Promise<Digits> {
    const answer = await ask(...given)
    if (answer.status !== 200) throw new Error(`POST /sms answered ${answer.status}: ${answer.text}`)
    return { sms_id: answer.body.sms_id, code: sent.at(-1)?.code ?? "" }
  }
  return {
    ...harness,
    sent,
    heard,
    ask,
    take,
    logInBy,
    async logInBySms(phone) {
      const answer = await logInBy(await take(phone))
      if (answer.status !== 200) throw new Error(`POST /login/sms answered ${answer.status}: ${answer.text}`)
      return answer.body
    },
    async bind(person, phone) {
      harness.advance(61 * 60_000)
      const { access_token: token } = await harness.logIn(person)
      return bindBy(token, await digitsFor(phone, { purpose: "bind", token }))
    },
    bindBy,
  }
}
