import { normalPhone } from "./phone-number.ts"

/** What somebody may type who wants to be known by it: a name they have chosen, or their phone number. */
export type Account =
  | { readonly kind: "name"; readonly name: string }
  /** E.164, with the `+`. */
  | { readonly kind: "phone"; readonly phone: string }

/**
 * Begins with a letter, so that no name looks like a phone number. Letters of two scripts only: names that look alike and are not the same are
 * how people are taken in. So radicals (⺠ beside 民) are none, as far as NFKC has not made characters of them.
 */
const pattern =
  /^(?!.*[\u2e80-\u2fdf])[a-z\p{Script=Han}][a-z0-9\p{Script=Han}._@-]{1,62}[a-z0-9\p{Script=Han}]$/u

/** A name in its one form: NFKC, lower case. `undefined` if it can't be a name: 3 to 64 characters, of few kinds. */
export function accountName(text: string): string | undefined {
  const name = text.trim().normalize("NFKC").toLowerCase()
  return pattern.test(name) ? name : undefined
}

/** What stands between the digits of a number as people write it. */
const beside = /[\s().-]/g

/** Reads what was typed into the field for the account. `undefined` if it can be neither. A number without `+` is one of mainland China. */
export async function readAccount(text: string): Promise<Account | undefined> {
  const name = accountName(text)
  if (name !== undefined) return { kind: "name", name }
  const digits = text.normalize("NFKC").replace(beside, "")
  const number = /^\+[1-9]\d{4,14}$/.test(digits)
    ? await normalPhone("", digits.slice(1))
    : /^1\d{10}$/.test(digits)
      ? await normalPhone("86", digits)
      : undefined
  return number && { kind: "phone", phone: number.phone }
}
