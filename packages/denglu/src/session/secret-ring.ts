import { createHash, createSecretKey, hkdfSync, type KeyObject } from "node:crypto"

/** The keys that grow out of one secret, one for each use, so that no use can be turned against another. */
export interface DerivedKeys {
  /** Four bytes that say which secret sealed something. They say nothing about the secret. */
  readonly id: Buffer
  readonly sealing: KeyObject
  readonly refreshTokens: KeyObject
  readonly fingerprints: KeyObject
  readonly audit: KeyObject
}

/** `DENGLU_SECRET`, derived: the first seals and signs, all open and verify. */
export interface SecretRing {
  readonly first: DerivedKeys
  readonly all: readonly [DerivedKeys, ...DerivedKeys[]]
}

/**
 * Derives the working keys from the secrets (RFC 5869, HKDF-SHA-256).
 *
 * @throws TypeError if there is no secret, or one is too weak; the message says what to write, and never the secret.
 */
export function createSecretRing(secrets: readonly string[]): SecretRing {
  const [first, ...rest] = secrets.map((secret, index) => {
    const weakness = weaknessOfSecret(secret)
    if (weakness !== undefined)
      throw new TypeError(`secret${secrets.length > 1 ? ` number ${index + 1}` : ""} ${weakness}`)
    return derive(secret)
  })
  if (first === undefined) throw new TypeError(`secret is missing: ${makeOne}`)
  return { first, all: [first, ...rest] }
}

const makeOne = "make one with `openssl rand -base64 32` and keep it as you keep a password"

/** What is wrong with a secret, in words that continue "the secret …"; `undefined` if nothing is. */
export function weaknessOfSecret(secret: string): string | undefined {
  if (secret.length < 32) return `is shorter than 32 characters: ${makeOne}`
  if (secret.length > 1024) return "is longer than 1024 characters"
  if (new Set(secret).size < 10) return `repeats itself (fewer than 10 different characters): ${makeOne}`
  if (/change.?me|your.?secret|example|placeholder|password/i.test(secret))
    return `looks like a placeholder: ${makeOne}`
  return undefined
}

function derive(secret: string): DerivedKeys {
  const key = (use: string) => Buffer.from(hkdfSync("sha256", secret, "denglu", use, 32))
  return {
    id: createHash("sha256").update(key("id")).digest().subarray(0, 4),
    sealing: createSecretKey(key("sealing")),
    refreshTokens: createSecretKey(key("refresh-tokens")),
    fingerprints: createSecretKey(key("fingerprints")),
    audit: createSecretKey(key("audit")),
  }
}
