import { createHmac, timingSafeEqual } from "node:crypto"
import type { DerivedKeys, SecretRing } from "./secret-ring.ts"

/**
 * Signs the blocks of the audit with a key that is not in the database, so that whoever has only that can't make the chain anew: eight
 * hexadecimal digits that name the secret, a dot, HMAC-SHA-256 in base64url.
 */
export interface AuditMac {
  /** The mac of a hash, under the first secret. */
  sign(hash: string): string
  /** Whether a mac is that of the hash; `unknown` if the secret that it names is not in the ring any more. */
  check(hash: string, mac: string): "right" | "wrong" | "unknown"
}

export function createAuditMac({ first, all }: SecretRing): AuditMac {
  return {
    sign: hash => macOf(first, hash),
    check(hash, mac) {
      const keys = all.find(candidate => mac.startsWith(`${candidate.id.toString("hex")}.`))
      if (keys === undefined) return /^[0-9a-f]{8}\.[A-Za-z0-9_-]{43}$/.test(mac) ? "unknown" : "wrong"
      return equal(macOf(keys, hash), mac) ? "right" : "wrong"
    },
  }
}

function macOf({ id, audit }: DerivedKeys, hash: string): string {
  return `${id.toString("hex")}.${createHmac("sha256", audit).update(hash).digest("base64url")}`
}

function equal(one: string, other: string): boolean {
  const [bytes, otherBytes] = [Buffer.from(one), Buffer.from(other)]
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes)
}
