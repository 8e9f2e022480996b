import type { Clock } from "../clock.ts"
import type { Caller } from "./caller.ts"
import type { AppCredentials } from "./endpoints/jscode2session.ts"
import { stableToken } from "./endpoints/stable-token.ts"
import { WeChatError } from "./wechat-error.ts"

/** The app's access_token, which server calls other than the login's carry. The login never needs it. */
export interface AccessTokenSource {
  /** A token that is good now. @throws WeChatError if there is none and none can be had */
  get(): Promise<string>
  /** Says that WeChat refused this token. It is dropped only if it still is the one we hold: another may have renewed it. */
  expire(token: string): void
  /** Runs the work with a token; if WeChat says that it is no longer good, once more with another. */
  withToken<Result>(work: (token: string) => Promise<Result>): Promise<Result>
}

export interface AccessTokenSourceOptions {
  readonly caller: Caller
  readonly app: AppCredentials
  readonly clock: Clock
}

interface Held {
  readonly token: string
  readonly expiresAt: number
}

/** WeChat hands out the successor in a token's last five minutes, during which both are good. */
const renewBefore = 300_000
/** Forced refreshes end the old token at once and are few: 20 a day. */
const forcedApart = 30_000
/** How long (ms) a failure is answered to all who ask, so that a storm of callers is one request. */
const failureKept = 1_000
const refusedToken = new Set([40001, 40014, 42001])

/**
 * Holds the token in this process: fetched when it is first needed, by one request for any number of callers, and renewed
 * before it ends. `stable_token` answers all instances the same token, so they don't end each other's.
 */
export function createAccessTokenSource({ caller, app, clock }: AccessTokenSourceOptions): AccessTokenSource {
  let held: Held | undefined
  let refused: string | undefined
  let forcedAt = Number.NEGATIVE_INFINITY
  let failed: { readonly error: unknown; readonly until: number } | undefined
  let underWay: Promise<string> | undefined

  async function fetchToken(): Promise<string> {
    const askedAt = clock()
    try {
      let answer = await stableToken(caller, app)
      // The same token that was just refused: somebody ended it out of turn, and only force brings another.
      if (answer.accessToken === refused && askedAt - forcedAt >= forcedApart) {
        forcedAt = askedAt
        answer = await stableToken(caller, app, true)
      }
      held = { token: answer.accessToken, expiresAt: askedAt + answer.expiresIn * 1000 }
      failed = undefined
      return held.token
    } catch (error) {
      failed = { error, until: clock() + failureKept }
      // What we hold may still be good for minutes.
      if (held !== undefined && held.expiresAt > clock()) return held.token
      throw error
    }
  }

  async function get(): Promise<string> {
    const now = clock()
    if (held !== undefined && held.expiresAt - renewBefore > now) return held.token
    if (failed !== undefined && failed.until > now) {
      if (held !== undefined && held.expiresAt > now) return held.token
      throw failed.error
    }
    underWay ??= fetchToken().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  function expire(token: string): void {
    if (held?.token !== token) return
    held = undefined
    refused = token
  }

  return {
    get,
    expire,
    async withToken(work) {
      const token = await get()
      try {
        return await work(token)
      } catch (error) {
        if (!(error instanceof WeChatError && refusedToken.has(error.errcode ?? 0))) throw error
        expire(token)
        return work(await get())
      }
    },
  }
}
