import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startMiniProgram } from "../support/mini-program.ts"
import { person, problem, tokenReply } from "../support/replies.ts"
import type { ScriptedCall } from "../support/scripted-platform.ts"
import { baseUrl, soon, startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const minute = 60_000
const life = 30 * minute
const refreshTokens = (calls: readonly ScriptedCall[]) =>
  calls.map(({ options }) => (options.data as { refresh_token: string }).refresh_token)

test("until the last minute of its life a token is used as it is", async () => {
  const { phone, login } = await startLoggedIn()
  vi.setSystemTime(Date.now() + life - minute - 1)
  await login.request({ url: "/orders" })
  expect(phone.last("/orders").token).toBe("access-1")
  expect(phone.to("/refresh")).toHaveLength(0)
})

test("in its last minute it is renewed first, once for all", async () => {
  const { phone, login } = await startLoggedIn()
  vi.setSystemTime(Date.now() + life - minute)
  await Promise.all(Array.from({ length: 20 }, () => login.request({ url: "/orders" })))
  expect(refreshTokens(phone.to("/refresh"))).toEqual(["refresh-1"])
  expect(new Set(phone.to("/orders").map(({ token }) => token))).toEqual(new Set(["access-2"]))
  expect(phone.to("login")).toHaveLength(1)
})

test("a token of a short life is renewed in the last tenth of it", async () => {
  const { phone, login, rule } = await startLoggedIn()
  rule(call => (call.path === "/refresh" ? call.answer(tokenReply(2, { expires_in: 60 })) : false))
  vi.setSystemTime(Date.now() + life)
  await login.ready()
  vi.setSystemTime(Date.now() + 53_999)
  await login.ready()
  expect(phone.to("/refresh")).toHaveLength(1)
  vi.setSystemTime(Date.now() + 1)
  await login.ready()
  expect(refreshTokens(phone.to("/refresh"))).toEqual(["refresh-1", "refresh-2"])
})

test("a renewal ahead of time that fails is no harm: the token is still used", async () => {
  const { phone, login } = await startLoggedIn(call =>
    call.path === "/refresh" ? call.answer(problem("store_unavailable", { retryable: true }), 503) : false,
  )
  vi.setSystemTime(Date.now() + life - minute)
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(phone.last("/orders").token).toBe("access-1")
})

test("a renewal ahead of time that fails is no harm though the user was changed meanwhile", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/refresh" && undefined)
  vi.setSystemTime(Date.now() + life - minute)
  const orders = login.request({ url: "/orders" })
  await soon()
  login.setUser({ nickname: "安娜" })
  phone.last("/refresh").answer(problem("store_unavailable", { retryable: true }), 503)
  expect(await orders).toEqual({ ok: true })
})

test("a 401 renews the token and the request is sent once more, with the new one", async () => {
  const { phone, login } = await startLoggedIn(call =>
    call.token === "access-1" ? call.answer(problem("token_expired"), 401) : false,
  )
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(phone.to("/orders").map(({ token }) => token)).toEqual(["access-1", "access-2"])
  expect(refreshTokens(phone.to("/refresh"))).toEqual(["refresh-1"])
})

test("over the real server: a device whose clock is behind finds out by 401s, once for all of them", async () => {
  let ahead = 0
  const phone = await startMiniProgram({ server: { clock: () => Date.now() + ahead } })
  await phone.login.ready()
  ahead = life + minute
  const requests = Array.from({ length: 5 }, () => phone.login.request<{ of: string }>({ url: "/orders" }))
  for (const { of } of await Promise.all(requests)) expect(of).toBe(phone.login.user?.id)
  const statuses = phone.to("/orders").map(({ status }) => status)
  expect(statuses.sort()).toEqual([200, 200, 200, 200, 200, 401, 401, 401, 401, 401])
  expect(phone.to("/refresh")).toHaveLength(1)
  expect(phone.codes()).toBe(1)
  await phone.close()
})

test("a second 401 is the answer: a request is sent twice at most", async () => {
  const { phone, login } = await startLoggedIn(call =>
    call.path === "/orders" ? call.answer(problem("token_invalid"), 401) : false,
  )
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({
    code: "token_invalid",
    status: 401,
  })
  expect(phone.to("/orders")).toHaveLength(2)
  expect(phone.to("/refresh")).toHaveLength(1)
})

test("many 401s at once renew the token once", async () => {
  const { phone, login } = await startLoggedIn(call =>
    call.token === "access-1" ? call.answer(problem("token_expired"), 401) : false,
  )
  await Promise.all(Array.from({ length: 20 }, () => login.request({ url: "/orders" })))
  expect(phone.to("/refresh")).toHaveLength(1)
  expect(phone.to("/orders")).toHaveLength(40)
})

test("a 401 that comes after its token was replaced renews nothing", async () => {
  const { phone, login } = await startLoggedIn(call => call.token === "access-1" && undefined)
  const early = login.request({ url: "/early" })
  const late = login.request({ url: "/late" })
  await soon()
  phone.last("/early").answer(problem("token_expired"), 401)
  await early
  phone.last("/late").answer(problem("token_expired"), 401)
  await late
  expect(phone.to("/refresh")).toHaveLength(1)
  expect(phone.to("/late").map(({ token }) => token)).toEqual(["access-1", "access-2"])
})

test("a 401 for a token of before a fresh login leaves the new session alone", async () => {
  const { phone, login } = await startLoggedIn(call => call.token === "access-1" && undefined)
  const late = login.request({ url: "/late" })
  await soon()
  await login.login({ fresh: true })
  phone.last("/late").answer(problem("session_revoked"), 401)
  expect(await late).toEqual({ ok: true })
  expect(phone.to("/refresh")).toHaveLength(0)
})

test("over the real server: a lost answer is asked for again with the same token, and burns nothing", async () => {
  const phone = await startMiniProgram()
  const replayed: unknown[] = []
  phone.server.on("refresh.replayed", event => void replayed.push(event))
  await phone.login.ready()
  phone.advance(life)
  phone.network(({ path }) => (path === "/refresh" && phone.to("/refresh").length < 3 ? "lose" : undefined))
  expect(await phone.settled(phone.login.request({ url: "/orders" }))).toMatchObject({ status: "fulfilled" })
  const refreshes = phone.to("/refresh")
  expect(refreshes).toHaveLength(3)
  expect(new Set(refreshes.map(({ body }) => body.refresh_token)).size).toBe(1)
  expect(refreshes.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(replayed).toHaveLength(2)
  expect(phone.codes()).toBe(1)
  await phone.close()
})

test("a lost answer is asked for again after half a second, not at once", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/refresh" && call.refuse())
  vi.setSystemTime(Date.now() + life)
  const outcome = login.request({ url: "/orders" }).catch(() => {})
  await vi.advanceTimersByTimeAsync(499)
  expect(phone.to("/refresh")).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(phone.to("/refresh")).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(500)
  await outcome
})

test("after three lost answers it gives up, keeps the session, and the next request tries again", async () => {
  const { phone, login, rule } = await startLoggedIn(call => call.path === "/refresh" && call.refuse())
  vi.setSystemTime(Date.now() + life)
  const outcome = expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "network" })
  await vi.advanceTimersByTimeAsync(2_000)
  await outcome
  expect(refreshTokens(phone.to("/refresh"))).toEqual(["refresh-1", "refresh-1", "refresh-1"])
  expect(login.status).toBe("logged_in")
  rule(() => false)
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(refreshTokens(phone.to("/refresh")).at(-1)).toBe("refresh-1")
  expect(phone.to("login")).toHaveLength(1)
})

test.each([
  ["the default timeout", undefined],
  ["a timeout of 14.5 s", 14_500],
  ["a timeout of 20 s", 20_000],
  ["a timeout of 60 s", 60_000],
])(
  "with %s no try of a refresh leaves after the 30 s in which its answer is repeated",
  async (_, timeout) => {
    const { phone, login } = await startLoggedIn(
      call => call.path === "/refresh" && undefined,
      timeout === undefined ? {} : { timeout },
    )
    vi.setSystemTime(Date.now() + life)
    const began = Date.now()
    const outcome = login.request({ url: "/orders" }).catch(() => {})
    const sentAt: number[] = []
    for (let second = 0; second < 200; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000)
      while (sentAt.length < phone.to("/refresh").length) sentAt.push(Date.now() - began)
    }
    await outcome
    expect(sentAt.length).toBeGreaterThan(0)
    expect(Math.max(...sentAt)).toBeLessThan(30_000)
  },
)

test("over the real server: a refresh token that is over means one silent login", async () => {
  const phone = await startMiniProgram()
  const before = await phone.login.ready()
  phone.advance(31 * 24 * 60 * minute)
  const requests = Array.from({ length: 5 }, () => phone.login.request<{ of: string }>({ url: "/orders" }))
  for (const { of } of await Promise.all(requests)) expect(of).toBe(before?.id)
  expect(phone.to("/refresh").map(({ status }) => status)).toEqual([401])
  expect(phone.codes()).toBe(2)
  await phone.close()
})

test.each(["token_invalid", "token_expired", "refresh_reused"])(
  "a refresh answered %s falls back to one silent login",
  async code => {
    const { phone, login } = await startLoggedIn(call =>
      call.path === "/refresh" ? call.answer(problem(code), 401) : false,
    )
    vi.setSystemTime(Date.now() + life)
    const requests = Array.from({ length: 5 }, () => login.request({ url: "/orders" }))
    await Promise.all(requests)
    expect(phone.to("/refresh")).toHaveLength(1)
    expect(phone.to("login")).toHaveLength(2)
  },
)

test("with silent: false a failed refresh is the end of the session", async () => {
  const { phone, login } = await startLoggedIn(
    call => (call.path === "/refresh" ? call.answer(problem("token_expired"), 401) : false),
    { silent: false },
  )
  vi.setSystemTime(Date.now() + life)
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ retryable: false })
  expect(login.status).toBe("logged_out")
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  expect(await login.ready()).toBeNull()
  expect(phone.to("login")).toHaveLength(1)
})

test.each([
  ["store_unavailable", 503, true],
  ["rate_limited", 429, true],
  ["internal", 500, false],
  ["bad gateway", 502, undefined],
  ["maintenance", 403, true],
])(
  "a refresh answered %s says nothing about the token: the session stays",
  async (code, status, retryable) => {
    const { phone, login, rule } = await startLoggedIn(call =>
      call.path === "/refresh"
        ? call.answer(retryable === undefined ? "<html>" : problem(code, { retryable }), status)
        : false,
    )
    vi.setSystemTime(Date.now() + life)
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ status })
    expect(phone.to("login")).toHaveLength(1)
    expect(login.user).toEqual(person)
    rule(() => false)
    expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
    expect(phone.to("login")).toHaveLength(1)
  },
)

test.each([400, 403, 404, 413])(
  "a refresh answered %d by something in between says nothing about the token: the session stays",
  async status => {
    const { phone, login, rule } = await startLoggedIn(call =>
      call.path === "/refresh" ? call.answer("<html>nginx", status) : false,
    )
    vi.setSystemTime(Date.now() + life)
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "http_error", status })
    expect(login.user).toEqual(person)
    rule(() => false)
    expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
    expect(phone.to("login")).toHaveLength(1)
  },
)

test.each([
  ["a 401 of a server without codes", undefined, 401],
  ["a 400 of the login server, which can't read the token", "invalid_request", 400],
])("%s is about the token: one silent login", async (_, code, status) => {
  const { phone, login } = await startLoggedIn(call =>
    call.path === "/refresh" ? call.answer(code === undefined ? {} : problem(code), status) : false,
  )
  vi.setSystemTime(Date.now() + life)
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(phone.to("login")).toHaveLength(2)
})

test.each(["account_blocked", "account_deleted"])(
  "after a refresh answered %s one login says why, and no other follows",
  async code => {
    const { phone, login } = await startLoggedIn(call =>
      /refresh|login$/.test(call.path) ? call.answer(problem(code), 403) : false,
    )
    vi.setSystemTime(Date.now() + life)
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code, status: 403 })
    expect(login.status).toBe("logged_out")
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
    expect(phone.to("login")).toHaveLength(2)
  },
)

test("a refresh answered 200 with something else than tokens leaves the session as it is", async () => {
  const { phone, login, rule } = await startLoggedIn(call =>
    call.path === "/refresh" ? call.answer("<html>Welcome to the hotel's network</html>") : false,
  )
  vi.setSystemTime(Date.now() + life)
  const outcome = expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "http_error" })
  await vi.advanceTimersByTimeAsync(2_000)
  await outcome
  expect(login.user).toEqual(person)
  rule(() => false)
  await login.request({ url: "/orders" })
  expect(refreshTokens(phone.to("/refresh")).at(-1)).toBe("refresh-1")
})

test("over the real server: a session ended elsewhere is logged out here, and no login follows", async () => {
  const phone = await startMiniProgram()
  const user = await phone.login.ready()
  await phone.server.sessions.revokeAll(user?.id ?? "")
  const first = await phone.settled(phone.login.request({ url: "/orders" }))
  expect(first).toMatchObject({ status: "rejected", reason: { name: "LoginError", retryable: false } })
  expect(phone.login.status).toBe("logged_out")
  const sent = phone.sent.length
  await expect(phone.login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  expect(await phone.login.ready()).toBeNull()
  expect(await phone.restart().ready()).toBeNull()
  expect(phone.sent).toHaveLength(sent)
  expect(phone.codes()).toBe(1)
  expect(await phone.login.login()).toMatchObject({ id: user?.id })
  await phone.close()
})

test("the first to hear of a session ended elsewhere hears logged_out", async () => {
  const { phone, login } = await startLoggedIn(call =>
    call.token === "access-1" || call.path === "/refresh"
      ? call.answer(problem("session_revoked"), 401)
      : false,
  )
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({
    code: "logged_out",
    retryable: false,
  })
  expect(phone.to("login")).toHaveLength(1)
})

test("the tokens of a renewal are kept for the next start", async () => {
  const { phone, login } = await startLoggedIn()
  vi.setSystemTime(Date.now() + life)
  await login.ready()
  expect(phone.stored.get(`denglu:${baseUrl}`)).toContain("refresh-2")
  expect(phone.stored.get(`denglu:${baseUrl}`)).not.toContain("refresh-1")
})
