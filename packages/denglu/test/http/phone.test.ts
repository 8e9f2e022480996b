import type { Events } from "denglu"
import { afterEach, describe, expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import { type PhoneHarness, startPhoneHarness } from "../support/phone-harness.ts"

let harness: PhoneHarness
afterEach(() => harness.close())

async function start(options?: Parameters<typeof startPhoneHarness>[0]) {
  harness = await startPhoneHarness(options)
  return harness
}

describe("a phone code of the person who sends it", () => {
  test("makes the number theirs, in full for them and for business code", async () => {
    const { token, userId } = await start()
    expect(await harness.phoneOf(token)).toBeNull()
    expect((await harness.login.users.get(userId))?.phone).toBeNull()
    const answer = await harness.bind(token, harness.phoneCode("alice"))
    const phone = {
      number: "+8613800138000",
      country_code: "86",
      national_number: "13800138000",
      verified_at: new Date(harness.now()).toISOString(),
    }
    expect([answer.status, answer.body]).toEqual([200, phone])
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(await harness.phoneOf(token)).toEqual(phone)
    const changed = await harness.send("PATCH", "/me", { token, body: { nickname: "a" } })
    expect(changed.body.phone).toEqual(phone)
    expect((await harness.login.users.get(userId))?.phone).toEqual({
      number: "+8613800138000",
      countryCode: "86",
      nationalNumber: "13800138000",
      smsVerifiedAt: null,
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
    const answer = await harness.bind(await harness.tokenOf("carol"), harness.phoneCode("carol"))
    expect(answer.body).toMatchObject({ number, country_code: country })
  })

  test("that brings the same number again renews it", async () => {
    const { token } = await start()
    await harness.bind(token, harness.phoneCode("alice"))
    harness.advance(60_000)
    const renewed = await harness.bind(token, harness.phoneCode("alice"))
    expect(renewed.body.verified_at).toBe(new Date(harness.now()).toISOString())
  })

  test("that brings another number takes the place of the first, which is free then", async () => {
    const { token } = await start()
    await harness.bind(token, harness.phoneCode("alice"))
    harness.simulator.addUser({ name: "alice", phone: "13700137000" })
    expect((await harness.bind(token, harness.phoneCode("alice"))).body.number).toBe("+8613700137000")
    harness.simulator.addUser({ name: "bob", phone: "13800138000" })
    const bob = await harness.bind(await harness.tokenOf("bob"), harness.phoneCode("bob"))
    expect([bob.status, bob.body.number]).toEqual([200, "+8613800138000"])
  })

  test("whose number can't be one is WeChat's mistake, and nothing is bound", async () => {
    const { token } = await start()
    harness.simulator.addUser({ name: "alice", phone: "1234" })
    expect((await harness.bind(token, harness.phoneCode("alice"))).body.code).toBe("wechat_unreachable")
    expect(await harness.phoneOf(token)).toBeNull()
  })

  test("whose answer is not of now is refused, and the log says why", async () => {
    const { token } = await start()
    harness.simulator.clock.advance(86_000_000)
    expect((await harness.bind(token, harness.phoneCode("alice"))).status).toBe(200)
    harness.simulator.clock.advance(1_000_000)
    expect((await harness.bind(token, harness.phoneCode("alice"))).body.code).toBe("wechat_unreachable")
    expect(harness.logged.join()).toContain("clock")
  })
})

describe("removing the number", () => {
  test("is done once, and doing it again changes nothing", async () => {
    const { token, userId } = await start()
    await harness.bind(token, harness.phoneCode("alice"))
    expect([(await harness.unbind(token)).status, (await harness.unbind(token)).status]).toEqual([204, 204])
    expect(await harness.phoneOf(token)).toBeNull()
    expect(await harness.login.users.unbindPhone(userId)).toBe(false)
  })

  test("by the operator frees a number that has passed on to somebody else", async () => {
    const { token, userId } = await start()
    await harness.bind(token, harness.phoneCode("alice"))
    harness.simulator.addUser({ name: "bob", phone: "13800138000" })
    const bob = await harness.tokenOf("bob")
    expect((await harness.bind(bob, harness.phoneCode("bob"))).body.code).toBe("phone_taken")
    expect(await harness.login.users.unbindPhone(userId)).toBe(true)
    expect((await harness.bind(bob, harness.phoneCode("bob"))).status).toBe(200)
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
    const { token, userId } = await start()
    await harness.bind(token, harness.phoneCode("alice"))
    harness.simulator.addUser({ name: "bob", phone: "13800138000" })
    const bob = await harness.logIn("bob")
    const answer = await harness.send("POST", "/me/phone", {
      token: bob.access_token,
      body: { code: harness.phoneCode("bob") },
      headers: { "accept-language": "zh-CN" },
    })
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([409, "phone_taken", false])
    expect(answer.body.remedy).toContain("解绑")
    expect(answer.text).not.toContain(userId)
    expect((await harness.phoneOf(token)).number).toBe("+8613800138000")
    expect(await harness.phoneOf(bob.access_token)).toBeNull()
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
        if (step === "alice binds") await harness.bind(alice.access_token, harness.phoneCode("alice"))
        if (step === "bob binds") await harness.bind(bob.access_token, harness.phoneCode("bob"))
        if (step === "alice removes") await harness.unbind(alice.access_token)
        if (step === "bob logs in") expect((await harness.logIn("bob")).user.id).toBe(bob.user.id)
      }
      const has = [await harness.phoneOf(alice.access_token), await harness.phoneOf(bob.access_token)].filter(
        Boolean,
      )
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
    const tokens = await Promise.all(people.map(harness.tokenOf))
    const answers = await Promise.all(
      people.map((name, at) => harness.bind(tokens[at] ?? "", harness.phoneCode(name))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === "phone_taken")).toHaveLength(15)
  })
})

describe("what others hear of it", () => {
  test("is who and what, with the number masked", async () => {
    const { token, userId } = await start()
    const heard: [string, object][] = []
    for (const name of ["phone.bound", "phone.unbound", "phone.refused", "wechat.answered"] as const)
      harness.login.on(name, (event: Events[typeof name]) => void heard.push([name, event]))
    const bound = await harness.bind(token, harness.phoneCode("alice"))
    const about = { userId: userId, appid: harness.appid }
    const bad = await harness.bind(token, "x".repeat(64))
    await harness.unbind(token)
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
        ["phone.unbound", { userId: userId, by: "user" }],
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
    const answer = await harness.bind(token, harness.phoneCode("alice"))
    expect([answer.status, answer.body.code]).toEqual([500, "app_misconfigured"])
    expect(harness.logged.join()).toContain("48001")
  })
})

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((first, at) =>
    permutations(items.filter((_, index) => index !== at)).map(rest => [first, ...rest]),
  )
}
