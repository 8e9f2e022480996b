import { whole, yesOrNo } from "./option-checks.ts"
import type { HashCost } from "./user/password-hasher.ts"

/** Logins by account name, or phone number, and password. Needs the packages `@node-rs/argon2` and `@zxcvbn-ts/language-common`. */
export interface PasswordOptions {
  /** Whether anybody may make an account by `POST /register`. Default is `false`: only who is logged in otherwise can choose a password. */
  readonly registration?: boolean
  /** How dear one guess is. Passwords that were hashed otherwise are hashed anew when their owner logs in. */
  readonly argon2?: {
    /** Memory of one hash, in KiB, 1,024 to 1,048,576. Default is 19,456 (19 MiB). */
    readonly memory?: number
    /** How often it is gone over, 1 to 100. Default is 2. */
    readonly passes?: number
    /** Threads of one hash, 1 to 16. Default is 1. */
    readonly lanes?: number
  }
  /** Hashes that are worked on at once, 1 to 64. Default is 2; beyond 4 set `UV_THREADPOOL_SIZE` too. */
  readonly hashesAtOnce?: number
  /** Hashes that wait for their turn at most, 0 to 10,000. Default is 64; what comes on top is told to come back. */
  readonly hashesWaiting?: number
}

/** The options of logins by password, checked. */
export interface SettledPasswords {
  readonly registration: boolean
  readonly cost: HashCost
  readonly hashesAtOnce: number
  readonly hashesWaiting: number
}

export interface PasswordLogins {
  /** Logins by account and password. Default is `false`: their paths are 404. */
  readonly passwords?: PasswordOptions | false
}

export interface SettledPasswordLogins {
  readonly passwords: SettledPasswords | undefined
}

/** @throws TypeError that names the option and says what to write */
export function settlePasswords({ passwords = false }: PasswordLogins): SettledPasswordLogins {
  return { passwords: passwords === false ? undefined : settled(passwords) }
}

function settled(options: PasswordOptions): SettledPasswords {
  if (typeof options !== "object" || options === null)
    throw new TypeError("passwords must be false or an object such as { registration: true }")
  const { registration = false, argon2 = {}, hashesAtOnce = 2, hashesWaiting = 64 } = options
  return {
    registration: yesOrNo("passwords.registration", registration),
    cost: {
      memory: whole("passwords.argon2.memory", argon2.memory ?? 19_456, 1_024, 1_048_576),
      passes: whole("passwords.argon2.passes", argon2.passes ?? 2, 1, 100),
      lanes: whole("passwords.argon2.lanes", argon2.lanes ?? 1, 1, 16),
    },
    hashesAtOnce: whole("passwords.hashesAtOnce", hashesAtOnce, 1, 64),
    hashesWaiting: whole("passwords.hashesWaiting", hashesWaiting, 0, 10_000),
  }
}
