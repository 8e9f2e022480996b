import type { Login, Platform, User } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { person, problem } from "../support/replies.ts"
import { startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What the README shows: a capability of a later server, built on what is public. */
async function bindPhone(
  login: Login<Platform>,
  { detail }: { readonly detail: { readonly code?: string } },
) {
  if (detail.code === undefined) return login.user
  const user = await login.request<User>({
    url: "/me/phone",
    method: "POST",
    data: { code: detail.code },
  })
  login.setUser(user)
  return user
}

/** WeChat encrypts with the session_key of the moment, so the server must have that one before the data is asked for. */
async function prepareOpenData(login: Login<Platform>) {
  if (!(await login.checkSession())) await login.login({ fresh: true })
}

test("a phone can be bound from outside: its code goes to the server as the user, and pages hear of it", async () => {
  const bound = { ...person, phone: "138****8000" }
  const { phone, login } = await startLoggedIn(call => {
    if (call.path !== "/me/phone") return false
    return call.token === "access-1" ? call.answer(problem("token_expired"), 401) : call.answer(bound)
  })
  const heard: unknown[] = []
  login.onChange(({ user }) => heard.push(user))
  expect(await bindPhone(login, { detail: { code: "phone-code" } })).toEqual(bound)
  expect(phone.to("/me/phone").map(({ options }) => options.data)).toEqual([
    { code: "phone-code" },
    { code: "phone-code" },
  ])
  expect(login.user).toEqual(bound)
  await vi.advanceTimersByTimeAsync(0)
  expect(heard.at(-1)).toEqual(bound)
})

test("who refuses their number changes nothing", async () => {
  const { phone, login } = await startLoggedIn()
  const sent = phone.calls.length
  expect(await bindPhone(login, { detail: {} })).toEqual(person)
  expect(phone.calls).toHaveLength(sent)
})

test("open data can be prepared from outside: a new code only where WeChat's session is over", async () => {
  const { phone, login, rule } = await startLoggedIn()
  await prepareOpenData(login)
  expect(phone.to("/login")).toHaveLength(1)
  rule(call => call.api === "checkSession" && call.refuse("checkSession:fail session time out"))
  await prepareOpenData(login)
  expect(phone.to("/login")).toHaveLength(2)
  expect(login.status).toBe("logged_in")
})
