import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import type { RandomBytes } from "../random.ts"
import type { AccessToken } from "./endpoints/stable-token.ts"
import type { TokenIssuer } from "./token-issuer.ts"
import type { FetchedToken, KeptToken, TokenShelf } from "./token-shelf.ts"
import { errcodeError, WeChatError } from "./wechat-error.ts"

/** An access_token that all instances share: an app's, a platform's, or that of a mini program which has authorised a platform. */
export interface AccessTokenSource {
  /** A token that is good now, and until when (milliseconds since 1970). @throws DengluError if there is none and none can be had */
  get(): Promise<{ readonly token: string; readonly expiresAt: number }>
  /** Says that WeChat refused this token. It is dropped only if it still is the one that is kept: another may have renewed it. */
  expire(token: string): Promise<void>
  /** Runs the work with a token; if WeChat says that it is no longer good, once more with another. */
  withToken<Result>(work: (token: string) => Promise<Result>): Promise<Result>
}

export interface AccessTokenSourceOptions {
  readonly issuer: TokenIssuer
  readonly clock: Clock
  readonly random: RandomBytes
  readonly shelf: TokenShelf
  /** Waits so many milliseconds of real time. */
  readonly pause: (ms: number) => Promise<void>
}

/** Fetched out of turn, because the token at hand is refused, another ends it at once; and such are few: 20 a day. */
const forcedApart = 30_000
/** How long (ms) a failure is answered to all who ask, so that a storm of callers is one request. */
const failureKept = 1_000
/** How long (ms) one may take to fetch: longer than the deadline of a call, shorter than anybody wants to wait twice. */
const leaseFor = 8_000
/** How long (ms) one waits for another to fetch. */
const patience = 9_000
const lookEvery = 50
/** What is nearly over and could not be renewed is not asked for again before (ms). */
const askAgainAfter = 10_000
const refusedToken = new Set([40001, 40014, 42001])

/**
 * One token for all instances: fetched when it is first needed, by one of them, and renewed before it ends. What WeChat refuses is compared with
 * what is kept before it is dropped, so that a late refusal doesn't undo a renewal; and while a renewal fails the token at hand serves until
 * its end. Without its shelf an instance asks WeChat by itself, where that answers everybody the same.
 */
export function createAccessTokenSource(options: AccessTokenSourceOptions): AccessTokenSource {
  const { issuer, clock, random, shelf, pause } = options
  const early = issuer.renewBefore - ((random(1)[0] as number) / 256) * issuer.renewSpread
  /** Its version is 0 if it is on no shelf, because that is out of reach. */
  let held: KeptToken | undefined
  let refused: string | undefined
  let askAgainAt = 0
  let failed: { readonly error: unknown; readonly until: number } | undefined
  let underWay: Promise<KeptToken> | undefined

  const serves = ({ isRefused, expiresAt }: KeptToken) => !isRefused && expiresAt > clock()
  const isFresh = (token: KeptToken) =>
    serves(token) && (token.expiresAt - early > clock() || clock() < askAgainAt)

  async function renew(): Promise<KeptToken> {
    try {
      const next = await shared()
      failed = undefined
      if (next.expiresAt - early <= clock()) askAgainAt = clock() + askAgainAfter
      held = next
      return next
    } catch (error) {
      failed = { error, until: clock() + failureKept }
      // What we hold may still be good for minutes.
      if (held !== undefined && serves(held)) return held
      throw error
    }
  }

  /** From the shelf, or fetched for it. */
  async function shared(): Promise<KeptToken> {
    for (let waited = 0; waited < patience; waited += lookEvery) {
      let kept: KeptToken
      try {
        const found = await shelf.find()
        // What was refused here need not be known as refused there yet.
        kept = { ...found, isRefused: found.isRefused || found.token === refused }
        if (isFresh(kept)) return kept
        if (await shelf.lease(kept.version, leaseFor)) {
          const fetched = await fetchFor(kept)
          if (fetched !== undefined) return fetched
          continue
        }
      } catch (error) {
        const isAway = error instanceof DengluError && error.code === "store_unavailable"
        if (!isAway || issuer.answers !== "same") throw error
        return { ...inTime(await issuer.fetch(false), clock(), 0), version: 0, isRefused: false }
      }
      // Somebody else is at it; what is still good need not wait for them.
      if (serves(kept)) return kept
      await pause(lookEvery)
    }
    const detail = "another instance has been fetching the token for too long"
    throw new WeChatError("wechat_busy", {
      endpoint: issuer.endpoint,
      kind: "timeout",
      detail,
      retryable: true,
      retryAfter: 1,
    })
  }

  /** Fetches under the lease; `undefined` if it took so long that the lease has passed on. */
  async function fetchFor(kept: KeptToken): Promise<KeptToken | undefined> {
    try {
      const fetched = await fetchNext(kept)
      const version = await shelf.keep(fetched)
      return version === undefined ? undefined : { ...fetched, version, isRefused: false }
    } catch (error) {
      // Whoever comes next may try at once; if the store is away too, the lease ends by itself.
      await shelf.release().catch(() => {})
      throw error
    }
  }

  /** What is refused and still what WeChat answers was ended out of turn by somebody: only force brings another. */
  async function fetchNext(kept: KeptToken): Promise<FetchedToken> {
    const askedAt = clock()
    if (issuer.answers === "same") {
      const fetched = inTime(await issuer.fetch(false), askedAt, kept.forcedAt)
      if (!kept.isRefused || fetched.token !== kept.token) return fetched
    } else if (!kept.isRefused) return inTime(await issuer.fetch(false), askedAt, kept.forcedAt)
    if (askedAt - kept.forcedAt < forcedApart) throw errcodeError(issuer.endpoint, 40001)
    return inTime(await issuer.fetch(true), askedAt, askedAt)
  }

  async function get(): Promise<KeptToken> {
    if (held !== undefined && isFresh(held)) return held
    if (failed !== undefined && failed.until > clock()) {
      if (held !== undefined && serves(held)) return held
      throw failed.error
    }
    underWay ??= renew().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  async function expire(token: string): Promise<void> {
    if (held?.token !== token || held.isRefused) return
    const { version } = held
    refused = token
    held = { ...held, isRefused: true }
    // If the shelf can't be told, the next to be refused tells it.
    if (version > 0) await shelf.refuse(version).catch(() => {})
  }

  return {
    get,
    expire,
    async withToken(work) {
      const { token } = await get()
      try {
        return await work(token)
      } catch (error) {
        if (!refusesToken(error)) throw error
        await expire(token)
        return work((await get()).token)
      }
    },
  }
}

/** Ours, or one of whoever calls WeChat otherwise and throws what it answered. */
function refusesToken(error: unknown): boolean {
  const isObject = typeof error === "object" && error !== null
  return isObject && "errcode" in error && refusedToken.has(Number(error.errcode))
}

function inTime({ accessToken, expiresIn }: AccessToken, askedAt: number, forcedAt: number): FetchedToken {
  return { token: accessToken, expiresAt: askedAt + expiresIn * 1000, forcedAt }
}
