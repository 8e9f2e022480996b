import { consoleSender, createLogin } from "denglu"
import { afterEach, describe, expect, test } from "vitest"
import type { Answer } from "../support/harness.ts"
import { type SmsHarness, startSmsHarness, wrong } from "../support/sms-harness.ts"

let harness: SmsHarness
afterEach(() => harness?.close())

const alice = "+8613800138000"
const bob = "+8613900139000"
const day = 86_400_000
const code = ({ status, body }: Answer) => (status === 200 ? [200] : [status, body?.code])

describe("logging in by SMS", () => {
  test("a number that is nobody's makes a user, and opens their account from then on", async () => {
    harness = await startSmsHarness()
    const asked = await harness.ask("13800138000")
    expect(asked.status).toBe(200)
    expect(asked.body).toEqual({ sms_id: expect.stringMatching(/^\w{26}$/), expires_in: 300, retry_in: 60 })
    expect(harness.sent).toEqual([
      {
        phone: alice,
        countryCode: "86",
        nationalNumber: "13800138000",
        code: expect.stringMatching(/^\d{6}$/),
        purpose: "login",
        expiresIn: 300,
      },
    ])
    const first = await harness.logInBy({ sms_id: asked.body.sms_id, code: harness.sent[0]?.code ?? "" })
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({ token_type: "Bearer", user: { is_new: true, nickname: null } })
    const again = await harness.logInBySms(alice)
    expect(again.user).toMatchObject({ id: first.body.user.id, is_new: false })
    const me = await harness.send("GET", "/me", { token: again.access_token })
    expect(me.body).toMatchObject({
      id: again.user.id,
      phone: { number: alice, national_number: "13800138000" },
    })
    const sessions = await harness.send("GET", "/me/sessions", { token: again.access_token })
    expect(sessions.body.sessions).toHaveLength(2)
    const renewed = await harness.send("POST", "/refresh", { body: { refresh_token: again.refresh_token } })
    expect(renewed.status).toBe(200)
  })

  test("a page may have the session in cookies", async () => {
    harness = await startSmsHarness({}, { browserSessions: true })
    const digits = await harness.take(alice)
    const headers = { "denglu-session": "cookie", "sec-fetch-site": "same-origin" }
    const answer = await harness.send("POST", "/login/sms", { body: digits, headers })
    expect(answer.body).toMatchObject({ token_type: "Cookie" })
    const cookie = /__Host-denglu=[^;]+/.exec(answer.headers.get("set-cookie") ?? "")?.[0] ?? ""
    const binding = { phone: bob, purpose: "bind" }
    const same = { cookie, "sec-fetch-site": "same-origin" }
    expect(code(await harness.send("POST", "/sms", { body: binding, headers: same }))).toEqual([200])
    const foreign = { cookie, "sec-fetch-site": "cross-site", origin: "https://evil.example" }
    expect(code(await harness.send("POST", "/sms", { body: binding, headers: foreign }))).toEqual([
      403,
      "origin_refused",
    ])
  })

  test("without the option there is nothing here", async () => {
    harness = await startSmsHarness()
    const bare = await startSmsHarness({}, { sms: undefined as never })
    const { access_token: token } = await bare.logIn("alice")
    const digits = { sms_id: "x", code: "123456" }
    expect(code(await bare.ask(alice))).toEqual([404, "not_found"])
    expect(code(await bare.logInBy(digits))).toEqual([404, "not_found"])
    expect(code(await bare.bindBy(token, digits))).toEqual([404, "not_found"])
    await bare.close()
  })

  test("who is leaving may come back with the same digits, if they say so", async () => {
    harness = await startSmsHarness()
    const { user } = await harness.logInBySms(alice)
    await harness.login.users.delete(user.id)
    const digits = await harness.take(alice)
    const refused = await harness.logInBy(digits)
    expect(code(refused)).toEqual([403, "account_deleted"])
    expect(refused.body.restore_until).toEqual(expect.any(String))
    const back = await harness.logInBy(digits, { restore: true })
    expect(back.body.user.id).toBe(user.id)
    expect(code(await harness.logInBy(digits))).toEqual([400, "sms_code_invalid"])
    await harness.login.users.delete(user.id)
    const late = await harness.take(alice)
    expect(code(await harness.logInBy(wrong(late), { restore: true }))).toEqual([400, "sms_code_invalid"])
  })

  test("who came by SMS deletes their account by digits to their own number, and nobody else's", async () => {
    harness = await startSmsHarness()
    const { access_token: token, user } = await harness.logInBySms(alice)
    const leave = async (phone: string, purpose = "leave") => {
      const asked = await harness.ask(phone, { purpose, token })
      const digits = { sms_id: asked.body.sms_id, code: harness.sent.at(-1)?.code ?? "" }
      return harness.send("POST", "/me/delete", { token, body: digits })
    }
    expect(code(await leave(bob))).toEqual([400, "sms_code_invalid"])
    harness.advance(60_000)
    expect(code(await leave(alice, "bind"))).toEqual([400, "sms_code_invalid"])
    expect(code(await harness.ask(alice, { purpose: "leave" }))).toEqual([401, "token_missing"])
    harness.advance(60_000)
    const left = await leave(alice)
    expect(left.body).toEqual({ restore_until: expect.any(String) })
    expect(code(await harness.send("GET", "/me", { token }))).toEqual([401, "session_revoked"])
    expect((await harness.login.users.get(user.id))?.leavesAt).not.toBeNull()
  })

  test("after the time to come back is over the number begins anew", async () => {
    harness = await startSmsHarness()
    const { user } = await harness.logInBySms(alice)
    await harness.login.users.delete(user.id)
    harness.advance(60 * day)
    const anew = await harness.logInBySms(alice)
    expect(anew.user.is_new).toBe(true)
    expect(anew.user.id).not.toBe(user.id)
    expect(await harness.login.users.get(user.id)).toBeUndefined()
  })
})

describe("a number is not a person", () => {
  test("the number that WeChat has vouched for opens nothing until it is proved by SMS", async () => {
    harness = await startSmsHarness()
    harness.simulator.addUser({ name: "alice", phone: "13800138000" })
    const { access_token: token, user } = await harness.logIn("alice")
    const phoneCode = harness.simulator.issuePhoneCode({ user: "alice" })
    expect((await harness.send("POST", "/me/phone", { token, body: { code: phoneCode } })).status).toBe(200)
    const stranger = await harness.logInBy(await harness.take(alice))
    expect(code(stranger)).toEqual([409, "phone_unconfirmed"])
    expect(code(await harness.bind("alice", alice))).toEqual([200])
    expect((await harness.logInBySms(alice)).user.id).toBe(user.id)
  })

  test("a number that was not proved for 90 days opens nothing: it may be somebody else's", async () => {
    harness = await startSmsHarness()
    const first = await harness.logInBySms(alice)
    harness.advance(89 * day)
    expect((await harness.logInBySms(alice)).user.id).toBe(first.user.id)
    harness.advance(90 * day)
    const digits = await harness.take(alice)
    expect(code(await harness.logInBy(digits))).toEqual([409, "phone_unconfirmed"])
    expect(code(await harness.logInBy(digits))).toEqual([400, "sms_code_invalid"])
    // Support has heard that it is somebody else's now.
    expect(await harness.login.users.unbindPhone(first.user.id)).toBe(true)
    expect((await harness.logInBySms(alice)).user).toMatchObject({ is_new: true })
  })

  test("another user's number is taken, and nobody is moved", async () => {
    harness = await startSmsHarness()
    const owner = await harness.logInBySms(alice)
    expect(code(await harness.bind("bob", alice))).toEqual([409, "phone_taken"])
    const { access_token: token } = await harness.logIn("bob")
    expect((await harness.send("GET", "/me", { token })).body.phone).toBeNull()
    expect((await harness.logInBySms(alice)).user.id).toBe(owner.user.id)
  })

  test("whoever binds, unlinks and logs in, in whatever order, gets into nobody else's account", async () => {
    const steps = ["a binds", "b binds", "a unlinks", "b logs in"] as const
    for (const order of permutations(steps)) {
      const now = await startSmsHarness()
      const [victim] = [await now.logIn("alice"), await now.logIn("bob")]
      for (const step of order) {
        if (step === "a binds") await now.bind("alice", alice)
        if (step === "b binds") await now.bind("bob", alice)
        if (step === "a unlinks")
          await now.send("DELETE", "/me/phone", { token: (await now.logIn("alice")).access_token })
        if (step === "b logs in") {
          // If a has bound the number, it was given to b since: no sooner than 90 days later.
          now.advance(91 * day)
          const answer = await now.logInBy(await now.take(alice))
          expect([order, answer.body.user?.id]).not.toEqual([order, victim.user.id])
        }
      }
      await now.close()
    }
  })
})

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map(rest => [item, ...rest]),
  )
}

describe("the last way in", () => {
  test("a user who came by SMS keeps their number until there is another way", async () => {
    harness = await startSmsHarness()
    const { access_token: token } = await harness.logInBySms(alice)
    expect(code(await harness.send("DELETE", "/me/phone", { token }))).toEqual([409, "last_way_in"])
    const attached = await harness.send("POST", "/me/identities", {
      token,
      body: { code: harness.code("alice") },
    })
    expect(attached.status).toBe(200)
    const { identities } = (await harness.send("GET", "/me/identities", { token })).body
    expect((await harness.send("DELETE", `/me/identities/${identities[0].id}`, { token })).status).toBe(204)
    await harness.send("POST", "/me/identities", { token, body: { code: harness.code("alice") } })
    expect((await harness.send("DELETE", "/me/phone", { token })).status).toBe(204)
    // The session that the number had opened is over with it.
    expect(code(await harness.send("GET", "/me", { token }))).toEqual([401, "session_revoked"])
    const { access_token: byWeChat } = await harness.logIn("alice")
    const [{ id }] = (await harness.send("GET", "/me/identities", { token: byWeChat })).body.identities
    const detached = await harness.send("DELETE", `/me/identities/${id}`, { token: byWeChat })
    expect(code(detached)).toEqual([409, "last_way_in"])
  })
})

test("who opens a console sender where WeChat is real is told what to take instead", async () => {
  const options = {
    apps: [{ appid: "wx0123456789abcdef", secret: "0123456789abcdef0123456789abcdef" }],
    store: "memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-harness",
  }
  const lines: string[] = []
  const send = consoleSender({ print: line => lines.push(line) })
  await expect(createLogin({ ...options, sms: { send } })).rejects.toThrow(/wechat\.simulator/)
  const messages: unknown[] = []
  harness = await startSmsHarness({
    send: consoleSender({ print: line => lines.push(line), onSms: message => messages.push(message) }),
  })
  expect((await harness.ask(alice)).status).toBe(200)
  expect(lines).toEqual([expect.stringMatching(/^SMS to \+8613800138000: \d{6} \(login, good for 300 s\)$/)])
  expect(messages).toHaveLength(1)
})

test("strangers who use up a number's logins leave its owner, logged in, what they ask for", async () => {
  harness = await startSmsHarness({ perNumberADay: 2 })
  await harness.bind("alice", alice)
  for (let asked = 0; asked < 2; asked += 1) await harness.take(alice)
  harness.advance(61 * 60_000)
  expect(code(await harness.ask(alice))).toEqual([429, "rate_limited"])
  const { access_token: token } = await harness.logIn("alice")
  expect(code(await harness.ask(alice, { purpose: "leave", token }))).toEqual([200])
})

test("with a changed number the sessions end that the old one has opened, but for the one that asks", async () => {
  harness = await startSmsHarness()
  await harness.bind("alice", alice)
  const old = await harness.logInBySms(alice)
  const gets = async (token: string) => code(await harness.send("GET", "/me", { token }))
  const { access_token: asking } = await harness.logIn("alice")
  const asked = await harness.ask(bob, { purpose: "bind", token: asking })
  const digits = { sms_id: asked.body.sms_id, code: harness.sent.at(-1)?.code ?? "" }
  expect(code(await harness.bindBy(asking, digits))).toEqual([200])
  expect(await gets(old.access_token)).toEqual([401, "session_revoked"])
  expect(harness.heard.filter(text => text.includes("session.revoked"))).toHaveLength(1)
  const next = await harness.logInBySms(bob)
  const { access_token: button } = await harness.logIn("alice")
  harness.simulator.addUser({ name: "alice", phone: "13700137000" })
  const phoneCode = harness.simulator.issuePhoneCode({ user: "alice" })
  const changed = await harness.send("POST", "/me/phone", { token: button, body: { code: phoneCode } })
  expect([code(changed), changed.body.number]).toEqual([[200], "+8613700137000"])
  expect([await gets(next.access_token), await gets(button)]).toEqual([[401, "session_revoked"], [200]])
})

test.each([undefined, null])("a sender, or a judge of challenges, may reject with %s", async nothing => {
  let isDown = true
  harness = await startSmsHarness({
    perDay: 1,
    send: () => (isDown ? Promise.reject(nothing) : Promise.resolve()),
  })
  expect(code(await harness.ask(alice))).toEqual([503, "sms_unsent"])
  isDown = false
  expect(code(await harness.ask(alice))).toEqual([200])
  const judging = await startSmsHarness({ challenge: () => Promise.reject(nothing) })
  const body = { phone: alice, purpose: "login", challenge: "x" }
  expect(code(await judging.send("POST", "/sms", { body }))).toEqual([503, "sms_unsent"])
  await judging.close()
})
