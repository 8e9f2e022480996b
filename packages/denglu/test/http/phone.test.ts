import type { Events } from "denglu"
import { afterEach, describe, expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import { type Answer, type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
afterEach(() => harness.close())

const phoneCode = (user: string) => harness.simulator.issuePhoneCode({ user })
const send = (token: string, body: unknown) => harness.send("POST", "/me/phone", { token, body })
const bind = (token: string, code: string) => send(token, { code })
const unbind = (token: string) => harness.send("DELETE", "/me/phone", { token })
const phoneOf = async (token: string) => (await harness.send("GET", "/me", { token })).body.phone
const asked = (endpoint = "getuserphonenumber") =>
  harness.simulator.calls.filter(call => call.endpoint === endpoint).length

/** With alice, who is logged in, and bob; both have numbers that are nobody's. */
async function start(options?: Parameters<typeof startHarness>[0]) {
  harness = await startHarness(options)
  harness.simulator.addUser({ name: "alice", phone: "13800138000" })
  harness.simulator.addUser({ name: "bob", phone: "13900139000" })
  const { access_token: token, user } = await harness.logIn("alice")
  return { token, user }
}

const tokenOf = async (person: string) => (await harness.logIn(person)).access_token

describe("a phone code of the person who sends it", () => {
  test("makes the number theirs, in full for them and for business code", async () => {
    const { token, user } = await start()
    expect(await phoneOf(token)).toBeNull()
    expect((await harness.login.users.get(user.id))?.phone).toBeNull()
    const answer = await bind(token, phoneCode("alice"))
    const phone = {
      number: "+8613800138000",
      country_code: "86",
      national_number: "13800138000",
      verified_at: new Date(harness.now()).toISOString(),
    }
    expect([answer.status, answer.body]).toEqual([200, phone])
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(await phoneOf(token)).toEqual(phone)
    const changed = await harness.send("PATCH", "/me", { token, body: { nickname: "a" } })
    expect(changed.body.phone).toEqual(phone)
    expect((await harness.login.users.get(user.id))?.phone).toEqual({
      number: "+8613800138000",
      countryCode: "86",
      nationalNumber: "13800138000",
      verifiedAt: harness.now(),
      appid: harness.appid,
    })
  })

  test.each([
    ["a country whose people dial a zero first", "886", "0912345678", "+886912345678", "886"],
    ["Hong Kong", "852", "51234567", "+85251234567", "852"],
    ["an island of the North American plan", "1868", "2911234", "+18682911234", "1"],
  ])("from %s is written as E.164 has it", async (_name, countryCode, phone, number, country) => {
    await start()
    harness.simulator.addUser({ name: "carol", phone, countryCode })
    const answer = await bind(await tokenOf("carol"), phoneCode("carol"))
    expect(answer.body).toMatchObject({ number, country_code: country })
  })

  test("that brings the same number again renews it", async () => {
    const { token } = await start()
    await bind(token, phoneCode("alice"))
    harness.advance(60_000)
    const renewed = await bind(token, phoneCode("alice"))
    expect(renewed.body.verified_at).toBe(new Date(harness.now()).toISOString())
  })

  test("that brings another number takes the place of the first, which is free then", async () => {
    const { token } = await start()
    await bind(token, phoneCode("alice"))
    harness.simulator.addUser({ name: "alice", phone: "13700137000" })
    expect((await bind(token, phoneCode("alice"))).body.number).toBe("+8613700137000")
    harness.simulator.addUser({ name: "bob", phone: "13800138000" })
    const bob = await bind(await tokenOf("bob"), phoneCode("bob"))
    expect([bob.status, bob.body.number]).toEqual([200, "+8613800138000"])
  })

  test("whose number can't be one is WeChat's mistake, and nothing is bound", async () => {
    const { token } = await start()
    harness.simulator.addUser({ name: "alice", phone: "1234" })
    expect((await bind(token, phoneCode("alice"))).body.code).toBe("wechat_unreachable")
    expect(await phoneOf(token)).toBeNull()
  })

  test("whose answer is not of now is refused, and the log says why", async () => {
    const { token } = await start()
    harness.simulator.clock.advance(86_400_000)
    expect((await bind(token, phoneCode("alice"))).status).toBe(200)
    harness.simulator.clock.advance(1_000)
    expect((await bind(token, phoneCode("alice"))).body.code).toBe("wechat_unreachable")
    expect(harness.logged.join()).toContain("clock")
  })
})

describe("removing the number", () => {
  test("is done once, and doing it again changes nothing", async () => {
    const { token, user } = await start()
    await bind(token, phoneCode("alice"))
    expect([(await unbind(token)).status, (await unbind(token)).status]).toEqual([204, 204])
    expect(await phoneOf(token)).toBeNull()
    expect(await harness.login.users.unbindPhone(user.id)).toBe(false)
  })

  test("by the operator frees a number that has passed on to somebody else", async () => {
    const { token, user } = await start()
    await bind(token, phoneCode("alice"))
    harness.simulator.addUser({ name: "bob", phone: "13800138000" })
    const bob = await tokenOf("bob")
    expect((await bind(bob, phoneCode("bob"))).body.code).toBe("phone_taken")
    expect(await harness.login.users.unbindPhone(user.id)).toBe(true)
    expect((await bind(bob, phoneCode("bob"))).status).toBe(200)
  })

  test("needs a token", async () => {
    await start()
    for (const method of ["POST", "DELETE"])
      expect((await harness.send(method, "/me/phone", { body: { code: "x" } })).body.code).toBe(
        "token_missing",
      )
  })
})

describe("a number that is another user's", () => {
  test("is phone_taken with a remedy, and nobody is moved", async () => {
    const { token, user } = await start()
    await bind(token, phoneCode("alice"))
    harness.simulator.addUser({ name: "bob", phone: "13800138000" })
    const bob = await harness.logIn("bob")
    const answer = await harness.send("POST", "/me/phone", {
      token: bob.access_token,
      body: { code: phoneCode("bob") },
      headers: { "accept-language": "zh-CN" },
    })
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([409, "phone_taken", false])
    expect(answer.body.remedy).toContain("解绑")
    expect(answer.text).not.toContain(user.id)
    expect((await phoneOf(token)).number).toBe("+8613800138000")
    expect(await phoneOf(bob.access_token)).toBeNull()
    expect((await harness.logIn("bob")).user.id).toBe(bob.user.id)
  })

  test("stays so for every order of binding, removing and logging in: nobody gets another's session", async () => {
    const steps = ["alice binds", "bob binds", "alice removes", "bob logs in"] as const
    let orders = 0
    for (const order of permutations(steps)) {
      orders += 1
      await start({ store: createMemoryStore() })
      harness.simulator.addUser({ name: "bob", phone: "13800138000" })
      const [alice, bob] = [await harness.logIn("alice"), await harness.logIn("bob")]
      for (const step of order) {
        if (step === "alice binds") await bind(alice.access_token, phoneCode("alice"))
        if (step === "bob binds") await bind(bob.access_token, phoneCode("bob"))
        if (step === "alice removes") await unbind(alice.access_token)
        if (step === "bob logs in") expect((await harness.logIn("bob")).user.id).toBe(bob.user.id)
      }
      const has = [await phoneOf(alice.access_token), await phoneOf(bob.access_token)].filter(Boolean)
      expect(has.length).toBeLessThan(2)
      expect((await harness.logIn("alice")).user.id).toBe(alice.user.id)
      await harness.close()
    }
    expect(orders).toBe(24)
  })

  test("of many who send codes of it at once exactly one gets it", async () => {
    await start()
    const people = Array.from({ length: 16 }, (_, index) => `person ${index}`)
    for (const name of people) harness.simulator.addUser({ name, phone: "13800138000" })
    const tokens = await Promise.all(people.map(tokenOf))
    const answers = await Promise.all(people.map((name, at) => bind(tokens[at] ?? "", phoneCode(name))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === "phone_taken")).toHaveLength(15)
  })
})

describe("a code that is none of the person's phone", () => {
  test.each<[string, () => string]>([
    ["of somebody else", () => phoneCode("bob")],
    ["that never was", () => "0".repeat(64)],
    ["as DevTools makes one up", () => "the code is a mock one"],
    ["with a line break", () => "a\nb"],
    ["with digits of another alphabet", () => "１３８"],
  ])("%s is phone_code_invalid", async (_name, make) => {
    const { token } = await start()
    const answer = await bind(token, make())
    expect([answer.status, answer.body.code]).toEqual([400, "phone_code_invalid"])
    expect(answer.body.errors[0].pointer).toBe("/code")
    expect(await phoneOf(token)).toBeNull()
  })

  test("that is older than five minutes is phone_code_invalid", async () => {
    const { token } = await start()
    const code = phoneCode("alice")
    harness.advance(300_000)
    expect((await bind(token, code)).body.code).toBe("phone_code_invalid")
  })

  test("of another mini program is phone_code_invalid", async () => {
    const { token } = await start()
    const { appid } = harness.simulator.addApp()
    const code = harness.simulator.issuePhoneCode({ appid, user: "alice" })
    expect((await bind(token, code)).body.code).toBe("phone_code_invalid")
  })

  test("of wx.login() is refused by name, and still logs in", async () => {
    const { token } = await start()
    const code = harness.code("alice")
    const answer = await bind(token, code)
    expect([answer.status, answer.body.code]).toEqual([400, "phone_code_invalid"])
    expect(answer.body.errors[0].detail).toContain("POST /login")
    expect(answer.body.remedy).toContain("POST /login")
    expect((await harness.send("POST", "/login", { body: { code } })).status).toBe(200)
  })

  test("nor does a phone code log in: it is refused by name, and is still good for the number", async () => {
    const { token } = await start()
    const code = phoneCode("alice")
    const answer = await harness.send("POST", "/login", { body: { code } })
    expect([answer.status, answer.body.code]).toEqual([400, "code_invalid"])
    expect(answer.body.errors[0].detail).toContain("POST /me/phone")
    expect(answer.body.remedy).toContain("POST /me/phone")
    expect((await bind(token, code)).status).toBe(200)
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
    expect(asked()).toBe(0)
  })
})

describe("since a code is good once and has cost money", () => {
  test("many who send it at once ask WeChat once, and all get the number", async () => {
    const { token } = await start()
    const code = phoneCode("alice")
    const answers = await Promise.all(Array.from({ length: 16 }, () => bind(token, code)))
    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(200))
    expect(asked()).toBe(1)
  })

  test("who sends it again because the answer was lost gets the number, on another instance too", async () => {
    const store = createMemoryStore()
    const { token } = await start({ store })
    const code = phoneCode("alice")
    const first = await bind(token, code)
    expect((await bind(token, code)).body).toEqual(first.body)
    const other = await startHarness({
      store,
      clock: () => harness.now(),
      apps: harness.simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
    })
    const answer = await other.send("POST", "/me/phone", { token, body: { code } })
    expect([answer.status, answer.body]).toEqual([200, first.body])
    await other.close()
    harness.advance(300_000)
    expect((await bind(token, code)).body.code).toBe("phone_code_invalid")
    expect(asked()).toBe(2)
  })

  test("who sends it again after the database was away loses nothing", async () => {
    const store = createMemoryStore()
    let away = true
    const { token } = await start({
      store: {
        ...store,
        bindPhone: async binding => {
          if (!away) return store.bindPhone(binding)
          const { DengluError } = await import("denglu")
          throw new DengluError("store_unavailable", { retryAfter: 1 })
        },
      },
    })
    const code = phoneCode("alice")
    expect((await bind(token, code)).body.code).toBe("store_unavailable")
    away = false
    expect((await bind(token, code)).status).toBe(200)
    expect(asked()).toBe(1)
  })

  test("a code that WeChat has used up and not answered is gone, and another one works", async () => {
    const { token } = await start({ wechat: { timeoutMs: 200 } })
    const code = phoneCode("alice")
    harness.simulator.faults.add({
      kind: "reset",
      endpoint: "getuserphonenumber",
      times: 1,
      afterConsume: true,
    })
    const lost = await bind(token, code)
    expect([lost.status, lost.body.code]).toEqual([503, "wechat_unreachable"])
    expect((await bind(token, code)).body.code).toBe("phone_code_invalid")
    expect(asked()).toBe(2)
    expect((await bind(token, phoneCode("alice"))).status).toBe(200)
  })

  test("a user may send ten in an hour, however many at once, and others are not hindered", async () => {
    const { token } = await start()
    const answers = await Promise.all(Array.from({ length: 32 }, () => bind(token, phoneCode("alice"))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    const refused = answers.filter(({ body }) => body.code === "rate_limited")
    expect(refused).toHaveLength(22)
    expect(asked()).toBe(10)
    const wait = Number(refused[0]?.headers.get("retry-after"))
    expect(wait).toBeGreaterThan(0)
    expect((await bind(await tokenOf("bob"), phoneCode("bob"))).status).toBe(200)
    harness.advance(wait * 1000)
    expect((await bind(await tokenOf("alice"), phoneCode("alice"))).status).toBe(200)
  })
})

describe("what others hear of it", () => {
  test("is who and what, with the number masked", async () => {
    const { token, user } = await start()
    const heard: [string, object][] = []
    for (const name of ["phone.bound", "phone.unbound", "phone.refused", "wechat.answered"] as const)
      harness.login.on(name, (event: Events[typeof name]) => void heard.push([name, event]))
    const bound = await bind(token, phoneCode("alice"))
    const about = { userId: user.id, appid: harness.appid }
    const bad = await bind(token, "x".repeat(64))
    await unbind(token)
    const answered = {
      appid: harness.appid,
      endpoint: "getuserphonenumber",
      durationMs: 0,
      hasUnionid: false,
    }
    expect(heard.map(([name, event]) => [name, { ...event, requestId: "" }])).toEqual(
      [
        ["wechat.answered", { ...answered, errcode: 0 }],
        ["phone.bound", { ...about, phone: "+86138****8000", outcome: "bound" }],
        ["wechat.answered", { ...answered, errcode: 40029 }],
        ["phone.refused", { ...about, code: "phone_code_invalid" }],
        ["phone.unbound", { userId: user.id, by: "user" }],
      ].map(([name, event]) => [name, { ...(event as object), requestId: "" }]),
    )
    expect(heard[1]?.[1]).toHaveProperty("requestId", bound.headers.get("x-request-id"))
    expect(heard[3]?.[1]).toHaveProperty("requestId", bad.headers.get("x-request-id"))
    expect(JSON.stringify(heard)).not.toContain("13800138000")
  })

  test("is told to the operator where only they can mend it: no permission for phone numbers", async () => {
    const { token } = await start()
    harness.simulator.faults.add({
      kind: "errcode",
      endpoint: "getuserphonenumber",
      times: 1,
      errcode: 48001,
    })
    const answer = await bind(token, phoneCode("alice"))
    expect([answer.status, answer.body.code]).toEqual([500, "app_misconfigured"])
    expect(harness.logged.join()).toContain("48001")
  })
})

describe("encrypted data, the old way", () => {
  const numberData = { phoneNumber: "13800138000", purePhoneNumber: "13800138000", countryCode: "86" }
  const dataOf = (user: string, data: object = numberData) => {
    const { encryptedData, iv } = harness.simulator.encryptData({ user, data })
    return { encrypted_data: encryptedData, iv }
  }
  const refusal = (answer: Answer) => [answer.status, answer.body.code]

  test("is not taken without the option, and WeChat is not asked", async () => {
    const { token } = await start()
    const answer = await send(token, dataOf("alice"))
    expect(refusal(answer)).toEqual([400, "invalid_request"])
    expect(answer.body.errors[0]).toMatchObject({
      pointer: "/encrypted_data",
      detail: expect.stringContaining("legacyPhoneData"),
    })
    expect(asked("checkencryptedmsg")).toBe(0)
  })

  test("is taken with it, once WeChat has said that it is its own", async () => {
    const { token } = await start({ legacyPhoneData: true })
    const answer = await send(token, dataOf("alice"))
    expect([answer.status, answer.body.number]).toEqual([200, "+8613800138000"])
    expect(asked("checkencryptedmsg")).toBe(1)
    expect((await bind(token, phoneCode("alice"))).status).toBe(200)
  })

  test("of somebody else, of no phone, forged or too old is one and the same refusal", async () => {
    const { token } = await start({ legacyPhoneData: true })
    await harness.logIn("bob")
    const good = dataOf("alice")
    const unknown = harness.simulator.encryptData({ user: "alice", data: { openGId: "g" } })
    const turned = Buffer.from(good.encrypted_data, "base64")
    turned[20] = (turned[20] as number) ^ 1
    const otherIv = Buffer.from(good.iv, "base64")
    otherIv[3] = (otherIv[3] as number) ^ 1
    for (const body of [
      dataOf("bob"),
      { encrypted_data: unknown.encryptedData, iv: unknown.iv },
      { ...good, encrypted_data: turned.toString("base64") },
      { ...good, iv: otherIv.toString("base64") },
      dataOf("alice", { ...numberData, purePhoneNumber: undefined }),
    ])
      expect(refusal(await send(token, body))).toEqual([400, "open_data_invalid"])
    harness.advance(301_000)
    expect(refusal(await send(token, good))).toEqual([400, "open_data_invalid"])
    expect(await phoneOf(token)).toBeNull()
  })

  test("that is forged never comes as far as the cipher: it costs none of its tries", async () => {
    const { token } = await start({ legacyPhoneData: true })
    const heard: object[] = []
    harness.login.on("open_data.refused", event => void heard.push(event))
    for (let index = 0; index < 10; index += 1)
      await send(token, {
        encrypted_data: Buffer.alloc(64, index).toString("base64"),
        iv: dataOf("alice").iv,
      })
    expect(heard).toEqual([])
    expect(refusal(await send(token, dataOf("alice")))).toEqual([429, "rate_limited"])
  })
})

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((first, at) =>
    permutations(items.filter((_, index) => index !== at)).map(rest => [first, ...rest]),
  )
}
