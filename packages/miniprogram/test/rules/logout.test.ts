import { createLogin } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startMiniProgram } from "../support/mini-program.ts"
import { person, problem, tokenReply } from "../support/replies.ts"
import { baseUrl, soon, start, startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test("over the real server: logout ends the session here and there", async () => {
  const phone = await startMiniProgram()
  const user = await phone.login.ready()
  const token = phone.to("/login")[0]
  expect(token?.status).toBe(200)
  await phone.login.logout()
  expect(phone.login.status).toBe("logged_out")
  expect(phone.login.user).toBeNull()
  expect(await phone.server.sessions.list(user?.id ?? "")).toEqual([])
  await phone.close()
})

test("it is in force at once, before the server knows", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/logout" && undefined)
  const done = login.logout()
  expect(login.status).toBe("logged_out")
  expect(phone.stored.get(`denglu:${baseUrl}`)).toBe('{"out":true}')
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  phone.last("/logout").answer({ revoked_sessions: 1 })
  await done
})

test("nothing logs in again until login(), not even a new start", async () => {
  const phone = await startMiniProgram()
  await phone.login.ready()
  await phone.login.logout()
  const sent = phone.sent.length
  for (const login of [phone.login, phone.restart(), phone.restart()]) {
    expect(login.status).toBe("logged_out")
    expect(await login.ready()).toBeNull()
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({
      code: "logged_out",
      retryable: false,
    })
  }
  expect(phone.sent).toHaveLength(sent)
  expect(phone.codes()).toBe(1)
  await phone.login.login()
  expect(phone.restart().status).toBe("logged_in")
  await phone.close()
})

test("a login() that fails does not lift it: until one succeeds, nothing logs in by itself", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/login" && call.refuse())
  await login.logout()
  const joined = login.login().catch(error => error.code)
  expect(await login.ready()).toBeNull()
  expect(await joined).toBe("network")
  const sent = phone.calls.length
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  expect(await login.ready()).toBeNull()
  expect(phone.calls).toHaveLength(sent)
})

test("a second logout, and one without a session, send nothing", async () => {
  const { phone, login } = start()
  await login.logout()
  await login.logout()
  expect(phone.calls).toHaveLength(0)
  expect(await login.ready()).toBeNull()
})

test("while wx.login is under way: who waits hears logged_out, and the code is not sent", async () => {
  const { phone, login } = start()
  const waiters = [login.request({ url: "/orders" }), login.login()].map(waiter =>
    expect(waiter).rejects.toMatchObject({ code: "logged_out" }),
  )
  const page = login.ready()
  await soon()
  await login.logout()
  phone.last("login").succeed({ code: "code-1" })
  await Promise.all(waiters)
  expect(await page).toBeNull()
  expect(phone.to("/login")).toHaveLength(0)
  expect(login.status).toBe("logged_out")
})

test("over the real server: a session that arrives after logout is ended, not used", async () => {
  const phone = await startMiniProgram()
  const created: string[] = []
  phone.server.on("session.issued", ({ userId }) => void created.push(userId))
  const arrive = phone.hold("/login")
  const outcome = expect(phone.login.request({ url: "/orders" })).rejects.toMatchObject({
    code: "logged_out",
  })
  await vi.waitFor(() => expect(phone.to("/login")).toHaveLength(1))
  await phone.login.logout()
  arrive()
  await outcome
  await vi.waitFor(() => expect(phone.to("/logout")[0]?.status).toBe(200))
  expect(created).toHaveLength(1)
  expect(await phone.server.sessions.list(created[0] ?? "")).toEqual([])
  expect(phone.login.status).toBe("logged_out")
  expect(await phone.restart().ready()).toBeNull()
  await phone.close()
})

test("over the real server: tokens of a renewal that arrive after logout are not used", async () => {
  const phone = await startMiniProgram()
  const user = await phone.login.ready()
  phone.advance(30 * 60_000)
  const arrive = phone.hold("/refresh")
  const outcome = expect(phone.login.request({ url: "/orders" })).rejects.toMatchObject({
    name: "LoginError",
  })
  await vi.waitFor(() => expect(phone.to("/refresh")).toHaveLength(1))
  const done = phone.login.logout()
  arrive()
  await phone.settled(done)
  await outcome
  await vi.waitFor(async () => expect(await phone.server.sessions.list(user?.id ?? "")).toEqual([]))
  expect(phone.login.status).toBe("logged_out")
  await phone.close()
})

test("a login after it does not wait for what the logout left behind, nor is it disturbed by it", async () => {
  const { phone, login } = start()
  const old = login.ready().catch(() => null)
  await soon()
  phone.last("login").succeed({ code: "code-1" })
  await soon()
  const oldPost = phone.last("/login")
  await login.logout()
  const next = login.login()
  await soon()
  phone.last("login").succeed({ code: "code-2" })
  await soon()
  phone.last("/login").answer(tokenReply(2))
  expect(await next).toEqual(person)
  oldPost.answer(tokenReply(1))
  await soon()
  expect(phone.last("/logout").token).toBe("access-1")
  expect(login.status).toBe("logged_in")
  await old
  const orders = login.request({ url: "/orders" })
  await soon()
  expect(phone.last("/orders").token).toBe("access-2")
  phone.last("/orders").answer({})
  await orders
})

test("what a login hears that a logout left behind is told to nobody: who waited for it is logged out", async () => {
  const { phone, login } = start()
  const waited = login.ready()
  phone.last("login").succeed({ code: "code-1" })
  await soon()
  const old = phone.last("/login")
  void login.logout()
  const later = login.login()
  phone.last("login").succeed({ code: "code-2" })
  await soon()
  phone.last("/login").answer(tokenReply(1))
  expect(await later).toEqual(person)
  old.answer(problem("account_deleted"), 403)
  await expect(waited).rejects.toMatchObject({ code: "logged_out" })
  expect(login.status).toBe("logged_in")
})

test.each(["token_invalid", "session_revoked"])(
  "a renewal that is refused (%s) after a logout and a new login does not touch the new session",
  async code => {
    const { phone, login } = await startLoggedIn(call => call.path === "/refresh" && undefined)
    vi.setSystemTime(Date.now() + 30 * 60_000)
    const outcome = expect(login.request({ url: "/orders" })).rejects.toMatchObject({ name: "LoginError" })
    await soon()
    await login.logout()
    await login.login()
    phone.last("/refresh").answer(problem(code), 401)
    await outcome
    expect(login.status).toBe("logged_in")
    expect(phone.to("login")).toHaveLength(2)
    await login.request({ url: "/orders" })
    expect(phone.last("/orders").token).toBe("access-2")
  },
)

test("a request that waited for a renewal does not go out with the old token after a logout and a new login", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/refresh" && undefined)
  vi.setSystemTime(Date.now() + 29.5 * 60_000)
  const outcome = expect(login.request({ url: "/orders" })).rejects.toMatchObject({ name: "LoginError" })
  await soon()
  await login.logout()
  await login.login()
  phone.last("/refresh").answer(problem("store_unavailable", { retryable: true }), 503)
  await outcome
  expect(phone.to("/orders")).toHaveLength(0)
})

test("after it, wx.login is not asked again for a login that failed on the way", async () => {
  const { phone, login } = start()
  const outcome = expect(login.login()).rejects.toMatchObject({ name: "LoginError" })
  await soon()
  phone.last("login").succeed({ code: "code-1" })
  await soon()
  await login.logout()
  phone.last("/login").refuse()
  await vi.advanceTimersByTimeAsync(10_000)
  await outcome
  expect(phone.to("login")).toHaveLength(1)
})

test("a fresh login that waited for another one does not outlive a logout", async () => {
  const { phone, login } = start()
  const waiters = [login.ready(), login.login({ fresh: true })].map(waiter => waiter.catch(() => null))
  await soon()
  await login.logout()
  phone.last("login").succeed({ code: "code-1" })
  await soon()
  for (const call of phone.to("login").slice(1)) call.succeed({ code: "code-2" })
  await soon()
  for (const call of phone.to("/login")) call.answer(tokenReply(1))
  await Promise.all(waiters)
  expect(login.status).toBe("logged_out")
  expect(phone.to("login")).toHaveLength(1)
})

test("a request under way when the person logs out is not sent again", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/orders" && undefined)
  const outcome = expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  await soon()
  await login.logout()
  phone.last("/orders").answer(problem("session_revoked"), 401)
  await outcome
  expect(phone.to("/orders")).toHaveLength(1)
  expect(phone.to("/refresh")).toHaveLength(0)
})

test("a request under way when the person logs out and in again is not sent again", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/orders" && undefined)
  const outcome = expect(login.request({ url: "/orders", method: "POST" })).rejects.toMatchObject({
    code: "logged_out",
  })
  await soon()
  await login.logout()
  await login.login()
  phone.last("/orders").answer(problem("session_revoked"), 401)
  await outcome
  expect(phone.to("/orders")).toHaveLength(1)
  expect(login.status).toBe("logged_in")
})

test.each([
  ["lost", (call: { refuse(): void }) => call.refuse()],
  ["answered 500", (call: { answer(data: unknown, status: number): void }) => call.answer({}, 500)],
])("where the logout is %s, it is one here; with everywhere it rejects", async (_, answer) => {
  for (const everywhere of [false, true]) {
    const { login } = await startLoggedIn(call => (call.path === "/logout" ? answer(call) : false))
    const done = login.logout({ everywhere })
    if (everywhere) await expect(done).rejects.toMatchObject({ name: "LoginError", retryable: true })
    else await done
    expect(login.status).toBe("logged_out")
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  }
})

test("a logout that the server never answers ends in time", async () => {
  const { login } = await startLoggedIn(call => call.path === "/logout" && undefined)
  const done = login.logout()
  await vi.advanceTimersByTimeAsync(10_000)
  await done
})

test("over the real server: everywhere ends all sessions of the person, the others' too", async () => {
  const phone = await startMiniProgram()
  const user = await phone.login.ready()
  await phone.login.login({ fresh: true })
  expect((await phone.server.sessions.list(user?.id ?? "")).length).toBeGreaterThan(1)
  await phone.login.logout({ everywhere: true })
  expect(await phone.server.sessions.list(user?.id ?? "")).toEqual([])
  await phone.close()
})

test.each([false, true])(
  "over the real server: an access token that is over does not keep the server from hearing (everywhere: %s)",
  async everywhere => {
    const phone = await startMiniProgram()
    const user = await phone.login.ready()
    phone.advance(40 * 60_000)
    expect(await phone.settled(phone.login.logout({ everywhere }))).toMatchObject({ status: "fulfilled" })
    expect(await phone.server.sessions.list(user?.id ?? "")).toEqual([])
    expect(phone.codes()).toBe(1)
    await phone.close()
  },
)

test("everywhere rejects where the session was over already: nobody can tell the server", async () => {
  const phone = await startMiniProgram()
  const user = await phone.login.ready()
  await phone.server.sessions.revokeAll(user?.id ?? "")
  expect(await phone.settled(phone.login.logout({ everywhere: true }))).toMatchObject({
    status: "rejected",
    reason: { name: "LoginError" },
  })
  expect(phone.login.status).toBe("logged_out")
  await phone.close()
})

test("a session of another start that was logged out meanwhile is not brought back by setUser", async () => {
  const { phone, login } = await startLoggedIn()
  await login.logout()
  login.setUser({ nickname: "安娜" })
  expect(login.user).toBeNull()
  expect(createLogin({ baseUrl, platform: phone.platform }).status).toBe("logged_out")
})
