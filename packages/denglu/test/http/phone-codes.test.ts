import { DengluError } from "denglu"
import { afterEach, describe, expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import { startHarness } from "../support/harness.ts"
import { type PhoneHarness, startPhoneHarness } from "../support/phone-harness.ts"

let harness: PhoneHarness
afterEach(() => harness.close())

async function start(options?: Parameters<typeof startPhoneHarness>[0]) {
  harness = await startPhoneHarness(options)
  return harness
}

const send = (token: string, body: unknown) => harness.send("POST", "/me/phone", { token, body })

describe("a code that is none of the person's phone", () => {
  test.each<[string, () => string]>([
    ["of somebody else", () => harness.phoneCode("bob")],
    ["that never was", () => "0".repeat(64)],
    ["as DevTools makes one up", () => "the code is a mock one"],
    ["with a line break", () => "a\nb"],
    ["with digits of another alphabet", () => "１３８"],
  ])("%s is phone_code_invalid", async (_name, make) => {
    const { token } = await start()
    const answer = await harness.bind(token, make())
    expect([answer.status, answer.body.code]).toEqual([400, "phone_code_invalid"])
    expect(answer.body.errors[0].pointer).toBe("/code")
    expect(await harness.phoneOf(token)).toBeNull()
  })

  test("that is older than five minutes is phone_code_invalid", async () => {
    const { token } = await start()
    const code = harness.phoneCode("alice")
    harness.advance(300_000)
    expect((await harness.bind(token, code)).body.code).toBe("phone_code_invalid")
  })

  test("of another mini program is phone_code_invalid", async () => {
    const { token } = await start()
    const { appid } = harness.simulator.addApp()
    const code = harness.simulator.issuePhoneCode({ appid, user: "alice" })
    expect((await harness.bind(token, code)).body.code).toBe("phone_code_invalid")
  })

  test("of wx.login() is refused by name, and still logs in", async () => {
    const { token } = await start()
    const code = harness.code("alice")
    const answer = await harness.bind(token, code)
    expect([answer.status, answer.body.code]).toEqual([400, "phone_code_invalid"])
    expect(answer.body.errors[0].detail).toContain("POST /login")
    expect(answer.body.remedy).toContain("POST /login")
    expect((await harness.send("POST", "/login", { body: { code } })).status).toBe(200)
  })

  test("nor does a phone code log in: it is refused by name, and is still good for the number", async () => {
    const { token } = await start()
    const code = harness.phoneCode("alice")
    const answer = await harness.send("POST", "/login", { body: { code } })
    expect([answer.status, answer.body.code]).toEqual([400, "code_invalid"])
    expect(answer.body.errors[0].detail).toContain("POST /me/phone")
    expect(answer.body.remedy).toContain("POST /me/phone")
    expect((await harness.bind(token, code)).status).toBe(200)
  })

  test.each<[string, unknown]>([
    ["nothing", {}],
    ["a number", { code: 5 }],
    ["an empty code", { code: "" }],
    ["a code of 129 characters", { code: "a".repeat(129) }],
    ["a code and a phone number", { code: "a", phone: "+8613800138000" }],
    ["a code and somebody's openid", { code: "a", openid: "o" }],
    ["half of the encrypted data", { encrypted_data: "AAAA" }],
    ["a code and encrypted data", { code: "a", encrypted_data: "AAAA", iv: "AAAA" }],
  ])("%s is not a request", async (_name, body) => {
    const { token } = await start()
    const answer = await send(token, body)
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"])
    expect(harness.asked()).toBe(0)
  })
})

describe("since a code is good once and has cost money", () => {
  test("many who send it at once ask WeChat once, and all get the number", async () => {
    const { token } = await start()
    const code = harness.phoneCode("alice")
    const answers = await Promise.all(Array.from({ length: 16 }, () => harness.bind(token, code)))
    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(200))
    expect(harness.asked()).toBe(1)
  })

  test("who sends it again because the answer was lost gets the number, on another instance too", async () => {
    const store = createMemoryStore()
    const { token } = await start({ store })
    const code = harness.phoneCode("alice")
    const first = await harness.bind(token, code)
    expect((await harness.bind(token, code)).body).toEqual(first.body)
    const other = await startHarness({
      store,
      clock: () => harness.now(),
      apps: harness.simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
    })
    const answer = await other.send("POST", "/me/phone", { token, body: { code } })
    expect([answer.status, answer.body]).toEqual([200, first.body])
    await other.close()
    harness.advance(300_000)
    expect((await harness.bind(token, code)).body.code).toBe("phone_code_invalid")
    expect(harness.asked()).toBe(2)
  })

  test("who sends it again after the database was away loses nothing", async () => {
    const store = createMemoryStore()
    let away = true
    const { token } = await start({
      store: {
        ...store,
        bindPhone: async binding => {
          if (!away) return store.bindPhone(binding)
          throw new DengluError("store_unavailable", { retryAfter: 1 })
        },
      },
    })
    const code = harness.phoneCode("alice")
    expect((await harness.bind(token, code)).body.code).toBe("store_unavailable")
    away = false
    expect((await harness.bind(token, code)).status).toBe(200)
    expect(harness.asked()).toBe(1)
  })

  test("a code that WeChat has used up and not answered is gone, and another one works", async () => {
    const { token } = await start({ wechat: { timeoutMs: 200 } })
    const code = harness.phoneCode("alice")
    harness.simulator.faults.add({
      kind: "reset",
      endpoint: "getuserphonenumber",
      times: 1,
      afterConsume: true,
    })
    const lost = await harness.bind(token, code)
    expect([lost.status, lost.body.code]).toEqual([503, "wechat_unreachable"])
    expect((await harness.bind(token, code)).body.code).toBe("phone_code_invalid")
    expect(harness.asked()).toBe(2)
    expect((await harness.bind(token, harness.phoneCode("alice"))).status).toBe(200)
  })

  test("a user may send ten in an hour, however many at once, and others are not hindered", async () => {
    const { token } = await start()
    const answers = await Promise.all(
      Array.from({ length: 32 }, () => harness.bind(token, harness.phoneCode("alice"))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    const refused = answers.filter(({ body }) => body.code === "rate_limited")
    expect(refused).toHaveLength(22)
    expect(harness.asked()).toBe(10)
    const wait = Number(refused[0]?.headers.get("retry-after"))
    expect(wait).toBeGreaterThan(0)
    expect((await harness.bind(await harness.tokenOf("bob"), harness.phoneCode("bob"))).status).toBe(200)
    harness.advance(wait * 1000)
    expect((await harness.bind(await harness.tokenOf("alice"), harness.phoneCode("alice"))).status).toBe(200)
  })
})
