import { afterEach, expect, test } from "vitest"
import { createSimulator, type Simulator } from "../src/index.ts"
import { decrypt, element, type Received, receive } from "./receiver.ts"

const host = "http://127.0.0.1:3001"
const now = 1_800_000_000_000
const platform = "wxsimplatform00001"
const shop = "wxsim0000000000001"

let receiver: Awaited<ReturnType<typeof receive>> | undefined
afterEach(async () => {
  await receiver?.close()
  receiver = undefined
})

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answer = any

async function start(settings: { readonly rotateRefreshTokens?: boolean } = {}) {
  const server = await receive()
  receiver = server
  const simulator = createSimulator({
    now,
    apps: [{}, {}],
    platforms: [{ appid: platform, url: server.url, ...settings }],
  })
  const [{ secret, encodingAesKey } = { secret: "", encodingAesKey: "" }] = simulator.state().platforms
  const opened = () => server.received.map(push => decrypt(push, encodingAesKey).message)
  const ticket = async () => {
    await simulator.pushTicket()
    return element(opened().at(-1) ?? "", "ComponentVerifyTicket")
  }
  const componentToken = async (given: object = {}) =>
    ask(simulator, "api_component_token", {
      component_appid: platform,
      component_appsecret: secret,
      component_verify_ticket: await ticket(),
      ...given,
    })
  return { simulator, server, secret, encodingAesKey, opened, ticket, componentToken }
}

async function ask(simulator: Simulator, name: string, body: object, token?: string): Promise<Answer> {
  const query = token === undefined ? "" : `?component_access_token=${token}`
  const response = await simulator.fetch(
    new Request(`${host}/cgi-bin/component/${name}${query}`, { method: "POST", body: JSON.stringify(body) }),
  )
  return response.json()
}

async function get(simulator: Simulator, path: string, query: Record<string, string>): Promise<Answer> {
  const response = await simulator.fetch(new Request(`${host}${path}?${new URLSearchParams(query)}`))
  return response.json()
}

/** A platform with its token, and a mini program that has authorised it. */
async function authorized(settings: { readonly rotateRefreshTokens?: boolean } = {}) {
  const started = await start(settings)
  const { simulator } = started
  const { component_access_token: token } = await started.componentToken()
  const component_appid = platform
  const { pre_auth_code: preAuthCode } = await ask(
    simulator,
    "api_create_preauthcode",
    { component_appid },
    token,
  )
  const { authorizationCode, pushed } = simulator.authorize({ appid: shop, preAuthCode })
  await pushed
  const queryAuth = (authorization_code = authorizationCode) =>
    ask(simulator, "api_query_auth", { component_appid, authorization_code }, token)
  const refresh = (authorizer_refresh_token: string) =>
    ask(
      simulator,
      "api_authorizer_token",
      { component_appid, authorizer_appid: shop, authorizer_refresh_token },
      token,
    )
  const exchange = (js_code: string, given: Record<string, string> = {}) =>
    get(simulator, "/sns/component/jscode2session", {
      appid: shop,
      js_code,
      grant_type: "authorization_code",
      component_appid,
      component_access_token: token,
      ...given,
    })
  return { ...started, token, preAuthCode, authorizationCode, queryAuth, refresh, exchange }
}

test("tickets come encrypted as XML, every ten minutes of the clock and when asked for", async () => {
  const { simulator, server, encodingAesKey } = await start()
  await simulator.pushTicket()
  const { message, receiver: to } = decrypt(server.received[0] as Received, encodingAesKey)
  expect(to).toBe(platform)
  expect(element(message, "AppId")).toBe(platform)
  expect(element(message, "InfoType")).toBe("component_verify_ticket")
  expect(element(message, "CreateTime")).toBe("1800000000")
  expect(element(message, "ComponentVerifyTicket")).toMatch(/^ticket@@@/)
  simulator.clock.advance(599_000)
  expect(simulator.pushes()).toHaveLength(1)
  simulator.clock.advance(1_000)
  expect(simulator.pushes()).toHaveLength(2)
  simulator.clock.advance(86_400_000)
  expect(simulator.pushes()).toHaveLength(3)
  await expect.poll(() => server.received.length).toBe(3)
})

test("a ticket becomes a component_access_token for twelve hours; secret, platform and ticket must be right", async () => {
  const { simulator, ticket, secret, componentToken } = await start()
  const component_verify_ticket = await ticket()
  const trade = (given: object = {}) =>
    ask(simulator, "api_component_token", {
      component_appid: platform,
      component_appsecret: secret,
      component_verify_ticket,
      ...given,
    })
  expect(await trade()).toEqual({ component_access_token: expect.any(String), expires_in: 7200 })
  expect(await trade({ component_verify_ticket: "ticket@@@x" })).toMatchObject({ errcode: 61006 })
  expect(await trade({ component_appsecret: "0".repeat(32) })).toMatchObject({ errcode: 40125 })
  expect(await trade({ component_appsecret: "" })).toMatchObject({ errcode: 41004 })
  expect(await trade({ component_appid: shop })).toMatchObject({ errcode: 40013 })
  simulator.clock.advance(43_200_000)
  expect(await trade()).toMatchObject({ errcode: 61005 })
  expect(await componentToken()).toMatchObject({ expires_in: 7200 })
})

test("the token before the present one is good for five minutes more, and no other is", async () => {
  const { simulator, componentToken } = await start()
  const { component_access_token: first } = await componentToken()
  const { component_access_token: second } = await componentToken()
  const preAuth = (token?: string, component_appid = platform) =>
    ask(simulator, "api_create_preauthcode", { component_appid }, token)
  expect(await preAuth(first)).toMatchObject({ expires_in: 1800 })
  simulator.clock.advance(300_000)
  expect(await preAuth(first)).toMatchObject({ errcode: 42001 })
  expect(await preAuth(second)).toMatchObject({ pre_auth_code: expect.stringMatching(/^preauthcode@@@/) })
  expect(await preAuth("74_other")).toMatchObject({ errcode: 40001 })
  expect(await preAuth()).toMatchObject({ errcode: 41001 })
  expect(await preAuth(second, shop)).toMatchObject({ errcode: 40013 })
})

test("an authorisation is pushed and its code good once; the authorizer's token is one for its mini program", async () => {
  const { simulator, opened, preAuthCode, authorizationCode, queryAuth } = await authorized()
  const message = opened().at(-1) ?? ""
  expect(element(message, "InfoType")).toBe("authorized")
  expect(element(message, "AuthorizerAppid")).toBe(shop)
  expect(element(message, "AuthorizationCode")).toBe(authorizationCode)
  expect(element(message, "PreAuthCode")).toBe(preAuthCode)
  expect(await queryAuth("queryauthcode@@@x")).toMatchObject({ errcode: 61009 })
  const { authorization_info: info } = await queryAuth()
  expect(info).toMatchObject({ authorizer_appid: shop, expires_in: 7200 })
  expect(await queryAuth()).toMatchObject({ errcode: 61010 })
  expect(() => simulator.authorize({ appid: shop, preAuthCode })).toThrow("pre_auth_code")
  const code = simulator.issuePhoneCode({ appid: shop, user: "alice" })
  const response = await simulator.fetch(
    new Request(`${host}/wxa/business/getuserphonenumber?access_token=${info.authorizer_access_token}`, {
      method: "POST",
      body: JSON.stringify({ code }),
    }),
  )
  expect(await response.json()).toMatchObject({ errcode: 0, phone_info: { watermark: { appid: shop } } })
})

test("a refresh token serves again, or rotates where that is set; another is 61023", async () => {
  for (const rotateRefreshTokens of [false, true]) {
    const { queryAuth, refresh, simulator, token } = await authorized({ rotateRefreshTokens })
    const { authorization_info: info } = await queryAuth()
    const first = await refresh(info.authorizer_refresh_token)
    expect(first).toMatchObject({ authorizer_access_token: expect.any(String), expires_in: 7200 })
    expect(first.authorizer_refresh_token === info.authorizer_refresh_token).toBe(!rotateRefreshTokens)
    if (rotateRefreshTokens)
      expect(await refresh(info.authorizer_refresh_token)).toMatchObject({ errcode: 61023 })
    const asked = { component_appid: platform, authorizer_appid: shop }
    const known = await ask(simulator, "api_get_authorizer_info", asked, token)
    expect(known.authorization_info.authorizer_refresh_token).toBe(first.authorizer_refresh_token)
    const list = await ask(
      simulator,
      "api_get_authorizer_list",
      { component_appid: platform, offset: 0, count: 100 },
      token,
    )
    expect(list).toMatchObject({
      total_count: 1,
      list: [{ authorizer_appid: shop, auth_time: 1_800_000_000 }],
    })
    await receiver?.close()
    receiver = undefined
  }
})

test("a login through the platform is one like any other, and only for who has authorised it", async () => {
  const { simulator, exchange } = await authorized()
  const code = simulator.issueCode({ appid: shop, user: "alice" })
  const refused = { component_access_token: "74_other" }
  expect(await exchange(code, refused)).toMatchObject({ errcode: 40001 })
  expect(await exchange(code, { component_access_token: "" })).toMatchObject({ errcode: 41021 })
  expect(await exchange(code, { component_appid: shop })).toMatchObject({ errcode: 40013 })
  expect(await exchange(code, { appid: "wxsim0000000000002" })).toMatchObject({
    errcode: 61003,
    errmsg: expect.stringMatching(/^component is not authorized by this account, rid: /),
  })
  // None of these has used the code up.
  expect(Object.keys(await exchange(code))).toEqual(["session_key", "openid", "unionid"])
  expect(await exchange(code)).toMatchObject({ errcode: 40163 })
  const others = simulator.issueCode({ appid: "wxsim0000000000002", user: "alice" })
  expect(await exchange(others)).toMatchObject({ errcode: 40029 })
})

test("who withdraws is told of by a push, and everything of theirs ends", async () => {
  const { simulator, queryAuth, refresh, exchange, opened } = await authorized()
  const { authorization_info: info } = await queryAuth()
  await simulator.unauthorize({ appid: shop })
  const message = opened().at(-1) ?? ""
  expect([element(message, "InfoType"), element(message, "AuthorizerAppid")]).toEqual(["unauthorized", shop])
  expect(await exchange(simulator.issueCode({ user: "alice" }))).toMatchObject({ errcode: 61003 })
  expect(await refresh(info.authorizer_refresh_token)).toMatchObject({ errcode: 61003 })
  const answer = await get(simulator, "/wxa/checksession", { access_token: info.authorizer_access_token })
  expect(answer).toMatchObject({ errcode: 40001 })
  expect(() => simulator.unauthorize({ appid: shop })).toThrow("has not authorised")
})

test("one person has one unionid in an open-platform account, and another in the next", async () => {
  const simulator = createSimulator({ apps: [{}, { openPlatform: "other" }, { openPlatform: "other" }] })
  const unionids: string[] = []
  for (const { appid, secret } of simulator.state().apps) {
    const js_code = simulator.issueCode({ appid, user: "alice" })
    const query = { appid, secret, js_code, grant_type: "authorization_code" }
    unionids.push((await get(simulator, "/sns/jscode2session", query)).unionid)
  }
  expect(unionids[0]).toMatch(/^o.{27}$/)
  expect(unionids[1]).not.toBe(unionids[0])
  expect(unionids[2]).toBe(unionids[1])
})

test("everything can be steered over HTTP", async () => {
  const server = await receive()
  receiver = server
  const simulator = createSimulator({ now })
  const steer = async (name: string, body?: object): Promise<Answer> => {
    const response = await simulator.fetch(
      new Request(`${host}/__simulator__/${name}`, {
        method: body === undefined ? "GET" : "POST",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    return { status: response.status, ...((await response.json()) as object) }
  }
  expect(await steer("platforms", { appid: platform, url: server.url })).toMatchObject({
    platform: { appid: platform, secret: expect.stringMatching(/^[0-9a-f]{32}$/), url: server.url },
  })
  expect(await steer("platform-ticket", {})).toMatchObject({ pushing: true })
  expect(await steer("platform-authorize", { appid: shop })).toMatchObject({
    auth_code: expect.stringMatching(/^queryauthcode@@@/),
    expires_in: 3600,
  })
  expect((await steer("platforms")).platforms).toMatchObject([{ authorizers: [{ appid: shop }] }])
  expect(await steer("platform-unauthorize", { appid: shop })).toMatchObject({ unauthorized: true })
  await expect.poll(() => server.received.length).toBe(3)
  const mistakes: readonly [string, object][] = [
    ["platforms", { appid: "wx0123456789abcdef" }],
    ["platforms", { url: "http://login.example.com/" }],
    ["platforms", { token: "no good" }],
    ["platforms", { encodingAesKey: "short" }],
    ["platforms", { secret: 1 }],
    ["platform-ticket", { platform: "wxsimplatform00009" }],
    ["platform-ticket", { waitMs: 0 }],
    ["platform-authorize", {}],
    ["platform-authorize", { appid: "wxsim0000000000009" }],
    ["platform-authorize", { appid: shop, pre_auth_code: "preauthcode@@@x" }],
    ["platform-unauthorize", { appid: shop }],
  ]
  for (const [name, body] of mistakes)
    expect([name, body, (await steer(name, body)).status]).toEqual([name, body, 400])
})
