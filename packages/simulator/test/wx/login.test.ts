import { describe, expect, test, vi } from "vitest"
import { createSimulator, createWx } from "../../src/index.ts"
import type { LoginResult } from "../../src/wx/login.ts"
import { settled } from "./settled.ts"

const issueCode = () => "0a1b2c"

describe("wx.login", () => {
  test("calls success with a code, then complete, and neither before the caller went on", async () => {
    const wx = createWx({ issueCode })
    const order: string[] = []
    const answer = settled<LoginResult>(callbacks => {
      expect(wx.login({ ...callbacks, success: result => order.push(result.code) })).toBeUndefined()
      order.push("went on")
    })
    expect((await answer).called).toEqual(["complete"])
    expect(order).toEqual(["went on", "0a1b2c"])
  })

  test("without callbacks answers by Promise", async () => {
    expect(await createWx({ issueCode }).login()).toEqual({ code: "0a1b2c", errMsg: "login:ok" })
  })

  test("fails as it is told, by callback and by Promise", async () => {
    const failure = { errMsg: "login:fail 系统错误，错误码：41002,appid missing", errno: 108 }
    const wx = createWx({ issueCode, loginFault: () => failure })
    expect(await settled<LoginResult>(callbacks => wx.login(callbacks))).toEqual({
      called: ["fail", "complete"],
      success: undefined,
      failure,
    })
    await expect(wx.login()).rejects.toEqual(failure)
  })

  test("times out with errno 5 when no code comes, and what comes later changes nothing", async () => {
    vi.useFakeTimers()
    try {
      const late = { bring: (_code: string) => {} }
      const wx = createWx({
        issueCode: () => new Promise(resolve => Object.assign(late, { bring: resolve })),
      })
      const answer = settled<LoginResult>(callbacks => wx.login({ ...callbacks, timeout: 3_000 }))
      await vi.advanceTimersByTimeAsync(2_999)
      expect(vi.getTimerCount()).toBe(1)
      await vi.advanceTimersByTimeAsync(1)
      late.bring("0late")
      expect(await answer).toMatchObject({
        called: ["fail", "complete"],
        failure: { errMsg: "login:fail timeout", errno: 5 },
      })
    } finally {
      vi.useRealTimers()
    }
  })

  test("told to be silent it never calls back, whatever the timeout", async () => {
    vi.useFakeTimers()
    try {
      const wx = createWx({ issueCode, loginFault: () => "silence" })
      const callback = vi.fn()
      void wx.login({ timeout: 10, success: callback, fail: callback, complete: callback })
      await vi.advanceTimersByTimeAsync(600_000)
      expect(callback).not.toHaveBeenCalled()
    } finally {
      vi.useRealTimers()
    }
  })

  test("out of a simulator, brings a code that this simulator takes", async () => {
    const simulator = createSimulator()
    const [app] = simulator.state().apps
    const { code } = await createWx({ simulator, user: "alice" }).login()
    const query = new URLSearchParams({
      appid: app?.appid ?? "",
      secret: app?.secret ?? "",
      js_code: code,
      grant_type: "authorization_code",
    })
    const response = await simulator.fetch(new Request(`http://127.0.0.1/sns/jscode2session?${query}`))
    expect(await response.json()).toHaveProperty("openid")
  })
})

describe("wx.checkSession", () => {
  test("is ok while the session_key holds and fails in the platform's words when it does not", async () => {
    let holds = true
    const wx = createWx({ issueCode, checkSession: () => holds })
    expect(await wx.checkSession()).toEqual({ errMsg: "checkSession:ok" })
    holds = false
    await expect(wx.checkSession()).rejects.toEqual({
      errMsg: "checkSession:fail 系统错误，错误码：-13001,session time out…d relogin",
    })
  })
})

describe("callbacks", () => {
  test("one that throws does not keep complete from running, and is reported", async () => {
    const thrown: unknown[] = []
    const wx = createWx({ issueCode, onError: error => thrown.push(error) })
    const mistake = new Error("a page's mistake")
    await new Promise<void>(resolve => {
      void wx.login({
        success() {
          throw mistake
        },
        complete: () => resolve(),
      })
    })
    expect(thrown).toEqual([mistake])
  })
})
