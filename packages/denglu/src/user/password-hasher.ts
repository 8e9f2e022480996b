import { DengluError } from "../errors.ts"
import type { RandomBytes } from "../random.ts"
import { normalPassword } from "./password-rules.ts"

/** How dear one guess is to whoever has stolen the database. */
export interface HashCost {
  /** Memory, in KiB. */
  readonly memory: number
  /** How often it is gone over. */
  readonly passes: number
  /** Threads. */
  readonly lanes: number
}

/** Hashes passwords with argon2id, and compares. The work is done beside the event loop, and never more of it than was said. */
export interface PasswordHasher {
  /** The hash as a PHC string. @throws DengluError `overloaded` (as a rejection) */
  hash(password: string): Promise<string>
  /**
   * Whether it is the password of this hash. Without a hash, for an account there is none of, it takes just as long and says no.
   * @throws DengluError `overloaded` (as a rejection)
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
  /** Whether a hash was made at another cost than hashes are now. */
  isOutdated(hash: string): boolean
}

/** The part of `@node-rs/argon2` that is used. Both work in threads of libuv's pool. */
export interface Argon2 {
  hash(
    password: string,
    options: {
      readonly memoryCost: number
      readonly timeCost: number
      readonly parallelism: number
      readonly salt: Uint8Array
    },
  ): Promise<string>
  verify(hashed: string, password: string): Promise<boolean>
}

/** @throws TypeError if the package is not installed */
export async function loadArgon2(): Promise<Argon2> {
  return import("@node-rs/argon2").catch((error: unknown) => {
    throw new TypeError(
      "passwords needs two packages: npm install @node-rs/argon2 @zxcvbn-ts/language-common",
      { cause: error },
    )
  })
}

export interface HasherOptions {
  readonly cost: HashCost
  /** Hashes that are worked on at once. */
  readonly atOnce: number
  /** Hashes that wait for their turn at most. */
  readonly mostWaiting: number
  readonly random: RandomBytes
  readonly argon2: Argon2
}

export async function createPasswordHasher(options: HasherOptions): Promise<PasswordHasher> {
  const { cost, random, argon2 } = options
  const inTurn = createTurns(options)
  const { memory, passes, lanes } = cost
  const prefix = `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$`
  const make = (password: string) =>
    argon2.hash(password, {
      memoryCost: memory,
      timeCost: passes,
      parallelism: lanes,
      // A copy: what is handed to another thread must not change under it.
      salt: Uint8Array.from(random(16)),
    })
  /** Of a password nobody knows. */
  const nobodys = await make(Buffer.from(random(32)).toString("base64url"))

  return {
    hash: password => inTurn(() => make(normalPassword(password))),
    verify: (hash, password) =>
      inTurn(async () => {
        const same = await argon2.verify(hash ?? nobodys, normalPassword(password))
        return same && hash !== undefined
      }),
    isOutdated: hash => !hash.startsWith(prefix),
  }
}

/** Seconds after which it makes sense to come back. */
const comeBack = 1

/** Lets so much work be under way at once, and so much wait; refuses the rest. Who waits is served in the order of coming. */
function createTurns({ atOnce, mostWaiting }: Pick<HasherOptions, "atOnce" | "mostWaiting">) {
  const waiting: (() => void)[] = []
  let underWay = 0

  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (underWay < atOnce) underWay += 1
    else if (waiting.length >= mostWaiting) throw new DengluError("overloaded", { retryAfter: comeBack })
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // Whoever is next takes this one's place.
      if (next === undefined) underWay -= 1
      else next()
    }
  }
}
