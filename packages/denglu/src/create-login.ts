import { performance } from "node:perf_hooks"
import { setTimeout as setTimeoutPromise } from "node:timers/promises"
import { createEventHub } from "./events.ts"
import { createGuard } from "./guard.ts"
import { createBrowserSessions } from "./http/browser-session.ts"
import { createFetchHandler } from "./http/fetch.ts"
import { createHandler } from "./http/handler.ts"
import { createLoadShedder } from "./http/load-shedder.ts"
import { createNodeListener, withoutBasePath } from "./http/node.ts"
import { routesOf } from "./http/routes.ts"
import { createAvatarUploads } from "./limits/avatar-uploads.ts"
import { createBudgets } from "./limits/budgets.ts"
import { chooseLimiters } from "./limits/choose-limiters.ts"
import { mostUnderWay, mostUploads, mostWatchingScans } from "./limits/most.ts"
import { createStderrLogger, describeError } from "./log.ts"
import { createAppTokenSources } from "./login/app-token-sources.ts"
import { createBindPhone } from "./login/bind-phone.ts"
import { revokeSession, revokeUserSessions } from "./login/end-sessions.ts"
import { createExchangeCode } from "./login/exchange-code.ts"
import type { FlowContext } from "./login/flows.ts"
import { createLateSessionsJob } from "./login/leave.ts"
import { createLogIn } from "./login/log-in.ts"
import { endStraySessions } from "./login/merge-users.ts"
import { createOpenData } from "./login/open-data.ts"
import { operateOnUsers } from "./login/operate-on-users.ts"
import { platformAdministration } from "./login/platform-administration.ts"
import { createPlatforms } from "./login/platforms.ts"
import { createScanWatch } from "./login/scan/scan-watch.ts"
import { checkSessionKey, findLiveSession, listUserKeys, resetSessionKey } from "./login/session-keys.ts"
import { createSendSms } from "./login/sms/send-sms.ts"
import { openPasswords } from "./open-passwords.ts"
import { type LoginOptions, settleOptions } from "./options.ts"
import { createRandomBytes, newId } from "./random.ts"
import { openRedis, type Redis } from "./redis/open-redis.ts"
import { storeWithNews } from "./redis/store-with-news.ts"
import type { Login } from "./running-login.ts"
import { createAccessTokens } from "./session/access-token.ts"
import { createAuditMac } from "./session/audit-mac.ts"
import { createAuditSealer } from "./session/audit-sealer.ts"
import { verifyAudit } from "./session/audit-verifier.ts"
import { openKeyRing } from "./session/key-ring.ts"
import { createRefreshTokens } from "./session/refresh-token.ts"
import { openRevokedSessions } from "./session/revoked-sessions.ts"
import { createSealer } from "./session/sealer.ts"
import { createSecretRing } from "./session/secret-ring.ts"
import { openSharedClock } from "./session/shared-clock.ts"
import { watchStandstill } from "./session/standstill.ts"
import { type AskEvery, startUpkeep, usualAskEvery } from "./session/upkeep.ts"
import { openStore } from "./store/open-store.ts"
import type { Store } from "./store/store.ts"
import { createAvatars } from "./user/avatars/avatars.ts"
import { exportPersonalData } from "./user/personal-data.ts"
import { createPurger } from "./user/purge.ts"
import { createCaller } from "./wechat/call.ts"

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
export function createLogin(given: LoginOptions): Promise<Login> {
  return createLoginAsking(usualAskEvery, given)
}

/** As {@link createLogin}. Who asks seldom shows what it is told: for tests. */
export async function createLoginAsking(askEvery: AskEvery, given: LoginOptions): Promise<Login> {
  const options = settleOptions(given)
  const ring = createSecretRing(options.secrets)
  const random = given.random ?? createRandomBytes()
  const log = given.log ?? createStderrLogger()
  const opened = typeof options.store === "string" ? await openStore(options.store) : options.store
  const closeOwn = async () => {
    if (typeof options.store === "string") await opened.close()
  }
  let openedRedis: Redis | undefined
  try {
    return await assemble(opened)
  } catch (error) {
    await openedRedis?.close()
    await closeOwn()
    throw error
  }

  async function assemble(bare: Store): Promise<Login> {
    const redis = options.redis === undefined ? undefined : await openRedis(options.redis, log)
    openedRedis = redis
    const store = redis === undefined ? bare : storeWithNews(bare, redis)
    const shared =
      given.clock === undefined && store.now !== undefined
        ? await openSharedClock({
            ask: () => (store as Required<Store>).now(),
            elapsed: () => performance.now(),
            wall: Date.now,
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
    const standstill = watchStandstill({ elapsed: () => performance.now(), catchUp: revoked.poll })
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
      catchingUp: standstill.catchingUp,
    })
    const wechat = createCaller({ ...options.wechat, clock })
    const refreshTokens = createRefreshTokens(ring)
    const platformWeChat = createCaller({ ...options.wechat, clock })
    const platforms = createPlatforms({
      options,
      clock,
      random,
      store,
      sealer,
      events,
      log,
      wechat: platformWeChat,
      pause: setTimeoutPromise,
    })
    const appTokenOf = createAppTokenSources({
      options,
      clock,
      random,
      store,
      sealer,
      wechat,
      platforms,
      pause: setTimeoutPromise,
    })
    const avatars = options.avatars && createAvatars({ ...options.avatars, store, clock, random, log })
    const files = avatars ? [avatars.files] : []
    const purger = createPurger({ store, clock, random, events, log, onPurge: options.onPurge, files })
    const scans = createScanWatch({ store, clock, most: mostWatchingScans })
    const flow: FlowContext = {
      options,
      clock,
      random,
      store,
      wechat,
      appToken: appTokenOf,
      platforms,
      sealer,
      keys,
      accessTokens,
      refreshTokens,
      revoked,
      purger,
      avatars,
      scans,
      passwords: await openPasswords(options.passwords, { store, sealer, clock, random, log }),
      events,
      log,
    }
    const limits = chooseLimiters(store, redis, clock, () => performance.now())
    const budgets = createBudgets(store, clock, options.sms)
    const openData = createOpenData(flow, budgets.openData.take, () => performance.now())
    const shedder = createLoadShedder({
      elapsed: () => performance.now(),
      busy: () => performance.eventLoopUtilization().active,
      most: mostUnderWay,
    })
    if (options.cloudHosting)
      log.warn(
        { option: "cloudHosting" },
        "X-WX-OPENID is believed: this service must not be reachable but through WeChat's cloud hosting, so switch its public address off",
      )
    const exchangeCode = createExchangeCode(flow)
    const browserSessions = createBrowserSessions(options.browserSessions, options.allowedOrigins)
    const guard = createGuard({
      tokens: accessTokens,
      random,
      log,
      ...(options.browserSessions && { browserSessions }),
    })
    let accepting = true
    const handler = createHandler({
      flow,
      logIn: createLogIn(flow, exchangeCode),
      exchangeCode,
      openData,
      async exportData(userId) {
        await budgets.exports.take(userId)
        return exportPersonalData(store, userId)
      },
      bindPhone: createBindPhone(flow, openData, budgets.phoneCodes.take),
      avatarUploads: createAvatarUploads(budgets.avatars.take, mostUploads),
      sendSms: createSendSms(flow, budgets.sms),
      authenticate: guard.authenticate,
      browserSessions,
      openLimiter: limits.open,
      shedder,
      accepting: () => accepting,
    })
    const mac = createAuditMac(ring)
    const keepFor = options.auditRetention * 1000
    const upkeep = startUpkeep({
      store,
      audit: createAuditSealer({ store, mac, clock, log, keepFor }),
      keepClock: shared?.keepUp,
      shareLimits: limits.share,
      endStraySessions: () => endStraySessions(flow),
      endLateSessions: createLateSessionsJob(flow),
      purge: purger.sweep,
      removeUnusedAvatars: avatars?.sweep,
      keys,
      revoked,
      clock,
      log,
      keepRevocationsFor: tokenLife + margin,
      askEvery,
    })
    return {
      ...guard,
      node: createNodeListener(handler, options.basePath),
      fetch: createFetchHandler(handler, options.basePath),
      routes: routesOf(options).map(({ method, path }) => ({ method, path: options.basePath + path })),
      answers(method, pathname) {
        const path = withoutBasePath(pathname, options.basePath)
        return path !== undefined && handler.answers(method, path)
      },
      verify: async token => accessTokens.verify(token),
      users: operateOnUsers(flow),
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
      platforms: platformAdministration(flow),
      audit: {
        list: (userId, { limit = 100, before } = {}) => store.listAuditEvents(userId, limit, before),
        verify: ({ expect } = {}) => verifyAudit({ store, mac, clock, expect }),
      },
      keys: { rotate: async () => void (await keys.rotate(true)) },
      redirectTo: wanted => options.allowedRedirects.find(address => address === wanted),
      on: events.on,
      drain() {
        accepting = false
        revoked.release()
        scans.release()
      },
      async close() {
        accepting = false
        revoked.release()
        scans.release()
        shedder.close()
        standstill.stop()
        await upkeep.stop()
        await Promise.all([wechat.close(), platformWeChat.close()])
        await redis?.close()
        await closeOwn()
      },
    }
  }
}
