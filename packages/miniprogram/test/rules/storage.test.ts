import { createLogin, type LoginStorage } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startMiniProgram } from "../support/mini-program.ts"
import { answerAll, person, tokenReply } from "../support/replies.ts"
import { createScriptedPlatform } from "../support/scripted-platform.ts"
import { baseUrl, start, startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const key = `denglu:${baseUrl}`
/** A session as it is kept. */
const kept = { ...tokenReply(0), at: Date.now() }

test("over the real server: a start with a valid session asks nobody", async () => {
  const phone = await startMiniProgram()
  const user = await phone.login.ready()
  const sent = phone.sent.length
  const login = phone.restart()
  expect(login.status).toBe("logged_in")
  expect(login.user).toEqual(user)
  expect(await login.ready()).toEqual(user)
  expect(await login.login()).toEqual(user)
  expect(phone.sent).toHaveLength(sent)
  await login.request({ url: "/orders" })
  expect(phone.sent.slice(sent).map(({ path }) => path)).toEqual(["/orders"])
  expect(phone.codes()).toBe(1)
  await phone.close()
})

test("over the real server: a start long after refreshes, and does not log in", async () => {
  const phone = await startMiniProgram()
  await phone.login.ready()
  phone.advance(7 * 24 * 3_600_000)
  await phone.restart().ready()
  expect(phone.sent.map(({ path }) => path)).toEqual(["/login", "/refresh"])
  expect(phone.codes()).toBe(1)
  await phone.close()
})

test("creating a login touches nothing but the storage", () => {
  const { phone, login } = start()
  expect(phone.calls).toHaveLength(0)
  expect(login).toMatchObject({ status: "logged_out", user: null })
  expect(vi.getTimerCount()).toBe(0)
})

test.each(["getStorageSync", "setStorageSync"])("a %s that throws does not break the login", async api => {
  const storageFault = (called: string) => (called === api ? new Error(`${api}:fail`) : undefined)
  const { login } = start({ onCall: answerAll(), storageFault })
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(login.user).toEqual(person)
  login.setUser({ nickname: "安娜" })
  await login.logout()
  expect(await login.ready()).toBeNull()
  expect(await login.login()).toEqual(person)
})

test("over a simulated phone whose storage fails, everything works until it is closed", async () => {
  const phone = await startMiniProgram({ wx: { storageFault: () => "storage is full" } })
  await phone.login.request({ url: "/orders" })
  await phone.login.request({ url: "/orders" })
  expect(phone.codes()).toBe(1)
  await phone.restart().request({ url: "/orders" })
  expect(phone.codes()).toBe(2)
  await phone.close()
})

test.each([
  ["nothing", undefined],
  ["an empty text", ""],
  ["a text", "access-1"],
  ["a number", 7],
  ["true", true],
  ["null", null],
  ["a list", []],
  ["an empty object", {}],
  ["a session that is none", { session: null }],
  ["a session of another shape", { session: { token: "a" } }],
  ["a token that is no text", { session: { ...kept, access_token: 5 } }],
  ["an empty token", { session: { ...kept, access_token: "" } }],
  ["a session without its refresh token", { session: { ...kept, refresh_token: undefined } }],
  ["a session without its user", { session: { ...kept, user: null } }],
  ["a session of nobody", { session: { ...kept, user: {} } }],
])("where the storage holds %s, it holds nothing: the login starts from the beginning", async (_, value) => {
  const phone = createScriptedPlatform({ onCall: answerAll() })
  const storage: LoginStorage = { get: () => value, set() {} }
  const login = createLogin({ baseUrl, platform: phone.platform, storage })
  expect(login).toMatchObject({ status: "logged_out", user: null })
  expect(await login.ready()).toEqual(person)
  expect(phone.to("/refresh")).toHaveLength(0)
})

test("where the storage holds a whole session, somebody is there", async () => {
  const phone = createScriptedPlatform({ onCall: answerAll() })
  const storage: LoginStorage = { get: () => ({ session: kept }), set() {} }
  expect(createLogin({ baseUrl, platform: phone.platform, storage })).toMatchObject({
    status: "logged_in",
    user: person,
  })
})

test("a storage of one's own is used instead of the platform's, with a key of this server", async () => {
  const shelf = new Map<string, unknown>()
  const storage: LoginStorage = {
    get: name => shelf.get(name),
    set: (name, value) => void shelf.set(name, value),
  }
  const { phone } = await startLoggedIn(undefined, { storage })
  expect(phone.stored.size).toBe(0)
  expect([...shelf.keys()]).toEqual([key])
  expect(JSON.parse(JSON.stringify(shelf.get(key)))).toEqual(shelf.get(key))
  expect(createLogin({ baseUrl, platform: phone.platform, storage }).user).toEqual(person)
})

test("logins at two servers do not see each other's session", async () => {
  const { phone } = await startLoggedIn()
  const other = createLogin({ baseUrl: "https://other.example.com", platform: phone.platform })
  expect(other.status).toBe("logged_out")
  await other.logout()
  expect(createLogin({ baseUrl, platform: phone.platform }).status).toBe("logged_in")
})

test("a clock that was set back or forth costs at most a renewal", async () => {
  const { phone, login } = await startLoggedIn(call =>
    call.token === "access-1" && call.path === "/orders" ? call.answer({}, 401) : false,
  )
  vi.setSystemTime(Date.now() - 365 * 86_400_000)
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  vi.setSystemTime(Date.now() + 2 * 365 * 86_400_000)
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(phone.to("/refresh")).toHaveLength(2)
  expect(phone.to("login")).toHaveLength(1)
})
