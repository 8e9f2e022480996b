import { randomBytes } from "node:crypto"
import type { LoginOptions, SmsMessage } from "denglu"
import { afterEach, describe, expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import { loadArgon2 } from "../../src/user/password-hasher.ts"
import { harnessSecret } from "../support/harness.ts"
import {
  alice,
  cheapHashes,
  codeOf,
  type PasswordHarness,
  passwordHarness,
} from "../support/password-harness.ts"

const next = "four white horses"
const number = "13800138000"

let harness: PasswordHarness
let sent: SmsMessage[]
afterEach(() => harness.close())

async function start(options: Partial<LoginOptions> = {}) {
  sent = []
  const sms = { send: async (message: SmsMessage) => void sent.push(message) }
  harness = await passwordHarness({ sms, ...options })
}

const change = (token: string, body: object) => harness.send("POST", "/me/password", { token, body })
const reset = (body: object) => harness.send("POST", "/password/reset", { body })
const me = async (token: string) => harness.send("GET", "/me", { token })

/** Digits on their way to a phone. */
async function digits(purpose: "login" | "reset" | "bind", token?: string) {
  harness.advance(61_000)
  const body = { phone: number, purpose }
  const answer = await harness.send("POST", "/sms", { body, ...(token && { token }) })
  expect(answer.status).toBe(200)
  return { sms_id: answer.body.sms_id, code: sent.at(-1)?.code }
}

/** A user who logs in by SMS. */
async function bySms() {
  const { body } = await harness.send("POST", "/login/sms", { body: await digits("login") })
  return { id: body.user.id as string, token: body.access_token as string }
}

describe("a first password", () => {
  test("is chosen with a fresh code of the same person, and is a way in from then on", async () => {
    await start()
    const { access_token: token, user } = await harness.logIn("alice")
    const { body } = await me(token)
    expect([body.account, body.has_password]).toEqual([null, false])
    const first = await change(token, { ...alice, code: harness.code("alice") })
    expect([first.status, first.body]).toEqual([200, { revoked_sessions: 0 }])
    expect((await me(token)).body).toMatchObject({ account: "alice", has_password: true })
    expect((await harness.logInWith()).body.user.id).toBe(user.id)
  })

  test("is not chosen with an access token alone, nor with another person's code", async () => {
    await start()
    const { access_token: token } = await harness.logIn("alice")
    expect((await change(token, alice)).body).toMatchObject({
      code: "invalid_request",
      errors: [{ pointer: "/code" }],
    })
    await harness.logIn("bob")
    expect(codeOf(await change(token, { ...alice, code: harness.code("bob") }))).toEqual([
      403,
      "person_mismatch",
    ])
    expect(codeOf(await change(token, { ...alice, code: "nonsense" }))).toEqual([400, "code_invalid"])
    expect(codeOf(await harness.logInWith())).toEqual([400, "credentials_invalid"])
  })

  test("needs a name, unless there is a phone number to log in by", async () => {
    await start()
    const { access_token: token } = await harness.logIn("alice")
    const nameless = await change(token, { password: next, code: harness.code("alice") })
    expect(nameless.body).toMatchObject({ code: "invalid_request", errors: [{ pointer: "/account" }] })
    const { id, token: byPhone } = await bySms()
    expect((await change(byPhone, { password: next, ...(await digits("reset")) })).status).toBe(200)
    const byNumber = await harness.logInWith({ account: "+86 138-0013-8000", password: next })
    expect(byNumber.body.user.id).toBe(id)
    expect((await me(byPhone)).body).toMatchObject({ account: null, has_password: true })
    const taken = await change(byPhone, { password: alice.password, current_password: next, account: "Bob" })
    expect(taken.status).toBe(200)
    expect((await harness.logInWith({ account: "bob" })).body.user.id).toBe(id)
  })
})

describe("another password", () => {
  test("wants the present one, ends all other sessions and keeps this one", async () => {
    await start()
    const one = (await harness.register()).body
    const other = (await harness.logInWith()).body
    const heard: unknown[] = []
    harness.login.on("password.set", event => heard.push(event.outcome))
    harness.login.on("session.revoked", event => heard.push([event.reason, event.sessionIds]))
    for (const proof of [{}, { current_password: next }, { code: harness.code("alice") }])
      expect(codeOf(await change(one.access_token, { password: next, ...proof }))).toEqual([
        400,
        "credentials_invalid",
      ])
    const { status, body } = await change(one.access_token, {
      password: next,
      current_password: alice.password,
    })
    expect([status, body]).toEqual([200, { revoked_sessions: 1 }])
    expect(heard).toEqual(["changed", ["password_changed", [other.session_id]]])
    expect((await me(one.access_token)).status).toBe(200)
    expect(codeOf(await me(other.access_token))).toEqual([401, "session_revoked"])
    expect(codeOf(await harness.logInWith())).toEqual([400, "credentials_invalid"])
    expect((await harness.logInWith({ password: next })).status).toBe(200)
  })

  test("is not guessed with a stolen access token: ten tries an hour, at once or not", async () => {
    await start()
    const { access_token: token } = (await harness.register()).body
    const tries = Array.from({ length: 32 }, (_, index) =>
      change(token, { password: next, current_password: `guess number ${index}` }),
    )
    const codes = (await Promise.all(tries)).map(({ body }) => body.code)
    expect(codes.filter(code => code === "credentials_invalid")).toHaveLength(10)
    expect(codes.filter(code => code === "rate_limited")).toHaveLength(22)
  })

  test("obeys the rules, and a name that is another's is refused", async () => {
    await start()
    await harness.register({ account: "bob.builder" })
    const { access_token: token } = (await harness.register()).body
    const with_ = (given: object) =>
      change(token, { password: next, current_password: alice.password, ...given })
    expect(codeOf(await with_({ password: "password" }))).toEqual([400, "password_refused"])
    expect(codeOf(await with_({ account: "1" }))).toEqual([400, "invalid_request"])
    expect(codeOf(await with_({ account: "Bob.Builder" }))).toEqual([409, "account_taken"])
    expect(codeOf(await with_({ account: "alice.liddell", password: "Alice.Liddell" }))).toEqual([
      400,
      "password_refused",
    ])
    expect((await harness.logInWith()).status).toBe(200)
  })
})

describe("a password that was forgotten", () => {
  test("is replaced by who holds the WeChat account, and every session ends", async () => {
    await start()
    const { access_token: token } = await harness.logIn("alice")
    await change(token, { ...alice, code: harness.code("alice") })
    const other = (await harness.logInWith()).body
    const answer = await reset({ code: harness.code("alice"), password: next })
    expect([answer.status, answer.body]).toEqual([200, { revoked_sessions: 2 }])
    for (const ended of [token, other.access_token])
      expect(codeOf(await me(ended))).toEqual([401, "session_revoked"])
    expect((await harness.logInWith({ password: next })).status).toBe(200)
    expect(codeOf(await harness.logInWith())).toEqual([400, "credentials_invalid"])
  })

  test("is replaced by who holds the phone, once, and not with digits that were sent for something else", async () => {
    await start()
    const { id, token } = await bySms()
    await change(token, { ...alice, ...(await digits("reset")) })
    const forLogin = await digits("login")
    expect(codeOf(await reset({ ...forLogin, password: next }))).toEqual([400, "sms_code_invalid"])
    const typed = await digits("reset")
    const answers = await Promise.all(Array.from({ length: 5 }, () => reset({ ...typed, password: next })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(codeOf(await me(token))).toEqual([401, "session_revoked"])
    expect((await harness.logInWith({ password: next })).body.user.id).toBe(id)
  })

  test("is not replaced by who is nobody here, or by a number whose owner is not sure", async () => {
    await start()
    expect(codeOf(await reset({ ...(await digits("reset")), password: next }))).toEqual([
      400,
      "credentials_invalid",
    ])
    expect(codeOf(await reset({ code: harness.code("carol"), password: next }))).toEqual([
      400,
      "credentials_invalid",
    ])
    const { token } = await bySms()
    await change(token, { ...alice, ...(await digits("reset")) })
    harness.advance(91 * 86_400_000)
    expect(codeOf(await reset({ ...(await digits("reset")), password: next }))).toEqual([
      409,
      "phone_unconfirmed",
    ])
    expect((await harness.logInWith()).status).toBe(200)
  })
})

describe("a password that is given up", () => {
  test("ends the sessions it has opened, but never is the last way in", async () => {
    await start()
    const registered = (await harness.register({ account: "bob" })).body
    const remove = (token: string) => harness.send("DELETE", "/me/password", { token })
    expect(codeOf(await remove(registered.access_token))).toEqual([409, "last_way_in"])
    const { access_token: token } = await harness.logIn("alice")
    await change(token, { ...alice, code: harness.code("alice") })
    const other = (await harness.logInWith()).body
    expect((await remove(token)).status).toBe(204)
    expect(codeOf(await remove(token))).toEqual([404, "not_found"])
    expect(codeOf(await me(other.access_token))).toEqual([401, "session_revoked"])
    expect((await me(token)).body.has_password).toBe(false)
    expect(codeOf(await harness.logInWith())).toEqual([400, "credentials_invalid"])
  })
})

describe("who has deleted their account", () => {
  test("comes back by password if they say so, and not otherwise", async () => {
    await start()
    const { access_token: token, user } = await harness.logIn("alice")
    await change(token, { ...alice, code: harness.code("alice") })
    const left = await harness.send("DELETE", "/me", { token, body: { code: harness.code("alice") } })
    expect(left.status).toBe(200)
    const refused = await harness.logInWith()
    expect(codeOf(refused)).toEqual([403, "account_deleted"])
    expect(refused.body.restore_until).toEqual(expect.any(String))
    expect(codeOf(await harness.logInWith({ password: next, restore: true }))).toEqual([
      400,
      "credentials_invalid",
    ])
    expect(codeOf(await reset({ code: harness.code("alice"), password: next }))).toEqual([
      403,
      "account_deleted",
    ])
    expect((await harness.logInWith({ restore: true })).body.user.id).toBe(user.id)
  })
})

test("who has nothing but a password deletes their account by it", async () => {
  await start()
  const { access_token: token } = (await harness.register()).body
  const leave = (body: object) => harness.send("DELETE", "/me", { token, body })
  expect(codeOf(await leave({}))).toEqual([400, "invalid_request"])
  expect(codeOf(await leave({ password: next }))).toEqual([400, "credentials_invalid"])
  const left = await leave({ password: alice.password })
  expect([left.status, left.body]).toEqual([200, { restore_until: expect.any(String) }])
  expect(codeOf(await harness.logInWith())).toEqual([403, "account_deleted"])
  expect((await harness.logInWith({ restore: true })).status).toBe(200)
})

describe("what is kept of a password", () => {
  const rehashed = async (userId: string) =>
    (await harness.login.audit.list(userId)).filter(({ type }) => type === "password.rehashed").length

  test.each<[string, Partial<LoginOptions>]>([
    ["cost", { passwords: { argon2: { ...cheapHashes, passes: 2 } } }],
    ["secret", { secret: ["7b1c9d3e5f2a4680-c3d4e5f607182930-newer", harnessSecret] }],
  ])("is made anew by its owner's login after another %s", async (_, changed) => {
    const store = createMemoryStore()
    await start({ store })
    const { user } = (await harness.register()).body
    await harness.logInWith()
    expect(await rehashed(user.id)).toBe(0)
    const { hash } = (await store.findPassword({ userId: user.id })) ?? {}
    await harness.close()
    await start({ store, ...changed })
    await harness.logInWith({ password: next })
    expect(await rehashed(user.id)).toBe(0)
    for (let time = 0; time < 2; time += 1) expect((await harness.logInWith()).status).toBe(200)
    expect(await rehashed(user.id)).toBe(1)
    expect((await store.findPassword({ userId: user.id }))?.hash).not.toBe(hash)
  })

  test("is a hash that nobody can read or make who has only the database", async () => {
    const store = createMemoryStore()
    await start({ store })
    const { user } = (await harness.register()).body
    const { hash } = (await store.findPassword({ userId: user.id })) ?? {}
    expect(Buffer.from(hash ?? "", "base64url").toString("latin1")).not.toContain("argon2")
    const argon2 = await loadArgon2()
    const made = await argon2.hash(alice.password, {
      memoryCost: 1_024,
      timeCost: 1,
      parallelism: 1,
      salt: randomBytes(16),
    })
    const occasion = { now: harness.now(), eventId: "made", actor: "system" } as const
    expect(
      await store.rehashPassword({ userId: user.id, expected: hash ?? "", hash: made, ...occasion }),
    ).toBe(true)
    expect(codeOf(await harness.logInWith())).toEqual([400, "credentials_invalid"])
    expect(harness.logged.some(line => line.includes("a password can't be compared"))).toBe(true)
  })
})
