import { afterEach, describe, expect, test } from "vitest"
import { settlePush } from "../../src/push-options.ts"
import { createRandomBytes } from "../../src/random.ts"
import { encryptPushReply } from "../../src/wechat/push-crypto.ts"
import {
  cafe,
  type PlatformHarness,
  type PlatformHarnessOptions,
  platformAppid,
  shop,
  startPlatformHarness,
} from "../support/platform-harness.ts"
import { asXml } from "../support/push.ts"

let harness: PlatformHarness | undefined
afterEach(async () => {
  await harness?.close()
  harness = undefined
})

async function start(options: PlatformHarnessOptions = {}) {
  harness = await startPlatformHarness(options)
  return { ...harness, send: sender(harness) }
}

type Fields = Readonly<Record<string, string | number>>

/** Sends a message of the platform's as WeChat would, whatever it says. */
function sender({ simulator, post }: PlatformHarness) {
  const { token, encodingAesKey } = simulator.state().platforms[0] as {
    readonly token: string
    readonly encodingAesKey: string
  }
  let nonces = 0
  return async (
    fields: Fields | string,
    given: {
      readonly receiver?: string
      readonly path?: string
      readonly query?: Readonly<Record<string, string>>
      readonly signedAt?: number
      readonly key?: string
      readonly at?: number
    } = {},
  ) => {
    nonces += 1
    const {
      receiver = platformAppid,
      path = `/wechat/platform/${platformAppid}`,
      key = encodingAesKey,
    } = given
    const push = settlePush(receiver, { token, encodingAesKey: key })
    if (push?.aesKey === undefined) throw new Error("no key")
    const { Encrypt, MsgSignature, TimeStamp, Nonce } = encryptPushReply({
      push: { ...push, aesKey: push.aesKey },
      appid: receiver,
      message: typeof fields === "string" ? fields : asXml(fields),
      timestamp: Math.floor((given.signedAt ?? simulator.clock.now()) / 1000),
      nonce: String(nonces),
      random: createRandomBytes(),
    })
    const query = new URLSearchParams({
      timestamp: String(TimeStamp),
      nonce: Nonce,
      encrypt_type: "aes",
      msg_signature: MsgSignature,
      ...given.query,
    })
    return post(`${path}?${query}`, asXml({ AppId: platformAppid, Encrypt }), given.at)
  }
}

const ticketOf = (seconds: number, ticket = `ticket@@@${seconds}`): Fields => ({
  AppId: platformAppid,
  CreateTime: seconds,
  InfoType: "component_verify_ticket",
  ComponentVerifyTicket: ticket,
})
const authorizedOf = (code: string, seconds: number, more: Fields = {}): Fields => ({
  AppId: platformAppid,
  CreateTime: seconds,
  InfoType: "authorized",
  AuthorizerAppid: shop,
  AuthorizationCode: code,
  AuthorizationCodeExpiredTime: seconds + 3_600,
  PreAuthCode: "preauthcode@@@x",
  ...more,
})
const unauthorizedOf = (seconds: number): Fields => ({
  AppId: platformAppid,
  CreateTime: seconds,
  InfoType: "unauthorized",
  AuthorizerAppid: shop,
})
const seconds = 1_800_000_000

describe("a ticket", () => {
  test("is answered success as plain text, and lies sealed in the store", async () => {
    const { send, store } = await start()
    const { status, text, headers } = await send(ticketOf(seconds))
    expect([status, text, headers.get("content-type")]).toEqual([200, "success", "text/plain; charset=utf-8"])
    const kept = await store.findPlatformTicket(platformAppid)
    expect(kept).toMatchObject({ issuedAt: seconds * 1000, receivedAt: seconds * 1000 })
    expect(kept?.sealed).not.toContain("ticket@@@")
  })

  test("that comes twice, late, or again within its time takes no newer one's place", async () => {
    const { send, store } = await start()
    await send(ticketOf(seconds))
    const newest = await store.findPlatformTicket(platformAppid)
    for (const older of [seconds, seconds - 1, seconds - 600])
      expect((await send(ticketOf(older, "ticket@@@old"))).status).toBe(200)
    expect(await store.findPlatformTicket(platformAppid)).toEqual(newest)
    await send(ticketOf(seconds + 1))
    expect((await store.findPlatformTicket(platformAppid))?.issuedAt).toBe((seconds + 1) * 1000)
  })

  test("is good for every instance", async () => {
    const { logIn, setUp } = await start({ instances: 3 })
    await setUp()
    for (const at of [0, 1, 2]) expect((await logIn(shop, "alice", at)).status).toBe(200)
  })

  test("that is over is told from one that never came", async () => {
    const { logIn, setUp, advance, simulator, logged } = await start()
    await setUp()
    simulator.addPlatform({ appid: platformAppid, url: "http://127.0.0.1:9/nowhere" })
    advance(43_200_000)
    const answer = await logIn(shop, "alice")
    expect([answer.status, answer.body.code]).toEqual([503, "platform_not_ready"])
    expect(logged.join()).toContain("61005")
  })
})

describe("an authorisation", () => {
  test("comes by the page and by the push, in either order: both answer the same, and it is told once", async () => {
    const { simulator, login, events, asked, send } = await start()
    await simulator.pushTicket()
    const { authorizationCode, pushed } = simulator.authorize({ appid: shop })
    await pushed
    const byPage = await login.platforms.completeAuthorization(platformAppid, authorizationCode)
    expect(byPage).toMatchObject({ platformAppid, appid: shop, openPlatform: shop, revokedAt: null })
    expect(byPage).not.toHaveProperty("sealedRefreshToken")
    const other = simulator.authorize({ appid: cafe, push: false })
    await login.platforms.completeAuthorization(platformAppid, other.authorizationCode, { openPlatform: "c" })
    const late = authorizedOf(other.authorizationCode, seconds, { AuthorizerAppid: cafe })
    for (const _ of [1, 2, 3]) expect((await send(late)).status).toBe(200)
    expect(events.map(({ facts }) => facts.appid)).toEqual([shop, cafe])
    expect(asked("api_query_auth")).toBe(2)
    expect(await login.platforms.list(platformAppid)).toMatchObject([
      { appid: shop, openPlatform: shop },
      { appid: cafe, openPlatform: "c" },
    ])
  })

  test("of many who bring one code at once each finds it done, once", async () => {
    const { simulator, logins, events, send } = await start({ instances: 3 })
    await simulator.pushTicket()
    const { authorizationCode: code } = simulator.authorize({ appid: shop, push: false })
    simulator.faults.add({ kind: "slow", endpoint: "api_query_auth", delayMs: 300, times: 1 })
    const answers = await Promise.all([
      ...[0, 1, 2].map(async at => (await send(authorizedOf(code, seconds), { at })).status),
      ...logins.map(login => login.platforms.completeAuthorization(platformAppid, code).then(() => 200)),
    ])
    expect(answers).toEqual([200, 200, 200, 200, 200, 200])
    expect(events).toHaveLength(1)
  })

  test("is not lost when WeChat's answer is: the push comes again, and the refresh token is asked for", async () => {
    const { simulator, logIn, events, login } = await start()
    await simulator.pushTicket()
    simulator.faults.add({ kind: "reset", endpoint: "api_query_auth", afterConsume: true, times: 1 })
    const pushed = await simulator.authorize({ appid: shop, pauseMs: 10 }).pushed
    expect(pushed?.attempts.map(({ status }) => status)).toEqual([503, 200])
    expect(events).toHaveLength(1)
    expect((await logIn(shop, "alice")).status).toBe(200)
    expect(await login.appTokens.get(shop)).toMatch(/^\d+_/)
  })

  test("by the page alone a code that is used up or made up is code_invalid", async () => {
    const { simulator, login } = await start()
    await simulator.pushTicket()
    await expect(
      login.platforms.completeAuthorization(platformAppid, "queryauthcode@@@x"),
    ).rejects.toMatchObject({ code: "code_invalid", errcode: 61009 })
    await expect(login.platforms.completeAuthorization("wxsimplatform00009", "x")).rejects.toMatchObject({
      code: "not_found",
    })
  })

  test("that ended stays ended when its push comes again, and an old end does not end a new one", async () => {
    const { simulator, login, send, advance, logIn, events } = await start()
    await simulator.pushTicket()
    const { authorizationCode: first } = simulator.authorize({ appid: shop, push: false })
    await send(authorizedOf(first, seconds))
    advance(10_000)
    await simulator.unauthorize({ appid: shop, push: false })
    await send(unauthorizedOf(seconds + 10))
    expect((await send(authorizedOf(first, seconds))).status).toBe(200)
    expect((await logIn(shop, "alice")).body.code).toBe("app_unknown")
    const { authorizationCode: second } = simulator.authorize({ appid: shop, push: false })
    await login.platforms.completeAuthorization(platformAppid, second)
    for (const _ of [1, 2]) expect((await send(unauthorizedOf(seconds + 10))).status).toBe(200)
    expect((await logIn(shop, "alice")).status).toBe(200)
    expect(events.map(({ name }) => name)).toEqual([
      "platform.authorized",
      "platform.unauthorized",
      "platform.authorized",
    ])
    advance(1_000)
    await send(unauthorizedOf(seconds + 11))
    expect((await logIn(shop, "alice")).body.code).toBe("app_unknown")
  })

  test("whose push comes after its end changes nothing, and is not sent again", async () => {
    const { simulator, login, send } = await start()
    await simulator.pushTicket()
    const { authorizationCode } = simulator.authorize({ appid: shop, push: false })
    await simulator.unauthorize({ appid: shop, push: false })
    expect((await send(authorizedOf(authorizationCode, seconds))).status).toBe(200)
    expect(await login.platforms.list(platformAppid)).toEqual([])
  })

  test("from before Denglu was there is taken over, by name or by being named", async () => {
    const { simulator, login, logIn, events } = await start({ platform: { apps: [{ appid: shop }] } })
    await simulator.pushTicket()
    simulator.authorize({ appid: shop, push: false })
    simulator.authorize({ appid: cafe, push: false })
    expect((await logIn(shop, "alice")).status).toBe(200)
    expect(await login.appTokens.get(shop)).toMatch(/^\d+_/)
    expect((await logIn(cafe, "alice")).body.code).toBe("app_unknown")
    expect(await login.platforms.adopt(platformAppid, cafe)).toMatchObject({ appid: cafe })
    expect((await logIn(cafe, "alice")).status).toBe(200)
    expect(events.map(({ facts }) => facts.appid)).toEqual([cafe])
    await simulator.unauthorize({ appid: cafe, push: false })
    await expect(login.platforms.adopt(platformAppid, cafe)).rejects.toMatchObject({
      code: "app_unauthorized",
    })
  })

  test("begins at a page of WeChat's whose address holds a code that is good once", async () => {
    const { simulator, login } = await start()
    await simulator.pushTicket()
    const redirectUri = "https://example.com/done?a=1&b=2"
    const url = new URL(
      await login.platforms.authorizationUrl(platformAppid, { redirectUri, bizAppid: shop }),
    )
    expect(url.origin + url.pathname).toBe("https://mp.weixin.qq.com/cgi-bin/componentloginpage")
    const { pre_auth_code: preAuthCode = "", ...rest } = Object.fromEntries(url.searchParams)
    expect(rest).toEqual({
      component_appid: platformAppid,
      redirect_uri: redirectUri,
      auth_type: "2",
      biz_appid: shop,
    })
    expect(simulator.authorize({ appid: shop, preAuthCode }).expiresIn).toBe(3_600)
    const page =
      "https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1#wechat_redirect"
    const mobile = await login.platforms.authorizationUrl(platformAppid, { redirectUri, page })
    expect(mobile).toMatch(
      /^https:\/\/open\.weixin.*action=bindcomponent&no_scan=1&component_appid=.*#wechat_redirect$/,
    )
    await expect(login.platforms.authorizationUrl(platformAppid, { redirectUri: "/done" })).rejects.toThrow(
      TypeError,
    )
  })
})

describe("a refresh token", () => {
  test("that WeChat replaces is kept each time, by one of all instances", async () => {
    const { simulator, logins, setUp, advance, asked } = await start({
      instances: 3,
      rotateRefreshTokens: true,
    })
    await setUp()
    for (let round = 1; round <= 5; round += 1) {
      const tokens = await Promise.all(
        logins.flatMap(login => Array.from({ length: 5 }, () => login.appTokens.get(shop))),
      )
      expect(new Set(tokens).size).toBe(1)
      expect(asked("api_authorizer_token")).toBe(round)
      advance(7_200_000)
      await simulator.pushTicket()
    }
    expect(asked("api_get_authorizer_info")).toBe(0)
  })

  test("whose successor was lost, or that somebody else has used, is asked for", async () => {
    const { simulator, login, setUp, advance, asked } = await start({ rotateRefreshTokens: true })
    await setUp()
    await login.appTokens.get(shop)
    advance(7_200_000)
    await simulator.pushTicket()
    simulator.faults.add({ kind: "reset", endpoint: "api_authorizer_token", afterConsume: true, times: 1 })
    await expect(login.appTokens.get(shop)).rejects.toMatchObject({ code: "wechat_unreachable" })
    advance(1_000)
    expect(await login.appTokens.get(shop)).toMatch(/^\d+_/)
    expect(asked("api_get_authorizer_info")).toBe(1)
    advance(7_200_000)
    await simulator.pushTicket()
    expect(await login.appTokens.get(shop)).toMatch(/^\d+_/)
    expect(asked("api_get_authorizer_info")).toBe(1)
  })
})

test("what happens to a tenant's people comes with the platform's key, and ends their sessions", async () => {
  const { logIn, setUp, simulator, login, send } = await start()
  await setUp()
  const { body } = await logIn(shop, "alice")
  const openid = simulator.state().users.find(({ name }) => name === "alice")?.openids[shop] ?? ""
  const revoked = {
    ToUserName: "gh_97417a04a28d",
    FromUserName: "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    CreateTime: Math.floor(simulator.clock.now() / 1000),
    MsgType: "event",
    Event: "user_authorization_revoke",
    OpenID: openid,
  }
  const path = `/wechat/push/${shop}`
  expect((await send(revoked, { path, receiver: shop })).status).toBe(403)
  expect((await send(revoked, { path: `/wechat/push/${cafe}` })).status).toBe(404)
  expect((await login.verify(body.access_token)).appid).toBe(shop)
  expect((await send(revoked, { path })).status).toBe(200)
  await expect(login.verify(body.access_token)).rejects.toMatchObject({ code: "session_revoked" })
})

test("whatever is wrong with a push has one and the same answer, changes nothing, and is logged without a secret", async () => {
  const { send, store, logged, simulator, post } = await start()
  const message = ticketOf(seconds)
  const { InfoType: _, ...typeless } = message
  const wrong: readonly (readonly [string, ReturnType<typeof send>])[] = [
    ["another signature", send(message, { query: { msg_signature: "0".repeat(40) } })],
    ["another time", send(message, { query: { timestamp: "1800000001" } })],
    ["too old", send(message, { signedAt: simulator.clock.now() - 301_000 })],
    ["another platform's ciphertext", send(message, { receiver: "wxsimplatform00009" })],
    ["another key", send(message, { key: "B".repeat(43) })],
    ["another platform's message", send({ ...message, AppId: "wxsimplatform00009" })],
    ["no type", send(typeless)],
    ["no ticket", send({ ...message, ComponentVerifyTicket: "" })],
    ["a ticket without end", send({ ...message, ComponentVerifyTicket: "t".repeat(1_025) })],
    ["no code", send(authorizedOf("", seconds))],
    ["an appid that is none", send({ ...unauthorizedOf(seconds), AuthorizerAppid: "../x" })],
    ["no XML", send("hello")],
    ["a doctype", send('<!DOCTYPE x [<!ENTITY a "b">]><xml><InfoType>&a;</InfoType></xml>')],
    ["what is not encrypted", post(`/wechat/platform/${platformAppid}`, asXml(message))],
  ]
  const answers = new Set<string>()
  for (const [name, answer] of wrong) {
    const { status, text } = await answer
    expect([name, status]).toEqual([name, 403])
    answers.add(text.replace(/"request_id":"[^"]*"/, ""))
  }
  expect(answers.size).toBe(1)
  expect(await store.findPlatformTicket(platformAppid)).toBeUndefined()
  expect((await send(message, { path: "/wechat/platform/wxsimplatform00009" })).status).toBe(404)
  expect((await send({ ...message, InfoType: "notify_third_fasteregister" })).text).toBe("success")
  const { secret, encodingAesKey } = simulator.state().platforms[0] as {
    readonly secret: string
    readonly encodingAesKey: string
  }
  for (const text of ["ticket@@@", secret, encodingAesKey]) expect(logged.join()).not.toContain(text)
})

test("nothing secret of a platform stands in a log, an event or an error", async () => {
  const { simulator, login, logIn, setUp, logged, events, store } = await start({ rotateRefreshTokens: true })
  await setUp()
  await logIn(shop, "alice")
  const token = await login.appTokens.get(shop)
  for (const kind of ["reset", "html", "busy"] as const)
    for (const endpoint of ["api_component_token", "api_query_auth", "api_authorizer_token"]) {
      simulator.faults.add({ kind, endpoint, times: 1 })
    }
  const errors: unknown[] = []
  for (let round = 0; round < 4; round += 1) {
    simulator.clock.advance(7_200_000)
    await login.appTokens.get(shop).catch(error => errors.push(error))
    const { authorizationCode } = simulator.authorize({ appid: shop, push: false })
    await login.platforms
      .completeAuthorization(platformAppid, authorizationCode)
      .catch(error => errors.push(error))
    await logIn(shop, "bob")
  }
  expect(errors.length).toBeGreaterThan(2)
  const said = JSON.stringify([
    logged,
    events,
    errors.map(error => [String(error), Object(error).cause, Object(error).stack]),
    await login.platforms.list(platformAppid),
    await store.listAuthorizers(platformAppid),
    await store.findPlatformTicket(platformAppid),
  ])
  expect(said).not.toMatch(/(ticket|refreshtoken|queryauthcode|preauthcode)@@@/)
  const { secret = "" } = simulator.state().platforms[0] ?? {}
  for (const text of [secret, token]) expect(said).not.toContain(text)
})
