import { DengluError } from "../../errors.ts"
import { newId } from "../../random.ts"
import type { SettledSms } from "../../sms-options.ts"
import type { SmsLimit, SmsPurpose } from "../../store/store.ts"
import { inTime } from "../../user/in-time.ts"
import { maskedPhone, type NormalPhone, nationalNumber, normalPhone } from "../../user/phone-number.ts"
import type { GiveBack, Take } from "../budget.ts"
import type { FlowContext } from "../flows.ts"
import { digestOfId, digitsText, sixDigits } from "./digits.ts"
import { smsOptions } from "./sms-options-of.ts"

export interface SendDigitsInput {
  /** E.164, or without `+` a number of mainland China. */
  readonly phone: string
  readonly purpose: SmsPurpose
  readonly challenge: string | undefined
  /** Who asks, for the purpose `bind`. */
  readonly userId: string | null
  readonly address: string
  /** The name under which the address is counted. */
  readonly counted: string
  readonly requestId: string
}

export interface SentDigits {
  /** What only the one who asked may have: 26 characters, 130 random bits. */
  readonly id: string
  /** Seconds. */
  readonly expiresIn: number
  /** Seconds. */
  readonly retryIn: number
}

/**
 * Has digits sent to a number. Nothing in here asks whose number it is, so that neither the answer nor its time tells.
 *
 * @throws DengluError (as a rejection) `phone_unsupported`, `challenge_required`, `challenge_invalid`, `rate_limited`, `sms_unsent`; `not_found`
 *   where SMS is off
 */
export type SendDigits = (input: SendDigitsInput) => Promise<SentDigits>

interface SmsBudgets {
  readonly ofAddress: { readonly take: Take }
  readonly ofCountry: { readonly take: Take }
  readonly ofDay: { readonly take: Take }
}

const hour = 3_600_000
const day = 86_400_000
/** Seconds between two messages to one number. */
const pauseOfNumber = 60
/** Milliseconds that a sender, and the operator's own look at a challenge, have. */
const deadline = 5_000
const tooLate = () => Object.assign(new Error("too late"), { code: "timeout" })

/**
 * The address pays for every try, since otherwise it would cost nothing to try. All else is given back if no message went out: a provider that is
 * down must not use up anybody's.
 */
export function createSendSms(flow: FlowContext, budgets: SmsBudgets | undefined): SendDigits {
  const { clock, random, store, sealer, events } = flow

  async function takeBudgets({ countryCode }: NormalPhone): Promise<GiveBack> {
    const { ofCountry, ofDay } = budgets as SmsBudgets
    const taken = [await ofDay.take("")]
    const giveBack = async () => {
      for (const give of taken) await give()
    }
    if (countryCode !== "86")
      try {
        taken.push(await ofCountry.take(countryCode))
      } catch (error) {
        await giveBack()
        throw error
      }
    return giveBack
  }

  return async input => {
    const options = smsOptions(flow)
    const { purpose, userId, requestId } = input
    const number = await readNumber(input.phone, options)
    await budgets?.ofAddress.take(input.counted)
    await judgeChallenge(flow, options, input)
    const id = newId(random)
    const code = sixDigits(random)
    const idDigest = digestOfId(id)
    const now = clock()
    const digits = sealer.fingerprint(digitsText(id, purpose, code))
    const expiresAt = now + options.lifetime * 1000
    const kept = await store.keepSms(
      { ...number, idDigest, purpose, userId, digits, createdAt: now, expiresAt },
      limitsOf(options),
    )
    if (kept.kind === "too_many")
      throw new DengluError("rate_limited", {
        retryAfter: Math.max(1, Math.ceil((kept.retryAt - now) / 1000)),
      })
    // Only after the number's own count: a flood for one number must not look like the end of everybody's budget.
    const giveBack = await takeBudgets(number).catch(async (error: unknown) => {
      await store.dropSms(idDigest)
      throw error
    })
    const { lifetime: expiresIn } = options
    const about = { purpose, phone: maskedPhone(number), requestId }
    try {
      const message = { ...number, nationalNumber: nationalNumber(number), code, purpose, expiresIn }
      await inTime(signal => options.send(message, signal), deadline, tooLate)
    } catch (error) {
      const reason = nameOf(error)
      events.emit("sms.failed", { ...about, reason })
      await Promise.all([store.dropSms(idDigest), giveBack()])
      throw new DengluError("sms_unsent", { message: reason, retryAfter: 5 })
    }
    events.emit("sms.sent", about)
    return { id, expiresIn, retryIn: pauseOfNumber }
  }
}

function limitsOf({ perNumberAnHour, perNumberADay }: SettledSms): readonly SmsLimit[] {
  return [
    { most: 1, within: pauseOfNumber * 1000 },
    { most: perNumberAnHour, within: hour },
    { most: perNumberADay, within: day },
  ]
}

/** @throws DengluError `phone_unsupported` for what can't be a number, or is in a country that no messages go to */
async function readNumber(given: string, { countries }: SettledSms): Promise<NormalPhone> {
  const number = await normalPhone("", given.startsWith("+") ? given.slice(1) : `86${given}`)
  const isServed =
    number !== undefined &&
    countries.includes(number.countryCode) &&
    (number.countryCode !== "86" || /^\+861\d{10}$/.test(number.phone))
  if (!isServed) throw new DengluError("phone_unsupported", { pointer: "/phone" })
  return number
}

async function judgeChallenge(
  { log }: FlowContext,
  { challenge: judge }: SettledSms,
  { challenge, address, requestId }: SendDigitsInput,
): Promise<void> {
  if (judge === undefined) return
  if (challenge === undefined) throw new DengluError("challenge_required", { pointer: "/challenge" })
  let isGood: boolean
  try {
    isGood = (await inTime(async () => judge(challenge, { address }), deadline, tooLate)) === true
  } catch (error) {
    log.warn({ option: "sms.challenge", reason: nameOf(error), requestId }, "a challenge could not be judged")
    throw new DengluError("sms_unsent", { message: "sms.challenge failed", retryAfter: 5 })
  }
  if (!isGood) throw new DengluError("challenge_invalid", { pointer: "/challenge" })
}

/** What may be said of a sender's error, which may be nothing at all. Its message may hold the number, or the digits. */
function nameOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown }
  const word = [code, name].find(given => typeof given === "string" && /^[A-Za-z][\w.-]{0,63}$/.test(given))
  return typeof word === "string" ? word : "unknown"
}
