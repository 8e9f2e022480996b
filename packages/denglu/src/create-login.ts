import { setTimeout as setTimeoutPromise } from "node:timers/promises"
import type { Clock } from "./clock.ts"
import { DengluError } from "./errors.ts"
import { createEventHub, type EventListener, type EventName } from "./events.ts"
import { createGuard, type Guard } from "./guard.ts"
import { createFetchHandler, type FetchHandler } from "./http/fetch.ts"
import { createHandler } from "./http/handler.ts"
import { createLoadShedder } from "./http/load-shedder.ts"
import { createNodeListener, type NodeListener, withoutBasePath } from "./http/node.ts"
import { allRoutes } from "./http/routes.ts"
import { createFailureBudget } from "./limits/failure-budget.ts"
import type { OpenLimiter } from "./limits/limiter.ts"
import { openMemoryLimiter } from "./limits/memory-limiter.ts"
import { createRedisLimiters } from "./limits/redis-limiter.ts"
import { createStoreLimiters } from "./limits/store-limiter.ts"
import { createStderrLogger, describeError } from "./log.ts"
import { createAppTokenShelf } from "./login/app-token-shelf.ts"
import { revokeSession, revokeUserSessions } from "./login/end-sessions.ts"
import type { FlowContext } from "./login/flows.ts"
import { createLogIn } from "./login/log-in.ts"
import { createOpenData, type SentOpenData } from "./login/open-data.ts"
import {
  checkSessionKey,
  findLiveSession,
  type KeyOwner,
  listUserKeys,
  resetSessionKey,
} from "./login/session-keys.ts"
import { type LoginOptions, settleOptions } from "./options.ts"
import { createRandomBytes, newId } from "./random.ts"
import { openRedis, type Redis } from "./redis/open-redis.ts"
import { storeWithNews } from "./redis/store-with-news.ts"
import { createAccessTokens } from "./session/access-token.ts"
import { openKeyRing } from "./session/key-ring.ts"
import { createRefreshTokens } from "./session/refresh-token.ts"
import { openRevokedSessions } from "./session/revoked-sessions.ts"
import { createSealer } from "./session/sealer.ts"
import { createSecretRing } from "./session/secret-ring.ts"
import { openSharedClock } from "./session/shared-clock.ts"
import { startUpkeep } from "./session/upkeep.ts"
import type { VerifiedToken } from "./session/verified-token.ts"
import { openStore } from "./store/open-store.ts"
import type { Session, Store, User } from "./store/store.ts"
import { createAccessTokenSource } from "./wechat/access-token.ts"
import { createCaller } from "./wechat/call.ts"
import type { UserKey } from "./wechat/endpoints/getuserencryptkey.ts"

/** A running login: its routes, its checks, and what business code may ask. */
export interface Login extends Guard {
  /** The routes as `(req, res, next)` for `node:http`, Express and Koa-likes. */
  readonly node: NodeListener
  /** The routes as `fetch(Request) → Response`, for Hono, Next and the rest. */
  readonly fetch: FetchHandler
  /** The routes there are, with the base path: for adapters, and for frameworks that want them listed. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  /** Whether a route answers this method at this path (base path included). */
  answers(method: string, pathname: string): boolean
  /**
   * What a valid access token says.
   * @throws DengluError (as a rejection) `token_invalid`, `token_expired` or `session_revoked`
   */
  verify(token: string): Promise<VerifiedToken>
  readonly users: {
    /** The user with all identities (`openid`, `unionid`): payments and messages need them. */
    get(id: string): Promise<User | undefined>
  }
  /** The mini programs' `access_token`s, which all instances share; the login itself never needs one. */
  readonly appTokens: {
    /** A token that is good now. @throws DengluError if there is none and none can be had */
    get(appid: string): Promise<string>
    /** Runs the work with a token, and once more with another if what it throws has the `errcode` 40001, 40014 or 42001. */
    use<Result>(appid: string, work: (token: string) => Promise<Result>): Promise<Result>
  }
  readonly sessions: {
    /** The user's live sessions, the latest first. */
    list(userId: string): Promise<Session[]>
    /** Ends a session; answers whether it was live until now. In force here at once, elsewhere within a second. */
    revoke(sessionId: string): Promise<boolean>
    /** Ends all sessions of a user; answers how many. */
    revokeAll(userId: string): Promise<number>
  }
  readonly openData: {
    /**
     * What is in WeChat's open data (`encryptedData` with `iv`), or in raw data whose `signature` fits, as `POST /me/open-data`: the same
     * checks, the same 20 failures an hour. What comes out proves neither who somebody is nor a phone number.
     * @throws DengluError (as a rejection) `open_data_invalid`, `rate_limited`; `not_found` if there is no such live session
     */
    decrypt(sessionId: string, sent: SentOpenData): Promise<Readonly<Record<string, unknown>>>
  }
  readonly sessionKeys: {
    /** Asks WeChat whether the `session_key` we keep is still the person's. @throws DengluError (as a rejection) `not_found`, `wechat_…` */
    check(owner: KeyOwner): Promise<boolean>
    /**
     * Has WeChat replace the `session_key`, and keeps the new one. It ends when the old one would have.
     * @throws DengluError (as a rejection) `session_key_stale` if ours is no longer the person's, `not_found`, `wechat_…`
     */
    reset(owner: KeyOwner): Promise<void>
  }
  readonly userKeys: {
    /**
     * The last three keys that the person's phone has from `wx.getUserCryptoManager()`, the newest first.
     * @throws DengluError (as a rejection) `session_key_stale`, `not_found`, `wechat_…`
     */
    list(sessionId: string): Promise<readonly UserKey[]>
  }
  readonly keys: {
    /** Makes the next signing key the current one, now. Tokens signed before stay good. */
    rotate(): Promise<void>
  }
  /** Listens to what happens; answers the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): () => void
  /** Makes `/readyz` answer 503, so that a load balancer sends nothing more; requests are still answered. */
  drain(): void
  /** Stops timers, closes the connections to WeChat and the store. */
  close(): Promise<void>
}

/** The margin (ms) by which revocations and old keys outlive the tokens they concern. */
const margin = 60_000

/**
 * Opens the store and starts the login.
 *
 * @throws TypeError for a wrong option; the message names it and says what to write
 * @throws DengluError (as a rejection) `store_unavailable`
 * @example
 * ```ts
 * import { createLogin } from "denglu"
 *
 * const login = await createLogin({
 *   apps: [{ appid: "wx0123456789abcdef", secret: "0123456789abcdef0123456789abcdef" }],
 *   store: "sqlite:./data/login.db",
 *   secret: process.env.DENGLU_SECRET ?? "",
 * })
 * ```
 */
export async function createLogin(given: LoginOptions): Promise<Login> {
  const options = settleOptions(given)
  const ring = createSecretRing(options.secrets)
  const random = given.random ?? createRandomBytes()
  const log = given.log ?? createStderrLogger()
  const opened = typeof options.store === "string" ? await openStore(options.store) : options.store
  const closeOwn = async () => {
    if (typeof options.store === "string") await opened.close()
  }
  try {
    return await assemble(opened)
  } catch (error) {
    await closeOwn()
    throw error
  }

  async function assemble(bare: Store): Promise<Login> {
    const redis = options.redis === undefined ? undefined : await openRedis(options.redis, log)
    const store = redis === undefined ? bare : storeWithNews(bare, redis)
    const shared =
      given.clock === undefined && store.now !== undefined
        ? await openSharedClock({
            ask: () => (store as Required<Store>).now(),
            elapsed: () => performance.now(),
          })
        : undefined
    const clock = given.clock ?? shared?.now ?? Date.now
    const events = createEventHub(error =>
      log.error({ error: describeError(error) }, "an event listener failed"),
    )
    const sealer = createSealer(ring, random)
    const tokenLife = options.accessTokenLifetime * 1000
    const keys = await openKeyRing({
      store,
      sealer,
      clock,
      random,
      rotateEvery: options.signingKeyLifetime * 1000,
      keepPrevious: tokenLife + margin,
      onRotated: currentKid => events.emit("signing_keys.rotated", { currentKid }),
    })
    const revoked = await openRevokedSessions({ store, clock, random, keepFor: tokenLife + margin })
    const accessTokens = createAccessTokens({
      keys,
      clock,
      random,
      issuer: options.issuer,
      audience: options.audience,
      lifetime: options.accessTokenLifetime,
      includeOpenid: options.claims.includes("openid"),
      remember: options.rememberTokens,
      isRevoked: revoked.has,
    })
    const wechat = createCaller({ ...options.wechat, clock })
    const refreshTokens = createRefreshTokens(ring)
    const appTokens = new Map(
      [...options.apps.values()].map(app => {
        const shelf = createAppTokenShelf({ appid: app.appid, store, sealer, clock, random })
        return [
          app.appid,
          createAccessTokenSource({ caller: wechat, app, clock, random, shelf, pause: setTimeoutPromise }),
        ]
      }),
    )
    const appTokenOf = (appid: string) => {
      const source = appTokens.get(appid)
      if (source === undefined) throw new DengluError("app_unknown")
      return source
    }
    const flow: FlowContext = {
      options,
      clock,
      random,
      store,
      wechat,
      appToken: appTokenOf,
      sealer,
      keys,
      accessTokens,
      refreshTokens,
      revoked,
      events,
      log,
    }
    const limits = chooseLimiters(store, redis, clock)
    const openDataBudget = createFailureBudget("open_data", openDataFailures, store, clock)
    const openData = createOpenData(flow, openDataBudget.take, () => performance.now())
    const shedder = createLoadShedder({ elapsed: () => performance.now(), most: mostUnderWay })
    const guard = createGuard(accessTokens, random, log)
    let accepting = true
    const handler = createHandler({
      flow,
      logIn: createLogIn(flow),
      openData,
      authenticate: guard.authenticate,
      openLimiter: limits.open,
      shedder,
      accepting: () => accepting,
    })
    const upkeep = startUpkeep({
      store,
      syncClock: shared?.sync,
      shareLimits: limits.share,
      keys,
      revoked,
      clock,
      log,
      keepRevocationsFor: tokenLife + margin,
    })
    return {
      ...guard,
      node: createNodeListener(handler, options.basePath),
      fetch: createFetchHandler(handler, options.basePath),
      routes: allRoutes.map(({ method, path }) => ({ method, path: options.basePath + path })),
      answers(method, pathname) {
        const path = withoutBasePath(pathname, options.basePath)
        return path !== undefined && handler.answers(method, path)
      },
      verify: async token => accessTokens.verify(token),
      users: { get: id => store.findUser(id) },
      appTokens: {
        get: async appid => (await appTokenOf(appid).get()).token,
        use: async (appid, work) => appTokenOf(appid).withToken(work),
      },
      sessions: {
        list: userId => store.listSessions(userId, clock()),
        revoke: id => revokeSession(flow, id, "revoked_by_operator", newId(random)),
        revokeAll: userId => revokeUserSessions(flow, userId, "revoked_by_operator", newId(random)),
      },
      openData: {
        decrypt: async (sessionId, sent) =>
          openData(await findLiveSession(flow, sessionId), sent, newId(random)),
      },
      sessionKeys: {
        check: owner => checkSessionKey(flow, owner),
        reset: owner => resetSessionKey(flow, owner),
      },
      userKeys: { list: sessionId => listUserKeys(flow, sessionId) },
      keys: {
        async rotate() {
          await keys.rotate(true)
        },
      },
      on: events.on,
      drain() {
        accepting = false
        revoked.release()
      },
      async close() {
        accepting = false
        revoked.release()
        shedder.close()
        await upkeep.stop()
        await wechat.close()
        await redis?.close()
        await closeOwn()
      },
    }
  }
}

/** Open data that may fail to open, by person, app and hour. An attack on the cipher takes thousands of tries, an honest client one or two. */
const openDataFailures = 20
/** Logins and refreshes under way at most: twice what may be on its way to WeChat. */
const mostUnderWay = 2_048

/** Where the limits are counted: in Redis if there is one, else in the database if instances share it, else here. */
function chooseLimiters(
  store: Store,
  redis: Redis | undefined,
  clock: Clock,
): { readonly open: OpenLimiter; readonly share?: () => Promise<void> } {
  if (redis !== undefined) return { open: createRedisLimiters(redis, () => performance.now()) }
  const { addCounts } = store
  return addCounts === undefined ? { open: openMemoryLimiter } : createStoreLimiters({ addCounts }, clock)
}
