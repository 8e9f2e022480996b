import { afterEach, describe, expect, test } from "vitest"
import {
  cafe,
  own,
  type PlatformHarness,
  type PlatformHarnessOptions,
  platformAppid,
  shop,
  startPlatformHarness,
} from "../support/platform-harness.ts"

let harness: PlatformHarness | undefined
afterEach(async () => {
  await harness?.close()
  harness = undefined
})

async function start(options: PlatformHarnessOptions = {}): Promise<PlatformHarness> {
  harness = await startPlatformHarness(options)
  return harness
}

const component = "component_jscode2session"

test("who authorises the platform while the server runs logs in, and nobody else", async () => {
  const { simulator, logIn, events, setUp, login } = await start()
  await simulator.pushTicket()
  expect((await logIn(shop, "alice")).body).toMatchObject({ code: "app_unknown" })
  await setUp()
  const first = await logIn(shop, "alice")
  expect([first.status, first.body.user.is_new]).toEqual([200, true])
  const again = await logIn(shop, "alice")
  expect(again.body.user).toMatchObject({ id: first.body.user.id, is_new: false })
  expect((await login.verify(first.body.access_token)).appid).toBe(shop)
  expect((await logIn(cafe, "alice")).body).toMatchObject({ code: "app_unknown" })
  expect(events.map(({ name, facts }) => [name, facts.appid, facts.platformAppid])).toEqual([
    ["platform.authorized", shop, platformAppid],
  ])
})

test("before the first ticket it is 503 with Retry-After, the log says why, and own apps log in", async () => {
  const { simulator, logIn, logged, login } = await start({ platform: { apps: [{ appid: shop }] } })
  const pushed = await simulator.authorize({ appid: shop, pauseMs: 10 }).pushed
  expect(pushed?.attempts.map(({ status }) => status)).toEqual([503, 503, 503, 503])
  const { status, body, headers } = await logIn(shop, "alice")
  expect([status, body.code, headers.get("retry-after")]).toEqual([503, "platform_not_ready", "60"])
  expect((await logIn(own, "alice")).status).toBe(200)
  await expect(
    login.platforms.authorizationUrl(platformAppid, { redirectUri: "https://x.example/" }),
  ).rejects.toMatchObject({ code: "platform_not_ready", retryAfter: 60 })
  expect(logged.join()).toContain("no component_verify_ticket has come yet")
})

describe("tenants", () => {
  test("a code of one with the appid of another is no code", async () => {
    const { simulator, post, setUp } = await start()
    await setUp()
    await simulator.authorize({ appid: cafe }).pushed
    const code = simulator.issueCode({ appid: shop, user: "alice" })
    const crossed = await post("/login", JSON.stringify({ code, appid: cafe }))
    expect([crossed.status, crossed.body.code]).toEqual([400, "code_invalid"])
    const own_ = await post("/login", JSON.stringify({ code, appid: own }))
    expect(own_.body.code).toBe("code_invalid")
    // It was good all the time.
    expect((await post("/login", JSON.stringify({ code, appid: shop }))).status).toBe(200)
  })

  test("share users only within one open-platform account, and none unless that is said", async () => {
    const ids = async (given: PlatformHarnessOptions) => {
      const { simulator, logIn, setUp, close } = await start(given)
      await setUp()
      await simulator.authorize({ appid: cafe }).pushed
      const answers = [await logIn(own, "alice"), await logIn(shop, "alice"), await logIn(cafe, "alice")]
      await close()
      harness = undefined
      return answers.map(({ body }) => body.user.id)
    }
    const apart = await ids({})
    expect(new Set(apart).size).toBe(3)
    const said = await ids({ platform: { apps: [{ appid: shop, openPlatform: "default" }] } })
    expect(said[1]).toBe(said[0])
    expect(said[2]).not.toBe(said[0])
  })

  test("may be named beside the apps of our own; a single one needs no appid in the login", async () => {
    const { simulator, post, setUp } = await start({
      options: { apps: [{ appid: shop, platform: platformAppid }] },
    })
    await setUp()
    const code = simulator.issueCode({ appid: shop, user: "alice" })
    expect((await post("/login", JSON.stringify({ code }))).status).toBe(200)
  })

  test("their access_token is had as one of an own app, refreshed once for all who ask", async () => {
    const { simulator, login, setUp, logIn, asked, advance } = await start()
    await setUp()
    const { body } = await logIn(shop, "alice")
    const { userId } = await login.verify(body.access_token)
    const checks = Array.from({ length: 30 }, () => login.sessionKeys.check({ userId, appid: shop }))
    expect(new Set(await Promise.all(checks))).toEqual(new Set([true]))
    expect(asked("api_authorizer_token")).toBe(1)
    expect(asked("api_component_token")).toBe(1)
    await simulator.pushTicket()
    advance(7_200_000)
    expect(await login.sessionKeys.check({ userId, appid: shop })).toBe(true)
    expect(asked("api_authorizer_token")).toBe(2)
    await expect(login.appTokens.get(cafe)).rejects.toMatchObject({ code: "app_unknown" })
  })

  test("who withdraws logs in no more, in the meantime and after; who comes back does", async () => {
    const { simulator, login, logIn, setUp, events, advance } = await start()
    await setUp()
    expect((await logIn(shop, "alice")).status).toBe(200)
    // The push is lost: WeChat itself refuses.
    await simulator.unauthorize({ appid: shop, push: false })
    const refused = await logIn(shop, "alice")
    expect([refused.status, refused.body.code]).toEqual([403, "app_unauthorized"])
    expect(refused.body.remedy).toContain("authorise the platform")
    await simulator.authorize({ appid: shop }).pushed
    expect((await logIn(shop, "alice")).status).toBe(200)
    expect(await login.appTokens.get(shop)).toMatch(/^\d+_/)
    advance(1_000)
    await simulator.unauthorize({ appid: shop })
    expect((await logIn(shop, "alice")).body.code).toBe("app_unknown")
    await expect(login.appTokens.get(shop)).rejects.toMatchObject({ code: "app_unknown" })
    expect(await login.platforms.list(platformAppid)).toMatchObject([
      { appid: shop, revokedAt: simulator.clock.now() },
    ])
    advance(1_000)
    await simulator.authorize({ appid: shop }).pushed
    expect((await logIn(shop, "alice")).status).toBe(200)
    expect(events.map(({ name }) => name)).toEqual([
      "platform.authorized",
      "platform.authorized",
      "platform.unauthorized",
      "platform.authorized",
    ])
  })
})

describe("what WeChat may answer to a code", () => {
  test.each([
    [40029, 400, "code_invalid"],
    [40163, 400, "code_used"],
    [40226, 403, "code_blocked"],
    [45011, 503, "wechat_rate_limited"],
    [61003, 403, "app_unauthorized"],
    [61004, 500, "app_misconfigured"],
    [40013, 500, "app_misconfigured"],
    [41021, 500, "internal"],
    [-1, 503, "wechat_busy"],
  ])("%i is %i %s", async (errcode, status, code) => {
    const { simulator, logIn, setUp } = await start()
    await setUp()
    simulator.faults.add({ kind: "errcode", errcode, endpoint: component })
    const answer = await logIn(shop, "alice")
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect((await logIn(own, "alice")).status).toBe(200)
  })

  test.each(["slow", "reset", "truncated", "empty", "html", "wrong_json"] as const)(
    "%s after the code was used is 503, and the code is sent no second time",
    async kind => {
      const { simulator, logIn, setUp, asked } = await start()
      await setUp()
      simulator.faults.add({ kind, endpoint: component, afterConsume: true, times: 1, delayMs: 3_000 })
      const answer = await logIn(shop, "alice")
      expect([answer.status, answer.body.code]).toEqual([503, "wechat_unreachable"])
      expect(asked(component)).toBe(1)
      expect((await logIn(shop, "alice")).status).toBe(200)
    },
  )

  test.each([40001, 40014, 42001])("%i: the code is sent once more with another token", async errcode => {
    const { simulator, logIn, setUp, asked } = await start()
    await setUp()
    expect((await logIn(shop, "alice")).status).toBe(200)
    simulator.faults.add({ kind: "errcode", errcode, endpoint: component, times: 1 })
    expect((await logIn(shop, "alice")).status).toBe(200)
    expect([asked(component), asked("api_component_token")]).toEqual([3, 2])
  })

  test("a token refused twice is 503, and asked for no third time", async () => {
    const { simulator, logIn, setUp, asked } = await start()
    await setUp()
    simulator.faults.add({ kind: "errcode", errcode: 40001, endpoint: component })
    expect((await logIn(shop, "alice")).body.code).toBe("wechat_busy")
    expect(asked(component)).toBe(2)
    expect((await logIn(shop, "alice")).body.code).toBe("wechat_busy")
    // Within 30 s no third token.
    expect(asked("api_component_token")).toBe(2)
  })

  test("should WeChat have used the code while it refused the token, the client is not told that it was used", async () => {
    const { simulator, logIn, setUp } = await start()
    await setUp()
    simulator.faults.add({
      kind: "errcode",
      errcode: 40001,
      endpoint: component,
      times: 1,
      afterConsume: true,
    })
    const answer = await logIn(shop, "alice")
    expect([answer.status, answer.body.code]).toEqual([503, "wechat_busy"])
  })

  test("one code sent many times at once reaches WeChat once", async () => {
    const { simulator, post, setUp, asked } = await start()
    await setUp()
    const body = JSON.stringify({ code: simulator.issueCode({ appid: shop, user: "alice" }), appid: shop })
    simulator.faults.add({ kind: "slow", endpoint: component, delayMs: 500, times: 1 })
    const answers = await Promise.all(Array.from({ length: 10 }, () => post("/login", body)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(asked(component)).toBe(1)
  })
})

describe("while the platform is broken", () => {
  test.each([
    ["component tokens are not answered", "slow", "api_component_token"],
    ["component tokens are cut off", "reset", "api_component_token"],
    ["logins are not answered", "slow", component],
    ["logins are cut off", "reset", component],
  ] as const)("%s: own apps log in all the time, also many at once", async (_name, kind, endpoint) => {
    const { simulator, logIn } = await start({ platform: { apps: [{ appid: shop }] } })
    await simulator.pushTicket()
    simulator.authorize({ appid: shop, push: false })
    simulator.faults.add({ kind, endpoint, delayMs: 3_000 })
    // Enough failures to open a breaker, if it were one for all.
    const broken = Promise.all(Array.from({ length: 60 }, () => logIn(shop, "alice")))
    const good = await Promise.all(Array.from({ length: 20 }, (_, index) => logIn(own, `own ${index}`)))
    expect(good.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(new Set((await broken).map(({ body }) => body.code))).toEqual(new Set(["wechat_unreachable"]))
    expect((await logIn(own, "alice")).status).toBe(200)
  })
})
