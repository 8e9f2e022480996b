import { afterEach, describe, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
afterEach(() => harness.close())

describe("the user's own routes", () => {
  test("a profile is changed field by field, and an empty text clears one", async () => {
    harness = await startHarness()
    const { access_token: token } = await harness.logIn("alice")
    const patch = (body: unknown) => harness.send("PATCH", "/me", { token, body })
    expect((await patch({ nickname: "  小明  " })).body).toMatchObject({ nickname: "小明", avatar_url: null })
    expect((await patch({ avatar_url: "https://thirdwx.qlogo.cn/a.png" })).body).toMatchObject({
      nickname: "小明",
      avatar_url: "https://thirdwx.qlogo.cn/a.png",
    })
    expect((await patch({ nickname: "a\u0000\u202eb\ud800\u0007👨‍👩‍👧" })).body.nickname).toBe(
      "ab\ufffd👨‍👩‍👧",
    )
    expect((await patch({ nickname: "\u0001" })).body.nickname).toBeNull()
    expect((await patch({ nickname: "" })).body.nickname).toBeNull()
    expect((await harness.send("GET", "/me", { token })).body.avatar_url).toBe(
      "https://thirdwx.qlogo.cn/a.png",
    )
  })

  test.each([
    ["nothing", {}],
    ["neither nickname nor avatar", { constructor: 1 }],
    ["a nickname that is a number", { nickname: 1 }],
    ["a nickname of 65 characters", { nickname: "a".repeat(65) }],
    ["an avatar that is a script", { avatar_url: "javascript:alert(1)" }],
    ["an avatar with quotes", { avatar_url: 'https://a.example/"onload="x' }],
  ])("PATCH /me refuses %s", async (_name, body) => {
    harness = await startHarness()
    const { access_token: token } = await harness.logIn("alice")
    const answer = await harness.send("PATCH", "/me", { token, body })
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"])
  })

  test("POST /me changes the user as PATCH does, for clients that have no PATCH", async () => {
    harness = await startHarness()
    const { access_token: token } = await harness.logIn("alice")
    const answer = await harness.send("POST", "/me", { token, body: { nickname: "阿强" } })
    expect(answer.status).toBe(200)
    expect((await harness.send("GET", "/me", { token })).body).toMatchObject({ nickname: "阿强" })
  })

  test("PATCH /me changes nothing but nickname and avatar", async () => {
    harness = await startHarness()
    const { access_token: token, user } = await harness.logIn("alice")
    const { body } = await harness.send("PATCH", "/me", {
      token,
      body: { nickname: "a", id: "x", created_at: "x" },
    })
    expect(body.id).toBe(user.id)
  })

  test("sessions are listed, the asking one marked, and another one can be ended", async () => {
    harness = await startHarness()
    const phone = await harness.logIn("alice")
    harness.advance(1000)
    const tablet = await harness.logIn("alice")
    const { body } = await harness.send("GET", "/me/sessions", { token: tablet.access_token })
    expect(
      body.sessions.map((session: { id: string; current: boolean }) => [session.id, session.current]),
    ).toEqual([
      [tablet.session_id, true],
      [phone.session_id, false],
    ])
    const ended = await harness.send("DELETE", `/me/sessions/${phone.session_id}`, {
      token: tablet.access_token,
    })
    expect([ended.status, ended.text]).toEqual([204, ""])
    expect((await harness.send("GET", "/me", { token: phone.access_token })).body.code).toBe(
      "session_revoked",
    )
    expect((await harness.send("GET", "/me", { token: tablet.access_token })).status).toBe(200)
  })

  test("nobody ends another user's session", async () => {
    harness = await startHarness()
    const alice = await harness.logIn("alice")
    const mallory = await harness.logIn("mallory")
    const answer = await harness.send("DELETE", `/me/sessions/${alice.session_id}`, {
      token: mallory.access_token,
    })
    expect([answer.status, answer.body.code]).toEqual([404, "not_found"])
    expect((await harness.send("GET", "/me", { token: alice.access_token })).status).toBe(200)
  })

  test("logout ends this session at once; everywhere ends all", async () => {
    harness = await startHarness()
    const [a, b, c] = [
      await harness.logIn("alice"),
      await harness.logIn("alice"),
      await harness.logIn("alice"),
    ]
    const status = async (token: string) => (await harness.send("GET", "/me", { token })).status
    expect((await harness.send("POST", "/logout", { token: a.access_token })).body).toEqual({
      revoked_sessions: 1,
    })
    expect([await status(a.access_token), await status(b.access_token)]).toEqual([401, 200])
    const everywhere = await harness.send("POST", "/logout", {
      token: b.access_token,
      body: { everywhere: true },
    })
    expect(everywhere.body).toEqual({ revoked_sessions: 2 })
    expect([await status(b.access_token), await status(c.access_token)]).toEqual([401, 401])
  })
})

describe("the Authorization header", () => {
  test.each([
    ["none", undefined, 401, 'Bearer realm="denglu"'],
    ["Basic", "Basic abc", 401, 'Bearer realm="denglu"'],
    ["Bearer without token", "Bearer", 401, 'Bearer realm="denglu"'],
    ["Bearer and spaces", "Bearer    ", 401, 'Bearer realm="denglu"'],
    ["an empty one", "", 401, 'Bearer realm="denglu"'],
    ["Bearerx", "Bearerx abc", 401, 'Bearer realm="denglu"'],
    ["a percent sign", "Bearer %", 400, null],
    ["two tokens", "Bearer a, Bearer b", 400, null],
    ["a token with a space", "Bearer a b", 400, null],
    ["letters beyond ASCII", "Bearer \u00e9", 400, null],
    [
      "a word",
      "Bearer abc",
      401,
      'Bearer realm="denglu", error="invalid_token", error_description="token_invalid"',
    ],
    [
      "lower case",
      "bearer abc",
      401,
      'Bearer realm="denglu", error="invalid_token", error_description="token_invalid"',
    ],
    [
      "8 kB",
      `Bearer ${"a".repeat(8000)}`,
      401,
      'Bearer realm="denglu", error="invalid_token", error_description="token_invalid"',
    ],
  ])("%s", async (_name, header, status, challenge) => {
    harness = await startHarness()
    const headers = header === undefined ? {} : { authorization: header }
    const answer = await harness.send("GET", "/me", { headers })
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([status, challenge])
  })

  test("lower case and double space are fine around a good token", async () => {
    harness = await startHarness()
    const { access_token: token } = await harness.logIn("alice")
    const answer = await harness.send("GET", "/me", { headers: { authorization: `bearer  ${token}` } })
    expect(answer.status).toBe(200)
  })

  test("a token in the URL is refused, good or not", async () => {
    harness = await startHarness()
    const { access_token: token } = await harness.logIn("alice")
    const answer = await harness.send("GET", `/me?access_token=${token}`, { token })
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"])
    expect(answer.text).not.toContain(token)
  })

  test("every route that is the user's own wants a token, and an openid is none", async () => {
    harness = await startHarness()
    await harness.logIn("alice")
    const { users } = harness.simulator.state()
    const open = [
      "/login",
      "/login/cloud",
      "/refresh",
      "/wechat/access-token",
      "/wechat/push/:appid",
      "/scan",
      "/scan/:id",
      "/scan/:id/redeem",
      "/sms",
      "/login/sms",
      "/login/ways",
      "/wechat/platform/:appid",
      "/openapi.json",
      "/healthz",
      "/readyz",
    ]
    for (const { method, path } of harness.login.routes) {
      if (open.includes(path) || path.startsWith("/.well-known/")) continue
      const answer = await harness.send(method, path.replace(":id", "x"), {
        headers: { authorization: `Bearer ${JSON.stringify(users).match(/o[\w-]{27}/)?.[0]}` },
      })
      expect([path, answer.status, answer.body.code]).toEqual([path, 401, "token_invalid"])
    }
  })
})

describe("paths and methods", () => {
  test("an unknown path is a 404 problem", async () => {
    harness = await startHarness()
    const answer = await harness.send("GET", "/nothing")
    expect([answer.status, answer.body.code]).toEqual([404, "not_found"])
  })

  test("a known path with another method is a 405 that names the ones it has", async () => {
    harness = await startHarness()
    const answer = await harness.send("GET", "/login")
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"])
    expect((await harness.send("PUT", "/me")).headers.get("allow")).toBe("GET, PATCH, POST, DELETE, HEAD")
  })

  test("HEAD answers what GET does, without the body", async () => {
    harness = await startHarness()
    const answer = await harness.send("HEAD", "/healthz")
    expect([answer.status, answer.text]).toEqual([200, ""])
  })

  test("under a base path the routes live there and nowhere else", async () => {
    harness = await startHarness({ basePath: "/auth" })
    expect((await harness.send("GET", "/auth/healthz")).status).toBe(200)
    expect((await harness.send("GET", "/healthz")).status).toBe(404)
    expect((await harness.send("GET", "/authhealthz")).status).toBe(404)
  })

  test("16,384 bytes are read, one more is a 413", async () => {
    harness = await startHarness()
    const body = (size: number) => `{"code":"x","fill":"${"a".repeat(size - 22)}"}`
    expect((await harness.send("POST", "/login", { body: body(16_384) })).body.code).toBe("code_invalid")
    expect((await harness.send("POST", "/login", { body: body(16_385) })).body.code).toBe("payload_too_large")
  })
})

describe("CORS", () => {
  test("is off unless configured", async () => {
    harness = await startHarness()
    const answer = await harness.send("GET", "/healthz", { headers: { origin: "https://a.example" } })
    expect([...answer.headers.keys()].filter(name => name.startsWith("access-control"))).toEqual([])
  })

  test("is by exact origin", async () => {
    harness = await startHarness({ allowedOrigins: ["https://a.example"] })
    const allowed = async (origin: string) =>
      (await harness.send("GET", "/healthz", { headers: { origin } })).headers.get(
        "access-control-allow-origin",
      )
    expect(await allowed("https://a.example")).toBe("https://a.example")
    expect(await allowed("https://a.example.evil.example")).toBeNull()
    expect(await allowed("http://a.example")).toBeNull()
    expect(await allowed("null")).toBeNull()
  })

  test("a preflight names the path's methods", async () => {
    harness = await startHarness({ allowedOrigins: ["https://a.example"] })
    const answer = await harness.send("OPTIONS", "/me", { headers: { origin: "https://a.example" } })
    expect([answer.status, answer.headers.get("access-control-allow-methods")]).toEqual([
      204,
      "GET, PATCH, POST, DELETE, HEAD",
    ])
  })
})

describe("rate limits", () => {
  const tryLogin = (address: string, headers = {}) =>
    harness.send("POST", "/login", { body: { code: "x" }, address, headers })

  test("exactly as many logins pass as one address may have, however many come at once", async () => {
    harness = await startHarness({ limits: { loginsPerAddress: 10 } })
    const answers = await Promise.all(Array.from({ length: 64 }, () => tryLogin("203.0.113.1")))
    expect(answers.filter(answer => answer.status === 429)).toHaveLength(54)
    expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await tryLogin("203.0.113.2")).status).toBe(400)
  })

  test("X-Forwarded-For moves nobody's bucket unless a trusted proxy says it", async () => {
    harness = await startHarness({ limits: { loginsPerAddress: 1 } })
    await tryLogin("203.0.113.1")
    expect((await tryLogin("203.0.113.1", { "x-forwarded-for": "198.51.100.9" })).status).toBe(429)
    expect(harness.logged.join()).toContain("trustedProxies")
    await harness.close()
    harness = await startHarness({ limits: { loginsPerAddress: 1 }, trustedProxies: ["10.0.0.0/8"] })
    const through = (client: string) => tryLogin("10.1.2.3", { "x-forwarded-for": client })
    expect((await through("198.51.100.1")).status).toBe(400)
    expect((await through("198.51.100.2")).status).toBe(400)
    expect((await through("1.1.1.1, 198.51.100.1")).status).toBe(429)
    expect((await tryLogin("203.0.113.1", { "x-forwarded-for": "198.51.100.77" })).status).toBe(400)
    expect((await tryLogin("203.0.113.1", { "x-forwarded-for": "198.51.100.78" })).status).toBe(429)
  })

  test("one IPv6 /64 is one bucket, and a mapped IPv4 address is the IPv4 address", async () => {
    harness = await startHarness({ limits: { loginsPerAddress: 1 } })
    expect((await tryLogin("2001:db8:1:2::1")).status).toBe(400)
    expect((await tryLogin("2001:db8:1:2:ffff::2")).status).toBe(429)
    expect((await tryLogin("2001:DB8:1:3::1")).status).toBe(400)
    expect((await tryLogin("203.0.113.9")).status).toBe(400)
    expect((await tryLogin("::ffff:203.0.113.9")).status).toBe(429)
  })

  test("junk for one app does not reach WeChat beyond the app's budget", async () => {
    harness = await startHarness({ limits: { loginsPerApp: 5 } })
    for (let index = 0; index < 20; index += 1) await tryLogin(`203.0.113.${index}`)
    expect(harness.simulator.calls).toHaveLength(5)
  })
})

test("readiness turns to 503 when draining, liveness stays", async () => {
  harness = await startHarness()
  expect((await harness.send("GET", "/readyz")).body).toEqual({
    status: "ready",
    checks: { store: "ok", accepting: true },
  })
  harness.login.drain()
  expect((await harness.send("GET", "/readyz")).status).toBe(503)
  expect((await harness.send("GET", "/healthz")).status).toBe(200)
})

test("the OpenAPI document lists every route", async () => {
  harness = await startHarness()
  const { body } = await harness.send("GET", "/openapi.json")
  const listed = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map(
      method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
    ),
  )
  expect(listed.sort()).toEqual(harness.login.routes.map(({ method, path }) => `${method} ${path}`).sort())
})
