/** A number as E.164 writes it, in one way only: so that two of them can be compared. */
export interface NormalPhone {
  /** With the `+`: `+8613800138000`. */
  readonly phone: string
  /** Without the `+`: `86`. */
  readonly countryCode: string
}

/**
 * Brings a number into E.164: without the zero that some countries dial before it, with the country code that E.164 knows (`1`, not `1868`).
 * `undefined` if no number of that country can look like it. The rules (85 kB) are loaded when they are first needed.
 */
export async function normalPhone(countryCode: string, number: string): Promise<NormalPhone | undefined> {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/min")
  const parsed = parsePhoneNumberFromString(`+${countryCode}${number}`, { extract: false })
  // Possible, not valid: new ranges are given out more often than anybody updates their server.
  if (parsed === undefined || !parsed.isPossible()) return undefined
  // "0000000" loses a zero each time it is read: what has no form that stays is no number, and could be two people's.
  if (parsePhoneNumberFromString(parsed.number)?.number !== parsed.number) return undefined
  return { phone: parsed.number, countryCode: parsed.countryCallingCode }
}

/** The number without its country code, as people at home dial it in most countries. */
export function nationalNumber({ phone, countryCode }: NormalPhone): string {
  return phone.slice(1 + countryCode.length)
}

/** What may be shown to others than its owner: `+86138****8000`. Of a short number less. */
export function maskedPhone(number: NormalPhone): string {
  const national = nationalNumber(number)
  const head = Math.min(3, Math.floor(national.length * 0.3))
  const tail = Math.min(4, Math.floor(national.length * 0.4))
  return `+${number.countryCode}${national.slice(0, head)}****${national.slice(-tail)}`
}
