import { DengluError } from "../errors.ts"

/** How long a password is, in characters (code points) after normalisation: NIST SP 800-63B, 3.1.1.2. */
const passwordLength = { least: 8, most: 128 } as const

/** Says what is wrong with a password that somebody chooses. */
export interface PasswordRules {
  /**
   * @param names what the person is called here: none of it may be the password
   * @throws DengluError `password_refused`, with what to do instead
   */
  check(password: string, names: readonly string[]): void
}

/** One form of a text that keyboards write in several: what is hashed, and measured. */
export function normalPassword(text: string): string {
  return text.normalize("NFKC")
}

/**
 * The rules of NIST SP 800-63B: long enough, not among the passwords that everybody tries first, and nothing about which kinds of characters
 * must be in it.
 *
 * @param common passwords that are known from breaches, in lower case
 */
export function createPasswordRules(common: ReadonlySet<string>): PasswordRules {
  return {
    check(password, names) {
      const normal = normalPassword(password)
      const length = [...normal].length
      const folded = normal.toLowerCase()
      const complaint =
        length < passwordLength.least
          ? `has fewer than ${passwordLength.least} characters`
          : length > passwordLength.most
            ? `has more than ${passwordLength.most} characters`
            : /\p{Cs}/u.test(normal)
              ? "is not well-formed Unicode"
              : names.some(name => name.toLowerCase() === folded)
                ? "is the account's name"
                : common.has(folded)
                  ? "is among the passwords that are tried first"
                  : undefined
      if (complaint !== undefined)
        throw new DengluError("password_refused", { pointer: "/password", message: complaint })
    },
  }
}

/**
 * The passwords that are used most (about 49,000, from breaches). The list takes 4 MB of memory, so that it is only loaded where there are passwords.
 *
 * @throws TypeError if the package is not installed
 */
export async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common").catch((error: unknown) => {
    const install = "npm install @node-rs/argon2 @zxcvbn-ts/language-common"
    throw new TypeError(`passwords needs two packages: ${install}`, { cause: error })
  })
  return new Set(dictionary["passwords-common"].map(password => password.toLowerCase()))
}
