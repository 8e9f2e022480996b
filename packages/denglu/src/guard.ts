import { DengluError } from "./errors.ts"
import { readBearer } from "./http/bearer.ts"
import type { BrowserRequest, BrowserSessions } from "./http/browser-session.ts"
import type { HttpReply } from "./http/message.ts"
import { problemReply } from "./http/problem.ts"
import { describeError, type Logger } from "./log.ts"
import { newId, type RandomBytes } from "./random.ts"
import type { VerifiedToken } from "./session/verified-token.ts"

/**
 * What `requireUser` needs: who stands behind an `Authorization` header, and how to say no. `createLogin` and
 * `createVerifier` both answer one.
 */
export interface Guard {
  /**
   * Who stands behind an `Authorization` header: at once if the token is remembered, else as a promise. Without the header it is who stands behind the
   * request's cookies, if it is handed over and the option `browserSessions` is on.
   * @throws DengluError `token_missing`, `token_invalid`, `token_expired`, `session_revoked`, `invalid_request`, `origin_refused`; also as a rejection
   */
  authenticate(
    authorization: string | undefined,
    request?: BrowserRequest,
  ): VerifiedToken | Promise<VerifiedToken>
  /** The problem document for an error, ready to be written. */
  problem(error: unknown, acceptLanguage?: string): HttpReply
}

/** The user as `requireUser` puts it on the request. */
export interface RequestUser {
  /** The user's id. */
  readonly id: string
  readonly appid: string
  readonly sessionId: string
  /** The end of the access token, in seconds since 1970. */
  readonly expiresAt: number
  /** Only if the option `claims` asks for it. */
  readonly openid?: string
}

/** The part of the access tokens a guard works with. */
interface TokenChecks {
  recall(token: string): VerifiedToken | undefined
  verify(token: string): VerifiedToken | Promise<VerifiedToken>
}

export interface GuardParts {
  readonly tokens: TokenChecks
  readonly random: RandomBytes
  /** Hears of errors nobody expected: the answer says no more than their `request_id`. */
  readonly log?: Logger
  /** Left out, cookies mean nothing. */
  readonly browserSessions?: Pick<BrowserSessions, "accessToken"> | undefined
}

export function createGuard({ tokens, random, log, browserSessions }: GuardParts): Guard {
  return {
    authenticate(authorization, request) {
      if (authorization?.startsWith("Bearer ")) {
        const verified = tokens.recall(authorization.slice(7))
        if (verified !== undefined) return verified
      }
      if (authorization === undefined && request !== undefined && browserSessions !== undefined) {
        const token = browserSessions.accessToken(request)
        return tokens.recall(token) ?? tokens.verify(token)
      }
      return tokens.verify(readBearer(authorization))
    },
    problem(error, acceptLanguage) {
      const requestId = newId(random)
      if (!(error instanceof DengluError))
        log?.error({ requestId, error: describeError(error) }, "a token check failed unexpectedly")
      return problemReply(error, { requestId, acceptLanguage })
    },
  }
}

export function requestUser(verified: VerifiedToken): RequestUser {
  const { userId: id, appid, sessionId, expiresAt, openid } = verified
  return openid === undefined
    ? { id, appid, sessionId, expiresAt }
    : { id, appid, sessionId, expiresAt, openid }
}
