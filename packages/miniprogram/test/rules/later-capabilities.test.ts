import type { Login, Platform } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** WeChat encrypts with the session_key of the moment, so the server must have that one before the data is asked for. */
async function prepareOpenData(login: Login<Platform>) {
  if (!(await login.checkSession())) await login.login({ fresh: true })
}

test("open data can be prepared from outside: a new code only where WeChat's session is over", async () => {
  const { phone, login, rule } = await startLoggedIn()
  await prepareOpenData(login)
  expect(phone.to("/login")).toHaveLength(1)
  rule(call => call.api === "checkSession" && call.refuse("checkSession:fail session time out"))
  await prepareOpenData(login)
  expect(phone.to("/login")).toHaveLength(2)
  expect(login.status).toBe("logged_in")
})
