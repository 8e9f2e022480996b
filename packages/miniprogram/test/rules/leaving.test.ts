import { leave } from "@denglu/miniprogram/leave"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type MiniProgram, startMiniProgram } from "../support/mini-program.ts"
import { problem } from "../support/replies.ts"
import { startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] }))
let phone: MiniProgram | undefined
afterEach(async () => {
  await phone?.close()
  phone = undefined
  vi.useRealTimers()
})

const week = 7 * 86_400_000

async function start(sdk = {}) {
  phone = await startMiniProgram({ sdk })
  const user = await phone.login.ready()
  return { phone, id: user?.id ?? "", restoreUntil: new Date(Date.now() + week).toISOString() }
}

/** The account is deleted on another device of the same person. */
async function deleteElsewhere(on: MiniProgram, id: string) {
  await on.server.users.delete(id)
}

test("who leaves is logged out here, hears until when, and nothing is sent until they tap", async () => {
  const { phone, restoreUntil } = await start()
  const outcome = await phone.settled(leave(phone.login))
  expect(outcome).toEqual({ status: "fulfilled", value: restoreUntil })
  expect(phone.sent.map(({ path, status }) => [path, status])).toEqual([
    ["/login", 200],
    ["/me/delete", 200],
  ])
  for (const login of [phone.login, phone.restart()]) {
    expect(login.status).toBe("logged_out")
    expect(await login.ready()).toBeNull()
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  }
  expect(phone.sent).toHaveLength(2)
  expect(phone.codes()).toBe(2)
})

test("a login answered account_deleted tells until when, and no other follows by itself", async () => {
  const { phone, id, restoreUntil } = await start()
  await deleteElsewhere(phone, id)
  await phone.login.logout()
  const tapped = () => phone.settled(phone.login.login())
  const deleted = {
    status: "rejected",
    reason: { name: "LoginError", code: "account_deleted", status: 403, retryable: false, restoreUntil },
  }
  expect(await tapped()).toMatchObject(deleted)
  const sent = phone.sent.length
  for (const login of [phone.login, phone.restart()]) {
    expect(login.status).toBe("logged_out")
    expect(await login.ready()).toBeNull()
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({
      code: "logged_out",
      restoreUntil: undefined,
    })
  }
  expect(phone.sent).toHaveLength(sent)
  expect(await tapped()).toMatchObject(deleted)
  expect(phone.to("/login").map(({ body }) => body.restore)).toEqual([undefined, undefined, undefined])
})

test("a silent login that finds the account deleted is the last one", async () => {
  const { phone, id, restoreUntil } = await start()
  await deleteElsewhere(phone, id)
  phone.wx.clearStorageSync()
  const login = phone.restart()
  const [first, second] = await Promise.all([
    phone.settled(login.request({ url: "/orders" })),
    phone.settled(login.ready()),
  ])
  expect(first).toMatchObject({ status: "rejected", reason: { code: "account_deleted", restoreUntil } })
  expect(second).toEqual({ status: "fulfilled", value: null })
  expect(await phone.settled(phone.restart().ready())).toEqual({ status: "fulfilled", value: null })
  expect(phone.codes()).toBe(2)
})

test("login({ restore: true }) brings the account back, and logs in as ever where none was deleted", async () => {
  const { phone, id } = await start()
  await phone.settled(leave(phone.login))
  const back = await phone.settled(phone.login.login({ restore: true }))
  expect(back).toMatchObject({ status: "fulfilled", value: { id, is_new: false } })
  expect(await phone.settled(phone.login.request({ url: "/orders" }))).toMatchObject({ value: { of: id } })
  expect(await phone.settled(phone.restart().login({ restore: true }))).toMatchObject({ value: { id } })
  expect(phone.to("/login").map(({ body }) => body.restore)).toEqual([undefined, true, true])
})

test("a restore whose code was lost on the way is a restore the second time, too", async () => {
  const { phone, id } = await start()
  await phone.settled(leave(phone.login))
  let cut = 0
  phone.network(() => (cut++ === 0 ? "cut" : undefined))
  expect(await phone.settled(phone.login.login({ restore: true }))).toMatchObject({ value: { id } })
  expect(phone.to("/login").map(({ body }) => body.restore)).toEqual([undefined, true, true])
})

test("a restore does not join a login that was under way without one", async () => {
  const { phone, id } = await start()
  await phone.settled(leave(phone.login))
  const arrive = phone.hold("/login")
  const plain = phone.login.login()
  await vi.waitFor(() => expect(phone.to("/login")).toHaveLength(2))
  const restored = phone.login.login({ restore: true })
  arrive()
  expect(await phone.settled(plain)).toMatchObject({ reason: { code: "account_deleted" } })
  expect(await phone.settled(restored)).toMatchObject({ status: "fulfilled", value: { id } })
})

test("after the cooling-off a tap makes a new account, with restore and without", async () => {
  for (const restore of [true, false]) {
    const { phone, id } = await start()
    await phone.settled(leave(phone.login))
    phone.advance(week)
    const outcome = await phone.settled(phone.login.login({ restore }))
    expect(outcome).toMatchObject({ status: "fulfilled", value: { is_new: true } })
    expect(outcome.status === "fulfilled" && outcome.value.id).not.toBe(id)
  }
})

test("where the answer to leaving was lost, a login tells that the account is deleted", async () => {
  const { phone, restoreUntil } = await start()
  phone.network(({ path }) => (path === "/me/delete" ? "lose" : undefined))
  expect(await phone.settled(leave(phone.login))).toEqual({ status: "fulfilled", value: restoreUntil })
  expect(phone.to("/me/delete")).toHaveLength(1)
  expect(await phone.login.ready()).toBeNull()
})

test("where the question was lost, nobody is deleted, and who asked stays logged in", async () => {
  const { phone, id } = await start()
  phone.network(({ path }) => (path === "/me/delete" ? "cut" : undefined))
  expect(await phone.settled(leave(phone.login))).toMatchObject({ reason: { code: "network" } })
  expect(phone.login.user).toMatchObject({ id })
  phone.network(() => "cut")
  expect(await phone.settled(leave(phone.login))).toMatchObject({ reason: { code: "network" } })
})

test("another WeChat account on this phone deletes nothing", async () => {
  const { phone, id } = await start()
  phone.network(({ path }) =>
    path === "/me/delete" ? Response.json(problem("person_mismatch"), { status: 403 }) : undefined,
  )
  expect(await phone.settled(leave(phone.login))).toMatchObject({ reason: { code: "person_mismatch" } })
  expect(phone.login.user).toMatchObject({ id })
})

test("logout({ here: true }) tells the server nothing", async () => {
  const { phone, login } = await startLoggedIn()
  await login.logout({ here: true })
  expect(phone.to("/logout")).toHaveLength(0)
  expect(await login.ready()).toBeNull()
})

test.each(["account_blocked", "account_deleted"])(
  "a fresh login answered %s ends the session that was there",
  async code => {
    const { phone, login, rule } = await startLoggedIn()
    rule(call => (call.path === "/login" ? call.answer(problem(code), 403) : false))
    await expect(login.login({ fresh: true })).rejects.toMatchObject({ code, restoreUntil: undefined })
    expect(login.status).toBe("logged_out")
    await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
    expect(phone.to("login")).toHaveLength(2)
  },
)

test("code() is a new code of wx.login", async () => {
  const { phone } = await start()
  const before = phone.codes()
  expect(await phone.login.code()).toMatch(/^\S{20,}$/)
  expect(phone.codes()).toBe(before + 1)
})
