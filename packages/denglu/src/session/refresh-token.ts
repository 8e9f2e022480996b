import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto"
import type { SecretRing } from "./secret-ring.ts"

/** What a refresh token names: a session (the family) and how often it had been rotated. */
export interface RefreshTokenClaims {
  readonly sessionId: string
  readonly counter: number
}

/**
 * Refresh tokens. Opaque to clients; to us `r1.<session>.<counter, base 36>.<HMAC-SHA-256, base64url>`.
 *
 * The HMAC's key comes from `DENGLU_SECRET` and is not in the database: a forged token is refused without a query, a leaked
 * database yields no token, and the successor of a token is always the same text, so that it can be given again to
 * a client that lost the answer (see `Store.rotateSession`).
 */
export interface RefreshTokens {
  issue(claims: RefreshTokenClaims): string
  /** What the token names, or `undefined` if it is not one of ours. */
  read(token: string): RefreshTokenClaims | undefined
}

const pattern = /^r1\.([0-9a-v]{26})\.(0|[1-9a-z][0-9a-z]{0,9})\.([A-Za-z0-9_-]{43})$/

export function createRefreshTokens(ring: SecretRing): RefreshTokens {
  return {
    issue({ sessionId, counter }) {
      const named = `${sessionId}.${counter.toString(36)}`
      return `r1.${named}.${mac(ring.first.refreshTokens, named).toString("base64url")}`
    },
    read(token) {
      const [, sessionId, counter, proof] = pattern.exec(token) ?? []
      if (sessionId === undefined || counter === undefined || proof === undefined) return undefined
      const given = Buffer.from(proof, "base64url")
      const named = `${sessionId}.${counter}`
      if (!ring.all.some(keys => timingSafeEqual(mac(keys.refreshTokens, named), given))) return undefined
      return { sessionId, counter: Number.parseInt(counter, 36) }
    },
  }
}

function mac(key: KeyObject, named: string): Buffer {
  return createHmac("sha256", key).update(named).digest()
}
