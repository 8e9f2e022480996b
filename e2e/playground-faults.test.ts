import { beforeEach, describe, expect, test } from "vitest"
import { loginOfKnown, orders, usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees, press } = playground

/** Asks for a code and sends it, up to WeChat's answer. */
const asked = loginOfKnown.slice(0, 4)

/** Waits for what the page says about a fault, once it is armed or has happened. */
async function says(answer: string): Promise<void> {
  await playground.page.getByText(answer).waitFor()
}

async function tapLogin(): Promise<void> {
  await tap("#open-login")
  await tap("#agree")
  await tap("#login")
}

describe("of a login", () => {
  test("a code that somebody used: the SDK gets a new one and sends that once", async () => {
    await press("code-used")
    await says("服务器回 400 code_used；SDK 重新取一个 code，再发一次。")
    await tapLogin()
    expect(await sees("#orders")).toContain("¥")
    expect(await playground.messages()).toEqual([
      ...asked,
      "4 200 OK",
      "7 400 Bad Request",
      ...loginOfKnown,
      ...orders,
    ])
  })

  test("a code that is too old: the SDK gets a new one and sends that once", async () => {
    await press("code-expired")
    await says("服务器回 400 code_invalid；SDK 重新取一个 code，再发一次。")
    await tapLogin()
    expect(await sees("#orders")).toContain("¥")
    expect(await playground.messages()).toEqual([
      ...asked,
      "4 200 OK",
      "7 400 Bad Request",
      ...loginOfKnown,
      ...orders,
    ])
  })

  test("WeChat is busy: the server asks twice, the SDK not again, and a tap tries anew", async () => {
    await press("wechat-busy")
    await says("服务器已经重试过，SDK 就不再重试")
    await tapLogin()
    expect(await sees("#problem")).toBe("微信系统繁忙，请稍后再试")
    const busy = [...asked, "4 200 OK", "3 GET /sns/jscode2session", "4 200 OK", "7 503 Service Unavailable"]
    expect(await playground.messages()).toEqual(busy)
    await tap("#login")
    await sees("#orders")
    expect(await playground.messages()).toEqual([...busy, ...loginOfKnown, ...orders])
  })

  test("a network that is slow: the SDK waits, and whoever taps meanwhile begins no second login", async () => {
    await press("slow-network")
    await says("SDK 最多等 10 秒")
    await tapLogin()
    expect(await sees("#login")).toContain("正在登录")
    await tap("#login")
    expect(await sees("#orders")).toContain("¥")
    expect(await playground.messages()).toEqual([...loginOfKnown, ...orders])
  })

  test("the reply is lost: the SDK starts again with a new code", async () => {
    await press("lost-response")
    await says("登录会换新 code 重来")
    await tapLogin()
    expect(await sees("#orders")).toContain("¥")
    await playground.page.locator('.arrow[data-kind="lost"]').waitFor()
    expect(await playground.messages()).toEqual([...loginOfKnown, ...loginOfKnown, ...orders])
  })
})

describe("of a session", () => {
  beforeEach(async () => {
    await playground.logIn()
    await playground.clear()
  })

  test("the reply to a business request is lost: it is reported, and nothing is sent twice", async () => {
    await press("lost-response")
    await says("其他请求绝不重发。")
    await tap("#refresh-orders")
    expect(await sees("#orders-failed")).toContain("请稍后再试")
    expect(await playground.messages()).toEqual(orders)
    await tap("#retry-orders")
    expect(await sees("#orders")).toContain("¥")
  })

  test("the access token expires: it is renewed, the request is sent again, and nobody notices", async () => {
    await press("token-expired")
    await says("SDK 用刷新令牌换新的，再把请求发一次，用户毫无察觉。")
    await tap("#refresh-orders")
    await playground.untilMessages(8)
    expect(await sees("#orders")).toContain("¥")
    expect(await playground.messages()).toEqual([
      "+31 min",
      "8 GET /orders",
      "8 401 Unauthorized",
      "POST /refresh",
      "UPDATE sessions",
      "200 OK",
      ...orders,
    ])
  })

  test("the session_key changes: everybody stays logged in, and the next login brings the new key", async () => {
    await press("rotate-session-key")
    await says("令牌不依赖它，登录状态不变；下次登录会存下新的密钥。")
    await tap("#refresh-orders")
    await playground.untilMessages(3)
    expect(await sees("#orders")).toContain("¥")
    expect(await playground.messages()).toEqual(["rotated", ...orders])
    await playground.clear()
    await tap(".stage-tab >> nth=1")
    await tap("#logout")
    await tap(".stage-box-confirm")
    await playground.untilMessages(3)
    await tap(".stage-tab >> nth=0")
    await playground.clear()
    await playground.logIn()
    expect(await playground.messages()).toContain("6 INSERT sessions, audit; UPDATE identities")
  })
})
