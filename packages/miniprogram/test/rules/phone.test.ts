import { LoginError } from "@denglu/miniprogram"
import { bindPhone, PhoneError, type PhoneEvent, unbindPhone } from "@denglu/miniprogram/phone"
import { afterEach, expect, test, vi } from "vitest"
import { type MiniProgram, startMiniProgram } from "../support/mini-program.ts"

let phone: MiniProgram
afterEach(async () => {
  await phone.close()
  vi.useRealTimers()
})

const start = async (sdk = {}) => {
  phone = await startMiniProgram({ sdk })
  phone.weChat.addUser({ name: "anna", phone: "13800138000" })
}

/** What a tap brings. */
const tap = (): PhoneEvent => ({
  detail: { code: phone.weChat.issuePhoneCode({ user: "anna" }), errMsg: "getPhoneNumber:ok" },
})
const bind = (event = tap()) => phone.settled(bindPhone(phone.login, event))
const number = "+8613800138000"

test("the number behind a button's code becomes the user's, with a silent login if it takes one", async () => {
  await start()
  expect(await bind()).toMatchObject({ status: "fulfilled", value: { number, country_code: "86" } })
  expect(phone.sent.map(({ path, status }) => [path, status])).toEqual([
    ["/login", 200],
    ["/me/phone", 200],
  ])
  await phone.settled(unbindPhone(phone.login))
  const me = await phone.settled(phone.login.request<{ phone: unknown }>({ url: "/me" }))
  expect(me).toMatchObject({ value: { phone: null } })
})

test.each([
  ["denied", "getPhoneNumber:fail user deny", undefined],
  ["denied", "getPhoneNumber:fail:user cancel", undefined],
  ["denied", "getPhoneNumber:fail:cancel to bind phone", undefined],
  ["denied", "getPhoneNumber:fail:cancel to confirm login", undefined],
  ["denied", "getPhoneNumber:fail privacy permission is not authorized", 104],
  ["denied", "getPhoneNumber:fail privacy permission is not authorized", undefined],
  ["no_quota", "getPhoneNumber:fail", 1_400_001],
  ["no_permission", "getPhoneNumber:fail 该 appid 没有权限", undefined],
  ["no_permission", "getPhoneNumber:fail no permission", undefined],
  ["no_permission", "getPhoneNumber:fail api scope is not declared in the privacy agreement", 112],
  ["failed", "getPhoneNumber:fail mobile phone user bound needs to be verified", undefined],
  ["failed", undefined, undefined],
])("%s: %s", async (code, errMsg, errno) => {
  await start()
  const detail = { ...(errMsg !== undefined && { errMsg }), ...(errno !== undefined && { errno }) }
  const outcome = await bind({ detail })
  expect(outcome).toMatchObject({
    status: "rejected",
    reason: { name: "PhoneError", code, message: errMsg ?? code },
  })
  expect(outcome.status === "rejected" && outcome.reason).toBeInstanceOf(PhoneError)
  expect(phone.sent).toEqual([])
})

test("another account's number is phone_taken, a code that was used phone_code_invalid: both as LoginError", async () => {
  await start()
  const event = tap()
  phone.weChat.addUser({ name: "bob", phone: "13800138000" })
  const bob = await phone.server.fetch(
    new Request("http://login.test/login", {
      method: "POST",
      body: JSON.stringify({ code: phone.weChat.issueCode({ user: "bob" }) }),
    }),
  )
  const { access_token } = (await bob.json()) as { access_token: string }
  await phone.server.fetch(
    new Request("http://login.test/me/phone", {
      method: "POST",
      headers: { authorization: `Bearer ${access_token}` },
      body: JSON.stringify({ code: phone.weChat.issuePhoneCode({ user: "bob" }) }),
    }),
  )
  const taken = await bind(event)
  expect(taken).toMatchObject({ status: "rejected", reason: { code: "phone_taken", retryable: false } })
  expect(taken.status === "rejected" && taken.reason).toBeInstanceOf(LoginError)
  const stale = await bind({ detail: { code: "0".repeat(64) } })
  expect(stale).toMatchObject({ status: "rejected", reason: { code: "phone_code_invalid" } })
})

test("an answer that was lost is asked for once more, and WeChat is asked once", async () => {
  await start()
  let lost = 0
  phone.network(({ path }) => {
    if (path !== "/me/phone" || lost > 0) return undefined
    lost += 1
    return "lose"
  })
  expect(await bind()).toMatchObject({ status: "fulfilled", value: { number } })
  expect(phone.to("/me/phone")).toHaveLength(2)
  expect(phone.weChat.calls.filter(({ endpoint }) => endpoint === "getuserphonenumber")).toHaveLength(1)
})

test("without a network it is sent twice and no more, and the same event can be tried again later", async () => {
  await start()
  await phone.login.ready()
  const event = tap()
  phone.network(() => "cut")
  expect(await bind(event)).toMatchObject({
    status: "rejected",
    reason: { code: "network", retryable: true },
  })
  expect(phone.to("/me/phone")).toHaveLength(2)
  phone.network()
  expect(await bind(event)).toMatchObject({ status: "fulfilled" })
})

test("a server in trouble is asked once", async () => {
  await start()
  await phone.login.ready()
  phone.network(({ path }) => (path === "/me/phone" ? new Response("", { status: 502 }) : undefined))
  expect(await bind()).toMatchObject({ status: "rejected", reason: { code: "http_error", status: 502 } })
  expect(phone.to("/me/phone")).toHaveLength(1)
})

test("who has logged out stays so, and nothing is sent", async () => {
  await start()
  await phone.login.ready()
  await phone.login.logout()
  const before = phone.sent.length
  expect(await bind()).toMatchObject({ status: "rejected", reason: { code: "logged_out" } })
  expect(phone.sent.length).toBe(before)
})
