import { describe, expect, test } from "vitest"
import { type Caller, createCaller } from "../../src/wechat/call.ts"

const login = {
  endpoint: "jscode2session",
  method: "GET",
  path: "/sns/jscode2session",
  retry: "busy",
} as const
const badReply = { kind: "bad_reply" }

let now = 1_750_000_000_000
const failure = (caller: Caller): Promise<unknown> =>
  caller.call(login).then(
    reply => reply,
    (error: unknown) => error,
  )

describe("a WeChat that can't be reached", () => {
  let mode: "down" | "up" | "no" = "down"
  let asked = 0
  const caller = () => {
    mode = "down"
    asked = 0
    return createCaller({
      baseUrl: "https://wechat.test",
      clock: () => now,
      fetch: async () => {
        asked += 1
        if (mode === "down") return new Response("")
        return new Response(mode === "up" ? '{"openid":"o1"}' : '{"errcode":40029}')
      },
    })
  }
  const fail = async (wechat: Caller, times: number) => {
    for (let i = 0; i < times; i += 1) await failure(wechat)
  }
  const refusal = { kind: "circuit_open", code: "wechat_unreachable", retryable: true }

  test("is left alone after ten failures, and asked by one call after five seconds", async () => {
    const wechat = caller()
    await fail(wechat, 10)
    await expect(failure(wechat)).resolves.toMatchObject({ ...refusal, retryAfter: 5 })
    now += 4_100
    await expect(failure(wechat)).resolves.toMatchObject({ ...refusal, retryAfter: 1 })
    expect(asked).toBe(10)
    now += 900
    expect(await Promise.all([failure(wechat), failure(wechat)])).toMatchObject([
      badReply,
      { ...refusal, retryAfter: 1 },
    ])
    await expect(failure(wechat)).resolves.toMatchObject({ ...refusal, retryAfter: 5 })
    now += 5_000
    mode = "up"
    await wechat.call(login)
    await Promise.all([wechat.call(login), wechat.call(login)])
    expect(asked).toBe(14)
  })

  test("is asked on while some calls come through", async () => {
    const wechat = caller()
    for (let i = 0; i < 24; i += 1) {
      mode = "down"
      await expect(failure(wechat)).resolves.toMatchObject(badReply)
      mode = "up"
      await wechat.call(login)
    }
    expect(asked).toBe(48)
  })

  test("is asked on when the failures are far apart", async () => {
    const wechat = caller()
    for (let i = 0; i < 30; i += 1) {
      await expect(failure(wechat)).resolves.toMatchObject(badReply)
      now += 1_200
    }
  })

  test("is something else than a WeChat that says no", async () => {
    const wechat = caller()
    mode = "no"
    await fail(wechat, 40)
    expect(asked).toBe(40)
  })
})
