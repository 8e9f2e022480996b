import { inspect } from "node:util"
import { type ClientErrorCode, LoginError } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startMiniProgram } from "../support/mini-program.ts"
import { answerAll, problem } from "../support/replies.ts"
import type { ScriptedCall } from "../support/scripted-platform.ts"
import { soon, start, startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function failure(promise: Promise<unknown>): Promise<LoginError> {
  const error = await promise.then(
    () => undefined,
    reason => reason,
  )
  if (!(error instanceof LoginError)) throw new Error("it did not fail with a LoginError")
  return error
}

const chinese = {
  network: "网络错误",
  timeout: "请求超时",
  login_failed: "登录失败",
  logged_out: "请先登录",
  http_error: "服务出错",
} as const satisfies Record<ClientErrorCode, string>

/** How each error on this side of the wire comes about. */
const ways: Record<ClientErrorCode, (call: ScriptedCall) => unknown> = {
  network: call => call.path === "/login" && call.refuse(),
  timeout: call => call.api === "login" && call.refuse("login:fail timeout"),
  login_failed: call => call.api === "login" && call.refuse(),
  logged_out: () => false,
  http_error: call => call.path === "/login" && call.answer("<html>", 502),
}

test.each(Object.keys(chinese) as ClientErrorCode[])("%s speaks the language of the device", async code => {
  for (const [language, isChinese] of [
    ["zh_CN", true],
    ["zh-Hant-TW", true],
    ["en", false],
    ["ja_JP", false],
  ] as const) {
    const all = answerAll()
    const { login } = start(
      { language, onCall: call => void (ways[code](call) === false && all(call)) },
      { silent: code !== "logged_out" },
    )
    const error = await failure(login.request({ url: "/orders" }))
    expect(error).toMatchObject({ name: "LoginError", code })
    if (isChinese) expect(error.message).toBe(chinese[code])
    else expect(error.message).toMatch(/^[A-Z][A-Za-z ]+$/)
    expect(error.retryable).toBe(code !== "logged_out")
    expect(error.status).toBe(code === "http_error" ? 502 : undefined)
  }
})

test.each([
  ["zh_CN", "zh-CN"],
  ["en", "en"],
])("on a device that speaks %s the server is asked for %s", async (language, accepted) => {
  const { phone, login } = start({ language, onCall: answerAll() })
  await login.request({ url: "/orders" })
  for (const call of [...phone.to("/login"), ...phone.to("/orders")])
    expect(call.options.header?.["accept-language"]).toBe(accepted)
})

test("where nobody knows the device's language it is Chinese", async () => {
  for (const getAppBaseInfo of [
    undefined,
    () => ({}),
    () => ({ language: "" }),
    () => {
      throw new Error("not supported")
    },
  ]) {
    const { phone } = start()
    const { getAppBaseInfo: _, ...platform } = phone.platform
    const { login } = start(
      {},
      {
        platform: getAppBaseInfo === undefined ? platform : { ...platform, getAppBaseInfo },
        silent: false,
      },
    )
    expect((await failure(login.request({ url: "/orders" }))).message).toBe("请先登录")
  }
})

test("a platform of before getAppBaseInfo is asked by getSystemInfoSync", async () => {
  const { getAppBaseInfo: _, ...platform } = start().phone.platform
  const old = { ...platform, getSystemInfoSync: () => ({ language: "en" }) }
  const { login } = start({}, { platform: old, silent: false })
  expect((await failure(login.request({ url: "/orders" }))).message).toBe("Please log in")
})

test("what the platform says of a failure is in the error", async () => {
  const said = "request:fail url not in domain list"
  const { login } = await startLoggedIn(call => call.path === "/orders" && call.refuse(said))
  expect(await failure(login.request({ url: "/orders" }))).toMatchObject({ code: "network", data: said })
})

test("a platform that gives no reason is one without a network", async () => {
  const { login } = await startLoggedIn(call => call.options.fail?.(undefined as never))
  expect(await failure(login.request({ url: "/orders" }))).toMatchObject({ code: "network" })
})

test("over the real server: an error has the server's code, words and whether it may work later", async () => {
  const phone = await startMiniProgram()
  await phone.login.ready()
  const error = await failure(phone.login.request({ url: "/me/sessions/nobody", method: "DELETE" }))
  expect(error).toMatchObject({ code: "not_found", status: 404, retryable: false })
  expect(error.message).toBe("资源不存在")
  expect(error.data).toMatchObject({ code: "not_found", type: "urn:denglu:problem:not_found" })
  await phone.close()
})

test("a detail says more than a title", async () => {
  const { login } = await startLoggedIn(call => call.answer(problem("sold_out", { detail: "卖完了" }), 409))
  expect(await failure(login.request({ url: "/orders" }))).toMatchObject({
    code: "sold_out",
    message: "卖完了",
  })
})

test.each([
  ["a text", "<html>", "http_error"],
  ["nothing", undefined, "http_error"],
  ["null", null, "http_error"],
  ["a list", [5], "http_error"],
  ["a code that is a number", { code: 40029, message: "no" }, "http_error"],
])("an answer that is no problem document (%s) is an http_error with its body", async (_, data, code) => {
  const { login } = await startLoggedIn(call => call.answer(data, 400))
  const error = await failure(login.request({ url: "/orders" }))
  expect(error).toMatchObject({ code, status: 400, retryable: false })
  if (typeof data === "object" && data !== null) expect(error.data).toEqual(data)
})

test("an answer says itself whether the same may work later; else its status does", async () => {
  const { login, rule } = await startLoggedIn()
  const retryable = async (status: number, data: unknown) => {
    rule(call => call.answer(data, status))
    return (await failure(login.request({ url: "/orders" }))).retryable
  }
  expect(await retryable(500, problem("internal"))).toBe(false)
  expect(await retryable(400, problem("later", { retryable: true }))).toBe(true)
  expect(await retryable(500, {})).toBe(true)
  expect(await retryable(429, {})).toBe(true)
  expect(await retryable(404, {})).toBe(false)
})

test("a platform that throws is a failure of the call, and no timer stays behind", async () => {
  const { phone } = start()
  const { login } = start(
    {},
    {
      platform: {
        ...phone.platform,
        login() {
          throw new Error("login is not a function here")
        },
      },
    },
  )
  await expect(login.ready()).rejects.toThrow("login is not a function here")
  expect(vi.getTimerCount()).toBe(0)
  expect(login.status).toBe("logged_out")
})

const secretWords = /access-\d|refresh-\d|code-\d/

/** One way of failing each; the tokens are easily found in whatever is said. */
const mishaps: Record<string, (call: ScriptedCall) => unknown> = {
  "no network at the login": call => call.path === "/login" && call.refuse(),
  "a used code": call => call.path === "/login" && call.answer(problem("code_used"), 400),
  "a request that fails": call => call.path === "/orders" && call.refuse(),
  "a request refused": call => call.path === "/orders" && call.answer(problem("sold_out"), 409),
  "a refresh that fails": call =>
    call.path === "/orders" ? call.answer({}, 401) : call.path === "/refresh" && call.refuse(),
  "a session ended": call =>
    call.path === "/orders"
      ? call.answer({}, 401)
      : call.path === "/refresh" && call.answer(problem("session_revoked"), 401),
}

test("a server that sends back what it was sent, as debug pages do, does not put it into the error", async () => {
  const all = answerAll()
  for (const path of ["/login", "/refresh", "/logout"]) {
    const { login } = start({
      onCall: call => (call.path === path ? call.answer({ sent: call.options }, 500) : all(call)),
    })
    const everything = async () => {
      await login.ready()
      vi.setSystemTime(Date.now() + 30 * 60_000)
      await login.request({ url: "/orders" })
      await login.logout({ everywhere: true })
    }
    const error = await failure(everything())
    expect(error).toMatchObject({ code: "http_error", status: 500 })
    expect(JSON.stringify(error) + inspect(error)).not.toMatch(secretWords)
  }
})

test.each(Object.keys(mishaps))(
  "no token and no code is in the error, nor in the console: %s",
  async name => {
    const said: unknown[] = []
    const note = (...words: unknown[]) => void said.push(words)
    vi.stubGlobal("console", { debug: note, error: note, info: note, log: note, trace: note, warn: note })
    const all = answerAll()
    const { login } = start({ onCall: call => void (mishaps[name]?.(call) === false && all(call)) })
    const outcome = failure(login.request({ url: "/orders" }))
    await vi.advanceTimersByTimeAsync(60_000)
    const error = await outcome
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${inspect(error)}`).not.toMatch(
      secretWords,
    )
    await login.logout()
    await soon()
    expect(said).toEqual([])
  },
)
