import { createLogin, type Platform } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { createTaro } from "../platforms/taro.ts"
import { createUni } from "../platforms/uni.ts"
import { answerAll, person, problem } from "../support/replies.ts"
import { createScriptedPlatform, type ScriptedCall } from "../support/scripted-platform.ts"
import { baseUrl } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const shapes: Record<string, (platform: Platform) => Platform> = {
  wx: platform => platform,
  Taro: createTaro,
  uni: createUni,
}

function startOn(shape: string, rule: (call: ScriptedCall) => unknown = () => false) {
  const all = answerAll()
  const phone = createScriptedPlatform({ onCall: call => void (rule(call) === false && all(call)) })
  const create = shapes[shape]
  if (create === undefined) throw new Error(`there is no ${shape}`)
  return { phone, login: createLogin({ baseUrl, platform: create(phone.platform) }) }
}

test.each(Object.keys(shapes))("on %s everything works: log in, ask, files, socket, log out", async shape => {
  const { phone, login } = startOn(shape)
  expect(await login.ready()).toEqual(person)
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(await login.uploadFile({ url: "/avatars", filePath: "a", name: "a" })).toEqual({ ok: true })
  expect(await login.downloadFile({ url: "/receipt.pdf" })).toMatchObject({ statusCode: 200 })
  const socket = await login.connectSocket({ url: "/chat" })
  expect(socket).toBeTypeOf("object")
  expect(socket).not.toHaveProperty("errMsg")
  expect(await login.checkSession()).toBe(true)
  for (const path of ["/orders", "/avatars", "/receipt.pdf", "/chat"])
    expect(phone.last(path).token).toBe("access-1")
  await login.logout()
  expect(phone.last("/logout").token).toBe("access-1")
  expect(vi.getTimerCount()).toBe(0)
})

test.each(Object.keys(shapes))(
  "on %s a refusal is one rejection, and none that nobody handles",
  async shape => {
    for (const api of ["login", "request", "uploadFile", "downloadFile", "checkSession"] as const) {
      const { login } = startOn(shape, call => call.api === api && call.refuse(`${api}:fail no network`))
      const calls = {
        login: () => login.ready(),
        request: () => login.request({ url: "/orders" }),
        uploadFile: () => login.uploadFile({ url: "/avatars", filePath: "a", name: "a" }),
        downloadFile: () => login.downloadFile({ url: "/receipt.pdf" }),
        checkSession: () =>
          login.checkSession().then(holds => holds || Promise.reject(new Error("it is over"))),
      }
      await expect(calls[api]()).rejects.toThrow(Error)
      await vi.advanceTimersByTimeAsync(60_000)
    }
  },
)

test.each(Object.keys(shapes))("on %s a 401 renews the token once for all", async shape => {
  const { phone, login } = startOn(shape, call =>
    call.token === "access-1" ? call.answer(problem("token_expired"), 401) : false,
  )
  await Promise.all(Array.from({ length: 10 }, () => login.request({ url: "/orders" })))
  expect(phone.to("/refresh")).toHaveLength(1)
})

test.each(Object.keys(shapes))("on %s a call that is never answered ends in time", async shape => {
  const { login } = startOn(shape, () => undefined)
  const outcome = expect(login.ready()).rejects.toMatchObject({ code: "timeout" })
  await vi.advanceTimersByTimeAsync(10_000)
  await outcome
})

test("a platform is called as its own methods, with `this`", async () => {
  const { platform, last } = createScriptedPlatform({ onCall: answerAll(), language: "en" })
  const strict: Platform = Object.fromEntries(
    Object.entries(platform).map(([name, method]) => [
      name,
      function (this: unknown, ...args: unknown[]) {
        if (this !== strict) throw new TypeError("Illegal invocation")
        return (method as (...all: unknown[]) => unknown)(...args)
      },
    ]),
  ) as unknown as Platform
  const login = createLogin({ baseUrl, platform: strict })
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(last("/orders").options.header?.["accept-language"]).toBe("en")
  await login.connectSocket({ url: "/chat" })
  expect(await login.checkSession()).toBe(true)
})

test("a platform is read when it is called: getters will do, and what others put around an API later on", async () => {
  const { platform } = createScriptedPlatform({ onCall: answerAll() })
  let around = 0
  const late = new Proxy({} as Platform, {
    get(_, name: keyof Platform) {
      if (name !== "request") return platform[name]
      return (options: unknown) => {
        around += 1
        return platform.request(options)
      }
    },
  })
  const login = createLogin({ baseUrl, platform: late })
  expect(await login.request({ url: "/orders" })).toEqual({ ok: true })
  expect(around).toBe(2)
})

test("a platform without promises or tasks will do", async () => {
  const { platform } = createScriptedPlatform({ onCall: answerAll() })
  const quiet = Object.fromEntries(
    Object.entries(platform).map(([name, method]) => [
      name,
      /Sync$|Info$/.test(name)
        ? method
        : (options: unknown) => void (method as (options: unknown) => unknown)(options),
    ]),
  ) as unknown as Platform
  expect(await createLogin({ baseUrl, platform: quiet }).request({ url: "/orders" })).toEqual({ ok: true })
})
