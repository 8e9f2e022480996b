import { createLogin, type LoginOptions, type Platform } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { answerAll, person } from "../support/replies.ts"
import { createScriptedPlatform } from "../support/scripted-platform.ts"
import { baseUrl, start } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test.each([
  undefined,
  "",
  "api.example.com",
  "//api.example.com",
  "ftp://api.example.com",
  "https://",
  "https:api.example.com",
  "file:///etc",
])("baseUrl %j is a TypeError that says what to write", wrong => {
  const { platform } = createScriptedPlatform()
  const create = () => createLogin({ baseUrl: wrong, platform } as LoginOptions<Platform>)
  expect(create).toThrow(TypeError)
  expect(create).toThrow(/^baseUrl: .*https:/)
})

test.each(["https://api.example.com", "http://127.0.0.1:3000", "https://api.example.com/auth"])(
  "baseUrl %s is taken",
  right => {
    const { platform } = createScriptedPlatform()
    expect(createLogin({ baseUrl: right, platform }).status).toBe("logged_out")
  },
)

test("an origin that is none is a TypeError", () => {
  expect(() => start({}, { origins: ["orders.example.com"] })).toThrow(TypeError)
})

test("wx is the platform where none is given", async () => {
  const phone = createScriptedPlatform({ onCall: answerAll() })
  vi.stubGlobal("wx", phone.platform)
  expect(await createLogin({ baseUrl }).ready()).toEqual(person)
  expect(phone.to("login")).toHaveLength(1)
})

test("a start asks nobody and starts no timer, with or without a session", async () => {
  const first = createScriptedPlatform({ onCall: answerAll() })
  await createLogin({ baseUrl, platform: first.platform }).ready()
  for (const stored of [new Map<string, string>(), first.stored]) {
    const phone = createScriptedPlatform({ stored })
    createLogin({ baseUrl, platform: phone.platform })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(phone.calls).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  }
})

test("the option timeout holds for wx.login and requests alike", async () => {
  const codes = answerAll()
  const { phone, login } = start(
    { onCall: call => void (call.api === "login" && codes(call)) },
    { timeout: 2_000 },
  )
  const outcome = expect(login.ready()).rejects.toMatchObject({ code: "timeout" })
  await vi.advanceTimersByTimeAsync(4_000)
  await outcome
  expect(new Set(phone.calls.map(({ options }) => options.timeout))).toEqual(new Set([2_000]))
})
