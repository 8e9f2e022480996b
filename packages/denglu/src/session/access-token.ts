import { sign } from "node:crypto"
import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import { newId, type RandomBytes } from "../random.ts"
import type { KeyRing } from "./key-ring.ts"
import { createRememberedTokens } from "./remembered-tokens.ts"
import { readVerifiedToken, type VerifiedToken } from "./verified-token.ts"

export interface AccessTokenSubject {
  readonly userId: string
  readonly appid: string
  readonly sessionId: string
  readonly openid: string | null
}

/** Access tokens: JWTs as RFC 9068 has them (`typ: at+jwt`), signed with EdDSA. */
export interface AccessTokens {
  /** Signs a token and remembers it. `expiresIn` is in seconds. */
  issue(subject: AccessTokenSubject): { readonly token: string; readonly expiresIn: number }
  /** What a remembered token says; `undefined` if it is not remembered, or can't be judged at once. Throws like {@link verify}. The hot path. */
  recall(token: string): VerifiedToken | undefined
  /**
   * What a valid token says: at once if the token is remembered, else after its signature was checked.
   * @throws DengluError `token_invalid`, `token_expired` or `session_revoked`; also as a rejection.
   */
  verify(token: string): VerifiedToken | Promise<VerifiedToken>
}

export interface AccessTokenOptions {
  readonly keys: KeyRing
  readonly clock: Clock
  readonly random: RandomBytes
  readonly issuer: string
  readonly audience: string
  /** Life of a token, in seconds. Up to 5 % is taken off each at random, so that tokens of one rush don't all end together. */
  readonly lifetime: number
  readonly includeOpenid: boolean
  /** How many tokens to remember at most. */
  readonly remember: number
  readonly isRevoked: (sessionId: string) => boolean
  /** While what is revoked is being asked for anew, since this process stood still; no token is judged until it resolves. */
  readonly catchingUp: () => Promise<void> | undefined
}

const longestToken = 4096

/**
 * Three parts, the last an Ed25519 signature whose four spare bits are zero: otherwise one signature could be written in
 * sixteen ways, and a token would not be one text.
 */
export const tokenShape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/

const reloadKeysNotWithin = 5_000

export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { keys, clock, random, issuer, audience, lifetime } = options
  const remembered = createRememberedTokens(options.remember)
  const headers = new Map<string, string>()

  function headerOf(kid: string): string {
    const known = headers.get(kid)
    if (known !== undefined) return known
    const header = Buffer.from(JSON.stringify({ alg: "EdDSA", typ: "at+jwt", kid })).toString("base64url")
    headers.set(kid, header)
    return header
  }

  function stillGood(verified: VerifiedToken): VerifiedToken {
    if (verified.expiresAt * 1000 <= clock()) throw new DengluError("token_expired")
    if (options.isRevoked(verified.sessionId)) throw new DengluError("session_revoked")
    return verified
  }

  /** The kid, if the header is byte by byte one that we write: no other `alg`, `typ`, `jwk` or `crit` gets further. */
  async function knownKid(header: string): Promise<string> {
    const find = () => keys.jwks().keys.find(key => headerOf(key.kid) === header)?.kid
    const kid = find()
    if (kid !== undefined) return kid
    await keys.reload(reloadKeysNotWithin)
    const reloaded = find()
    if (reloaded === undefined) throw new DengluError("token_invalid")
    return reloaded
  }

  async function check(token: string): Promise<VerifiedToken> {
    const kid = await knownKid(token.slice(0, Math.max(token.indexOf("."), 0)))
    const { errors, jwtVerify } = await import("jose")
    const jwk = keys.publicJwk(kid)
    if (jwk === undefined) throw new DengluError("token_invalid")
    try {
      // jose imports a JWK once, as long as it is the same object; the ring has one for each key.
      const { payload } = await jwtVerify(token, jwk, {
        algorithms: ["EdDSA"],
        typ: "at+jwt",
        issuer,
        audience,
        currentDate: new Date(clock()),
        requiredClaims: ["exp", "sub", "client_id", "sid"],
      })
      const verified = readVerifiedToken(payload)
      if (verified === undefined) throw new DengluError("token_invalid")
      remembered.remember(token, verified)
      await options.catchingUp()
      return stillGood(verified)
    } catch (error) {
      if (error instanceof DengluError) throw error
      throw new DengluError(error instanceof errors.JWTExpired ? "token_expired" : "token_invalid")
    }
  }

  return {
    issue({ userId, appid, sessionId, openid }) {
      const { kid, privateKey } = keys.current()
      const now = Math.floor(clock() / 1000)
      const expiresIn = lifetime - Math.floor((lifetime * 0.05 * ((random(1)[0] as number) + 0.5)) / 256)
      const expiresAt = now + expiresIn
      const withOpenid = options.includeOpenid && openid !== null
      const claims = {
        iss: issuer,
        aud: audience,
        sub: userId,
        client_id: appid,
        sid: sessionId,
        iat: now,
        exp: expiresAt,
        jti: newId(random).slice(0, 20),
        ...(withOpenid ? { openid } : {}),
      }
      const signed = `${headerOf(kid)}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`
      const token = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`
      const verified: VerifiedToken = withOpenid
        ? { userId, appid, sessionId, expiresAt, openid }
        : { userId, appid, sessionId, expiresAt }
      remembered.remember(token, verified)
      return { token, expiresIn }
    },
    recall(token) {
      const verified = remembered.recall(token)
      return verified === undefined || options.catchingUp() !== undefined ? undefined : stillGood(verified)
    },
    verify(token) {
      const verified = remembered.recall(token)
      if (verified !== undefined) {
        const caughtUp = options.catchingUp()
        return caughtUp === undefined ? stillGood(verified) : caughtUp.then(() => stillGood(verified))
      }
      if (token.length > longestToken || !tokenShape.test(token)) throw new DengluError("token_invalid")
      return check(token)
    },
  }
}
