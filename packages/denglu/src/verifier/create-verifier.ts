import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose"
import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import { createGuard, type Guard } from "../guard.ts"
import { createRandomBytes } from "../random.ts"
import { tokenShape } from "../session/access-token.ts"
import { createRememberedTokens } from "../session/remembered-tokens.ts"
import { readVerifiedToken, type VerifiedToken } from "../session/verified-token.ts"
import { followRevocations } from "./follow-revocations.ts"

export interface VerifierOptions {
  /** `https://login.example.com/.well-known/jwks.json` */
  readonly jwksUrl: string
  /** The login server's option `issuer`. Default there is `"denglu"`. */
  readonly issuer: string
  /** The login server's option `audience`. Default there is its issuer. */
  readonly audience: string
  /** Where the revocation feed is. Default is beside the JWKS. `false`: don't follow it; a revoked session's token is good until it ends. */
  readonly revocationsUrl?: string | false
  /** How many tokens to remember as verified. Default is 100,000. */
  readonly rememberTokens?: number
  /** Called when the feed can't be read, and again each time it still can't; tokens are then judged by what is known. */
  readonly onFeedError?: (error: unknown) => void
  /** Default is the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Milliseconds since 1970. Default is the machine's clock. */
  readonly clock?: Clock
}

/** Checks access tokens in a service that has no database of ours: signature by JWKS, logout by the revocation feed. */
export interface Verifier extends Guard {
  /**
   * What a valid access token says.
   * @throws DengluError (as a rejection) `token_invalid`, `token_expired`, `session_revoked`; `store_unavailable` if the keys can't be fetched
   */
  verify(token: string): Promise<VerifiedToken>
  /** Stops following the feed. */
  close(): void
}

/** Seconds by which this machine's clock may differ from the login server's. */
const clockTolerance = 5
/** How long (ms) the very first check waits for the feed's first answer. */
const firstFeedWithin = 3_000

/**
 * Starts a verifier: it fetches keys when they are needed and follows the revocation feed, so that a logout is in force here within a second.
 *
 * @example
 * ```ts
 * import { createVerifier } from "denglu/verifier"
 *
 * const verifier = createVerifier({
 *   jwksUrl: "https://login.example.com/.well-known/jwks.json",
 *   issuer: "denglu",
 *   audience: "denglu",
 * })
 * const { userId } = await verifier.verify("eyJ…")
 * ```
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { issuer, audience, fetch: fetchOnce = fetch, clock = Date.now } = options
  const jwksUrl = new URL(options.jwksUrl)
  const keys = createRemoteJWKSet(jwksUrl, {
    timeoutDuration: 3_000,
    cooldownDuration: 10_000,
    cacheMaxAge: 600_000,
    [customFetch]: fetchOnce,
  })
  const remembered = createRememberedTokens(options.rememberTokens ?? 100_000)
  const revoked =
    options.revocationsUrl === false
      ? undefined
      : followRevocations({
          url: new URL(options.revocationsUrl ?? "revocations", jwksUrl),
          fetch: fetchOnce,
          clock,
          onError: options.onFeedError ?? (() => {}),
        })

  function stillGood(verified: VerifiedToken): VerifiedToken {
    if ((verified.expiresAt + clockTolerance) * 1000 <= clock()) throw new DengluError("token_expired")
    if (revoked?.has(verified.sessionId)) throw new DengluError("session_revoked")
    return verified
  }

  async function check(token: string): Promise<VerifiedToken> {
    if (!tokenShape.test(token)) throw new DengluError("token_invalid")
    await revoked?.ready(firstFeedWithin)
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ["EdDSA"],
        typ: "at+jwt",
        issuer,
        audience,
        clockTolerance,
        currentDate: new Date(clock()),
        requiredClaims: ["exp", "sub", "client_id", "sid"],
      })
      const verified = readVerifiedToken(payload)
      if (verified === undefined) throw new DengluError("token_invalid")
      remembered.remember(token, verified)
      return stillGood(verified)
    } catch (error) {
      throw asDengluError(error)
    }
  }

  const tokens = {
    recall(token: string) {
      const verified = remembered.recall(token)
      return verified === undefined ? undefined : stillGood(verified)
    },
    verify(token: string) {
      return tokens.recall(token) ?? check(token)
    },
  }

  return {
    ...createGuard({ tokens, random: createRandomBytes() }),
    verify: async token => tokens.verify(token),
    close: () => revoked?.stop(),
  }

  function asDengluError(error: unknown): DengluError {
    if (error instanceof DengluError) return error
    if (error instanceof errors.JWTExpired) return new DengluError("token_expired")
    const aboutTheToken =
      error instanceof errors.JWTInvalid ||
      error instanceof errors.JWSInvalid ||
      error instanceof errors.JWTClaimValidationFailed ||
      error instanceof errors.JWSSignatureVerificationFailed ||
      error instanceof errors.JWKSNoMatchingKey ||
      error instanceof errors.JWKSMultipleMatchingKeys ||
      error instanceof errors.JOSEAlgNotAllowed ||
      error instanceof errors.JOSENotSupported
    if (aboutTheToken) return new DengluError("token_invalid")
    return new DengluError("store_unavailable", {
      message: "the signing keys can't be fetched from jwksUrl",
      retryAfter: 1,
    })
  }
}
