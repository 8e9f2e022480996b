import { createLogin, type LoginError, type State } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startMiniProgram } from "../support/mini-program.ts"
import { answerAll, person, problem, tokenReply } from "../support/replies.ts"
import type { ScriptedPlatform } from "../support/scripted-platform.ts"
import { baseUrl, soon, start, startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const codesSent = (phone: ScriptedPlatform) =>
  phone.to("/login").map(({ options }) => (options.data as { code: string }).code)

test("a request logs in silently and is sent as the user", async () => {
  const phone = await startMiniProgram()
  const orders = await phone.login.request<{ of: string }>({ url: "/orders" })
  expect(orders.of).toBe(phone.login.user?.id)
  expect(phone.sent.map(({ path }) => path)).toEqual(["/login", "/orders"])
  expect(phone.login.status).toBe("logged_in")
  expect(phone.login.user).toMatchObject({ is_new: true, nickname: null })
  await phone.close()
})

test("any number of callers share one login", async () => {
  const { phone, login } = start({ onCall: answerAll() })
  const callers = Array.from({ length: 30 }, (_, number) => [
    login.request({ url: `/orders/${number}` }),
    login.ready(),
    login.login(),
  ]).flat()
  await Promise.all(callers)
  expect(phone.to("login")).toHaveLength(1)
  expect(phone.to("/login")).toHaveLength(1)
  expect(phone.calls.filter(({ path }) => path.startsWith("/orders/"))).toHaveLength(30)
})

test("callers who come while the code is on its way, or the login is, share it too", async () => {
  const { phone, login } = start()
  const callers = [login.ready()]
  await soon()
  callers.push(login.ready())
  phone.last("login").succeed({ code: "code-1" })
  await soon()
  callers.push(login.ready())
  phone.last("/login").answer(tokenReply(1))
  expect(await Promise.all(callers)).toEqual([person, person, person])
  expect(phone.calls).toHaveLength(2)
})

test("every waiter settles when wx.login never answers, and the next one tries again", async () => {
  const { phone, login } = start()
  const callers = [login.request({ url: "/orders" }), login.ready(), login.login()]
  const outcome = Promise.allSettled(callers)
  await vi.advanceTimersByTimeAsync(10_000)
  for (const result of await outcome)
    expect(result).toMatchObject({ status: "rejected", reason: { code: "timeout", retryable: true } })
  expect(login.status).toBe("logged_out")
  const again = login.ready()
  phone.last("login").succeed({ code: "code-2" })
  await soon()
  phone.last("/login").answer(tokenReply(1))
  expect(await again).toEqual(person)
})

test("a code that comes after its time is not sent", async () => {
  const { phone, login } = start({}, { timeout: 3_000 })
  const outcome = expect(login.ready()).rejects.toMatchObject({ code: "timeout" })
  await vi.advanceTimersByTimeAsync(3_000)
  await outcome
  phone.last("login").succeed({ code: "late" })
  await soon()
  expect(phone.to("/login")).toHaveLength(0)
})

test.each([
  ["refuses", "login:fail system error", "login_failed"],
  ["says that time ran out", "login:fail timeout", "timeout"],
])("where wx.login %s, the login fails as such", async (_, errMsg, code) => {
  const { phone, login } = start()
  const outcome = expect(login.login()).rejects.toMatchObject({ code, retryable: true })
  phone.last("login").refuse(errMsg)
  await outcome
  expect(phone.to("login")).toHaveLength(1)
})

test("a success of wx.login without a code is a failure", async () => {
  const { phone, login } = start()
  const outcome = expect(login.login()).rejects.toMatchObject({ code: "login_failed" })
  phone.last("login").succeed({ errMsg: "login:ok" })
  await outcome
})

test("a code is sent once: after a lost answer the second try has a new one, and there is no third", async () => {
  const codes = answerAll()
  const { phone, login } = start({
    onCall: call => (call.path === "/login" ? call.refuse("request:fail socket closed") : codes(call)),
  })
  await expect(login.ready()).rejects.toMatchObject({ code: "network", retryable: true })
  expect(codesSent(phone)).toEqual(["code-1", "code-2"])
})

test("a login that the server never answers ends in time, and its request is given up", async () => {
  const codes = answerAll()
  const { phone, login } = start({ onCall: call => void (call.api === "login" && codes(call)) })
  const outcome = expect(login.ready()).rejects.toMatchObject({ code: "timeout" })
  await vi.advanceTimersByTimeAsync(20_000)
  await outcome
  expect(codesSent(phone)).toEqual(["code-1", "code-2"])
  expect(phone.to("/login").every(({ aborted }) => aborted)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test("over the real server: a login whose answer was lost comes about with a new code", async () => {
  const phone = await startMiniProgram()
  phone.network(({ path }) => (path === "/login" && phone.to("/login").length === 1 ? "lose" : undefined))
  expect(await phone.settled(phone.login.ready())).toMatchObject({ status: "fulfilled" })
  const codes = phone.to("/login").map(({ body }) => body.code)
  expect(new Set(codes).size).toBe(2)
  await phone.close()
})

test.each(["code_used", "code_invalid"])("after %s a new code is tried, once", async code => {
  const codes = answerAll()
  const { phone, login } = start({
    onCall: call => (call.path === "/login" ? call.answer(problem(code), 400) : codes(call)),
  })
  await expect(login.ready()).rejects.toMatchObject({ code, status: 400 })
  expect(codesSent(phone)).toEqual(["code-1", "code-2"])
})

test.each([
  ["code_blocked", 403],
  ["app_unknown", 400],
  ["app_misconfigured", 500],
  ["rate_limited", 429],
  ["wechat_busy", 503],
])("after %s no second code is tried", async (code, status) => {
  const codes = answerAll()
  const { phone, login } = start({
    onCall: call => (call.path === "/login" ? call.answer(problem(code), status) : codes(call)),
  })
  await expect(login.ready()).rejects.toMatchObject({ code, status })
  expect(phone.to("login")).toHaveLength(1)
})

test.each([
  ["a page that is no token reply", "<html>Welcome to the hotel's network</html>"],
  ["an empty body", ""],
  ["an object without a token", { ok: true }],
])("a login answered 200 with %s is not a login", async (_, body) => {
  const codes = answerAll()
  const { login } = start({
    onCall: call => (call.path === "/login" ? call.answer(body) : codes(call)),
  })
  await expect(login.ready()).rejects.toMatchObject({ code: "http_error" })
  expect(login.status).toBe("logged_out")
})

test("login() with a session sends nothing; with fresh it asks WeChat", async () => {
  const { phone, login } = start({ onCall: answerAll() })
  await login.ready()
  await login.login()
  expect(phone.to("login")).toHaveLength(1)
  await login.login({ fresh: true })
  expect(codesSent(phone)).toEqual(["code-1", "code-2"])
  await login.request({ url: "/orders" })
  expect(phone.last("/orders").token).toBe("access-2")
})

test("a fresh login waits for the one under way and asks once more, once for all who want it fresh", async () => {
  const { phone, login } = start({ onCall: answerAll() })
  await Promise.all([login.ready(), login.login({ fresh: true }), login.login({ fresh: true })])
  expect(codesSent(phone)).toEqual(["code-1", "code-2"])
})

test("a fresh login that waited for one that failed asks all the same", async () => {
  const { phone, login } = start()
  const first = expect(login.ready()).rejects.toMatchObject({ code: "login_failed" })
  await soon()
  const fresh = login.login({ fresh: true })
  phone.last("login").refuse()
  await first
  await soon()
  phone.last("login").succeed({ code: "code-2" })
  await soon()
  phone.last("/login").answer(tokenReply(2))
  expect(await fresh).toEqual(person)
})

test("a fresh login that fails leaves the session as it was", async () => {
  const all = answerAll()
  let broken = false
  const { login } = start({ onCall: call => (broken ? call.refuse() : all(call)) })
  await login.ready()
  broken = true
  await expect(login.login({ fresh: true })).rejects.toMatchObject({ code: "login_failed" })
  expect(login.status).toBe("logged_in")
  expect(login.user).toEqual(person)
})

test.each([
  ["ended elsewhere", "session_revoked", true],
  ["over", "token_expired", false],
])("a login() that finds its session %s logs in by the same tap", async (_, code, silent) => {
  const { phone, login } = await startLoggedIn(
    call => (call.path === "/refresh" ? call.answer(problem(code), 401) : false),
    { silent },
  )
  vi.setSystemTime(Date.now() + 30 * 60_000)
  expect(await login.login()).toEqual(person)
  expect(codesSent(phone)).toEqual(["code-1", "code-2"])
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
})

test("a login() whose session can't be renewed for want of a network says so, and asks WeChat nothing", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/refresh" && call.refuse())
  vi.setSystemTime(Date.now() + 30 * 60_000)
  const outcome = expect(login.login()).rejects.toMatchObject({ code: "network" })
  await vi.advanceTimersByTimeAsync(2_000)
  await outcome
  expect(phone.to("login")).toHaveLength(1)
})

test("a login() whose session is over and whose new login fails does not try a third time", async () => {
  const { phone, login } = await startLoggedIn(call => {
    if (call.path === "/refresh") return call.answer(problem("token_expired"), 401)
    return call.path === "/login" ? call.refuse() : false
  })
  vi.setSystemTime(Date.now() + 30 * 60_000)
  await expect(login.login()).rejects.toMatchObject({ code: "network" })
  expect(codesSent(phone)).toEqual(["code-1", "code-2", "code-3"])
})

test("with silent: false nothing logs in but login()", async () => {
  const { phone, login } = start({ onCall: answerAll() }, { silent: false })
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({
    code: "logged_out",
    retryable: false,
  })
  expect(await login.ready()).toBeNull()
  expect(phone.calls).toHaveLength(0)
  expect(await login.login()).toEqual(person)
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
})

test("with silent: false ready() of a session that can't be renewed for want of a network says so: somebody is there", async () => {
  const { login } = await startLoggedIn(call => call.path === "/refresh" && call.refuse(), { silent: false })
  vi.setSystemTime(Date.now() + 30 * 60_000)
  const outcome = expect(login.ready()).rejects.toMatchObject({ code: "network", retryable: true })
  await vi.advanceTimersByTimeAsync(2_000)
  await outcome
  expect(login.user).toEqual(person)
})

test("with silent: false a request waits for a login() under way", async () => {
  const { login } = start({ onCall: answerAll() }, { silent: false })
  const [user, orders, ready] = await Promise.all([
    login.login(),
    login.request({ url: "/orders" }),
    login.ready(),
  ])
  expect([user, orders, ready]).toEqual([person, { ok: true }, person])
})

test("the appid is sent where one is given", async () => {
  const { phone, login } = start({ onCall: answerAll() }, { appid: "wx0123456789abcdef" })
  await login.ready()
  expect(phone.last("/login").options).toMatchObject({
    method: "POST",
    data: { code: "code-1", appid: "wx0123456789abcdef" },
  })
})

test("listeners hear of logging in, being logged in, and logging out, until they are removed", async () => {
  const { login } = start({ onCall: answerAll() })
  const heard: State[] = []
  const late: State[] = []
  const remove = login.onChange(state => void heard.push(state))
  login.onChange(state => void late.push(state))
  await login.ready()
  await soon()
  remove()
  await login.logout()
  await soon()
  expect(heard.map(({ status }) => status).filter(changed)).toEqual(["logging_in", "logged_in"])
  expect(heard.at(-1)).toEqual({ status: "logged_in", user: person })
  expect(late.map(({ status }) => status).filter(changed)).toEqual(["logging_in", "logged_in", "logged_out"])
  expect(late.at(-1)).toEqual({ status: "logged_out", user: null })
})

test("listeners hear that a login failed", async () => {
  const { phone, login } = start()
  const heard: string[] = []
  login.onChange(({ status }) => void heard.push(status))
  const outcome = expect(login.ready()).rejects.toMatchObject({ code: "login_failed" })
  await soon()
  expect(heard).toEqual(["logging_in"])
  phone.last("login").refuse()
  await outcome
  await soon()
  expect(heard.at(-1)).toBe("logged_out")
})

test("listeners hear of it afterwards, so that what one of them throws is not the login's", async () => {
  const { login } = start({ onCall: answerAll() })
  const heard: string[] = []
  login.onChange(({ status }) => void heard.push(status))
  const ready = login.ready()
  expect(heard).toEqual([])
  await ready
  await soon()
  expect(heard.at(0)).toBe("logging_in")
})

const changed = (status: string, at: number, all: readonly string[]) => status !== all[at - 1]

test("setUser changes what is known, tells listeners and is kept; without a session it does nothing", async () => {
  const { phone, login } = start({ onCall: answerAll() })
  login.setUser({ nickname: "nobody" })
  expect(login.user).toBeNull()
  await login.ready()
  await soon()
  const heard: State[] = []
  login.onChange(state => void heard.push(state))
  login.setUser({ nickname: "安娜" })
  await soon()
  expect(login.user).toEqual({ ...person, nickname: "安娜" })
  expect(heard.at(-1)?.user?.nickname).toBe("安娜")
  const restarted = createLogin({ baseUrl, platform: phone.platform })
  expect(restarted.user?.nickname).toBe("安娜")
})

test("a page that loads before App.onLaunch is through waits for the same login", async () => {
  const phone = await startMiniProgram()
  const order: string[] = []
  const page = phone.login
    .ready()
    .then(user => order.push(`page ${user?.id === undefined ? "null" : "user"}`))
  const app = phone.login.login().then(() => order.push("app"))
  const list = phone.login.request({ url: "/orders" }).then(() => order.push("list"))
  expect(phone.login.status).toBe("logging_in")
  await Promise.all([page, app, list])
  expect(order.sort()).toEqual(["app", "list", "page user"])
  expect(phone.codes()).toBe(1)
  await phone.close()
})

test("checkSession answers whether WeChat's session holds, and false when that can't be found out", async () => {
  const { phone, login } = start()
  const ask = async (answer: () => void) => {
    const asked = login.checkSession()
    answer()
    return asked
  }
  expect(await ask(() => phone.last("checkSession").succeed({}))).toBe(true)
  expect(await ask(() => phone.last("checkSession").refuse("checkSession:fail session expired"))).toBe(false)
  expect(await ask(() => vi.advanceTimersByTime(10_000))).toBe(false)
  expect(phone.to("login")).toHaveLength(0)
})

test("a rejection is a LoginError", async () => {
  const { phone, login } = start()
  const outcome = login.ready().catch((error: LoginError) => error)
  phone.last("login").refuse()
  expect(await outcome).toMatchObject({ name: "LoginError", status: undefined })
})
