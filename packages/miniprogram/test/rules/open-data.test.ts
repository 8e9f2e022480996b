import { LoginError } from "@denglu/miniprogram"
import { OpenDataError, type OpenDataEvent, openData, prepareOpenData } from "@denglu/miniprogram/open-data"
import { afterEach, expect, test, vi } from "vitest"
import { type MiniProgram, type MiniProgramSettings, startMiniProgram } from "../support/mini-program.ts"
import { problem } from "../support/replies.ts"

let phone: MiniProgram
afterEach(async () => {
  await phone.close()
  vi.useRealTimers()
})

const start = async (settings?: MiniProgramSettings) => {
  phone = await startMiniProgram(settings)
}

/** What a tap brings: data that WeChat makes with its key of this moment. */
const tap = async () => ({ detail: await phone.wx.getUserInfo() })

const read = async (event: Promise<OpenDataEvent> = tap()) =>
  phone.settled(openData<{ openId: string }>(phone.login, await event))

const failure = (code: string) => ({ status: "rejected", reason: { name: "OpenDataError", code } })

test("what a tap brings is read by the server, and WeChat is not asked for a code meanwhile", async () => {
  await start()
  await phone.login.ready()
  const { openids } = phone.weChat.state().users[0] ?? {}
  expect(await read()).toMatchObject({
    status: "fulfilled",
    value: { openId: Object.values(openids ?? {})[0], watermark: {} },
  })
  expect(phone.codes()).toBe(1)
  expect(phone.to("/me/open-data").map(({ status }) => status)).toEqual([200])
})

test("after a change of WeChat's key there is a silent login once the server has refused, and the next tap works", async () => {
  await start()
  await phone.login.ready()
  phone.weChat.rotateSessionKey({ user: "anna" })
  const order: string[] = []
  phone.network(({ path }) => void order.push(`${path} after ${phone.codes()} codes`))
  expect(await read()).toMatchObject(failure("tap_again"))
  expect(order).toEqual(["/me/open-data after 1 codes", "/login after 2 codes"])
  expect(await read()).toMatchObject({ status: "fulfilled" })
  expect(phone.codes()).toBe(2)
  expect(phone.login.status).toBe("logged_in")
})

test("data made just before a login, with the key before, is read all the same", async () => {
  await start()
  await phone.login.ready()
  const event = await tap()
  phone.weChat.rotateSessionKey({ user: "anna" })
  await phone.login.login({ fresh: true })
  expect(await read(Promise.resolve(event))).toMatchObject({ status: "fulfilled" })
})

test("where the person said no, nothing is sent", async () => {
  await start()
  await phone.login.ready()
  const event = { detail: { errMsg: "getPhoneNumber:fail user deny" } }
  const outcome = await read(Promise.resolve(event))
  expect(outcome).toMatchObject({ status: "rejected", reason: { message: event.detail.errMsg } })
  expect(outcome).toMatchObject(failure("refused"))
  expect(phone.to("/me/open-data")).toHaveLength(0)
})

test("before the first login nothing is sent either: there is the login, then the person taps again", async () => {
  await start()
  expect(await read()).toMatchObject(failure("tap_again"))
  expect(phone.sent.map(({ path }) => path)).toEqual(["/login"])
  expect(await read()).toMatchObject({ status: "fulfilled" })
})

test("who has logged out stays so", async () => {
  await start()
  await phone.login.ready()
  await phone.login.logout()
  const outcome = await read()
  expect(outcome).toMatchObject({ status: "rejected", reason: { name: "LoginError", code: "logged_out" } })
  expect(phone.codes()).toBe(1)
})

test.each([
  ["no network", () => "cut" as const, "network"],
  ["too many tries", () => Response.json(problem("rate_limited"), { status: 429 }), "rate_limited"],
  ["a server in trouble", () => new Response("", { status: 502 }), "http_error"],
])("%s is no reason for another login", async (_name, fate, code) => {
  await start()
  await phone.login.ready()
  phone.network(({ path }) => (path === "/me/open-data" ? fate() : undefined))
  const outcome = await read()
  expect(outcome).toMatchObject({ status: "rejected", reason: { code } })
  expect(outcome.status === "rejected" && outcome.reason).toBeInstanceOf(LoginError)
  expect(phone.codes()).toBe(1)
})

test("a login that does not come about after a refusal is told as such", async () => {
  let refuses = false
  await start({
    wx: { loginFault: () => (refuses ? { errMsg: "login:fail system error" } : undefined) },
  })
  await phone.login.ready()
  phone.weChat.rotateSessionKey({ user: "anna" })
  refuses = true
  expect(await read()).toMatchObject({ status: "rejected", reason: { code: "login_failed" } })
  expect(phone.login.status).toBe("logged_in")
})

test("prepared, the first tap works even where WeChat's key was over", async () => {
  let holds = true
  await start({ wx: { checkSession: () => holds } })
  await phone.settled(prepareOpenData(phone.login))
  expect(phone.codes()).toBe(1)
  phone.weChat.rotateSessionKey({ user: "anna" })
  holds = false
  await phone.settled(prepareOpenData(phone.login))
  expect(phone.codes()).toBe(2)
  expect(await read()).toMatchObject({ status: "fulfilled" })
})

test("preparing logs nobody in who has logged out", async () => {
  await start()
  await phone.login.ready()
  await phone.login.logout()
  await phone.settled(prepareOpenData(phone.login))
  expect([phone.codes(), phone.login.status]).toEqual([1, "logged_out"])
})

test("its errors say what they are, without anything of the data", async () => {
  await start()
  const error = new OpenDataError("tap_again")
  expect([error.name, error.code, error.message]).toEqual(["OpenDataError", "tap_again", "tap_again"])
})
