import { describeError, type Logger } from "../../log.ts"
import type { Sealer } from "../../session/sealer.ts"
import type { PasswordHasher } from "../../user/password-hasher.ts"

/**
 * What is kept of passwords: argon2 hashes, sealed under `DENGLU_SECRET`. Who has only the database can't even begin to guess.
 */
export interface KeptPasswords {
  /** What to keep of a password. @throws DengluError `overloaded` (as a rejection) */
  keep(password: string): Promise<string>
  /** Whether it is the password; without `kept`, for an account there is none of, in the same time no. @throws DengluError `overloaded` (as a rejection) */
  isSame(kept: string | undefined, password: string): Promise<boolean>
  /** What to keep in its place: hashed at the present cost, sealed under the present secret; `undefined` if it is as it should be. */
  renew(kept: string, password: string): Promise<string | undefined>
}

const binding = "password"

export function createKeptPasswords(sealer: Sealer, hasher: PasswordHasher, log: Logger): KeptPasswords {
  /** Opened where there is no account, so that this takes no less time either. */
  const nobodys = sealer.seal(
    binding,
    "nobody's hash, which is about as long as the hash of somebody, and no more",
  )
  const keep = async (password: string) => sealer.seal(binding, await hasher.hash(password))

  function open(kept: string): string | undefined {
    try {
      return sealer.open(binding, kept)
    } catch (error) {
      log.error({ error: describeError(error) }, "a password can't be compared")
      return undefined
    }
  }

  return {
    keep,
    isSame(kept, password) {
      const hash = open(kept ?? nobodys)
      return hasher.verify(kept === undefined ? undefined : hash, password)
    },
    async renew(kept, password) {
      const hash = open(kept)
      if (hash === undefined) return undefined
      if (hasher.isOutdated(hash)) return keep(password)
      return sealer.isFresh(kept) ? undefined : sealer.seal(binding, hash)
    },
  }
}
