import { afterEach, describe, expect, test } from "vitest"
import {
  alice,
  cheapHashes,
  codeOf,
  type PasswordHarness,
  passwordHarness,
} from "../support/password-harness.ts"

let harness: PasswordHarness
afterEach(() => harness.close())

const start = async (...options: Parameters<typeof passwordHarness>) => {
  harness = await passwordHarness(...options)
}

const tokensOf = { token_type: "Bearer", access_token: expect.any(String), refresh_token: expect.any(String) }

describe("registration", () => {
  test("makes a user with a session like any other", async () => {
    await start()
    const { status, body } = await harness.register()
    expect(status).toBe(200)
    expect(body).toMatchObject({ ...tokensOf, user: { is_new: true, nickname: null } })
    const me = await harness.send("GET", "/me", { token: body.access_token })
    expect(me.body).toMatchObject({ id: body.user.id, account: "alice", has_password: true })
    const refreshed = await harness.send("POST", "/refresh", { body: { refresh_token: body.refresh_token } })
    expect(refreshed.status).toBe(200)
    const { sessions } = (await harness.send("GET", "/me/sessions", { token: body.access_token })).body
    expect(sessions).toMatchObject([{ id: body.session_id, opened_by: "password", current: true }])
  })

  test("is refused for names that are taken, in whatever writing", async () => {
    await start()
    await harness.register()
    for (const account of ["alice", " Alice ", "ＡＬＩＣＥ"])
      expect(codeOf(await harness.register({ account }))).toEqual([409, "account_taken"])
  })

  test.each([
    "al",
    "1alice",
    "13800138000",
    "+8613800138000",
    "ali ce",
    "élise",
    "alice-",
    "аlice",
    "a".repeat(65),
  ])("is refused for %j, which can't be a name", async account => {
    await start()
    const { status, body } = await harness.register({ account })
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, "invalid_request", "/account"])
  })

  test.each([
    ["short", "has fewer than 8 characters"],
    ["p".repeat(129), "has more than 128 characters"],
    ["Password1", "is among the passwords that are tried first"],
    ["Alice.Liddell", "is the account's name"],
    ["\ud800 is no text", "is not well-formed Unicode"],
  ])("is refused with the password %j", async (password, detail) => {
    await start()
    const { status, body } = await harness.register({ account: "alice.liddell", password })
    expect([status, body.code]).toEqual([400, "password_refused"])
    expect(body.errors).toEqual([{ pointer: "/password", detail }])
  })

  test("and everything else about passwords is a 404 where it is off", async () => {
    await start({ passwords: { argon2: cheapHashes } })
    expect(codeOf(await harness.register())).toEqual([404, "not_found"])
    expect(codeOf(await harness.logInWith())).toEqual([400, "credentials_invalid"])
    await harness.close()
    await start({ passwords: false })
    for (const path of ["/register", "/login/password"])
      expect(codeOf(await harness.send("POST", path, { body: alice }))).toEqual([404, "not_found"])
  })

  test("of 16 who want one name at once exactly one gets it", async () => {
    await start()
    const answers = await Promise.all(Array.from({ length: 16 }, () => harness.register()))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(15)
  })
})

describe("a login by password", () => {
  test("opens another session of the same user, by the name in whatever writing", async () => {
    await start()
    const { body } = await harness.register()
    const heard: unknown[] = []
    harness.login.on("session.issued", event => heard.push(event))
    const again = await harness.logInWith({ account: " ALICE" })
    expect(again.status).toBe(200)
    expect(again.body).toMatchObject({ ...tokensOf, user: { id: body.user.id, is_new: false } })
    expect(again.body.session_id).not.toBe(body.session_id)
    expect(heard).toMatchObject([{ userId: body.user.id, openedBy: "password", isNew: false }])
    expect(await harness.login.audit.list(body.user.id)).toContainEqual(
      expect.objectContaining({
        type: "session.opened",
        sessionId: again.body.session_id,
        detail: { by: "password" },
      }),
    )
  })

  test("does not tell an account there is from one there is not", async () => {
    await start()
    await harness.register()
    const heard: unknown[] = []
    harness.login.on("login.failed", event => heard.push(event.code))
    const known = await harness.logInWith({ password: "three black horses" })
    const unknown = await harness.logInWith({ account: "nobody" })
    const noAccount = await harness.logInWith({ account: "!" })
    for (const answer of [known, unknown, noAccount]) {
      expect(codeOf(answer)).toEqual([400, "credentials_invalid"])
      const { request_id: _, ...said } = answer.body
      const { request_id: __, ...expected } = known.body
      expect(said).toEqual(expected)
    }
    expect(heard).toEqual(["credentials_invalid", "credentials_invalid", "credentials_invalid"])
  })

  test("takes one password in all ways of writing it, and no other", async () => {
    await start()
    await harness.register({ password: "ｐａｓｓé ５ 密码Å" })
    expect((await harness.logInWith({ password: "passé 5 密码Å" })).status).toBe(200)
    expect((await harness.logInWith({ password: "PASSÉ 5 密码Å" })).status).toBe(400)
  })

  test("works by phone number too, once the number is the user's", async () => {
    await start()
    const { body } = await harness.register()
    const { id } = body.user
    const byPhone = () => harness.logInWith({ account: "138 0013 8000" })
    expect(codeOf(await byPhone())).toEqual([400, "credentials_invalid"])
    expect(id).toMatch(/^[0-9a-v]{26}$/)
  })

  test("goes into cookies where the page asks for it", async () => {
    await start({ browserSessions: true })
    const headers = { "denglu-session": "cookie", "sec-fetch-site": "same-origin" }
    await harness.register({}, { headers })
    const { status, body, headers: answered } = await harness.logInWith({}, { headers })
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: "Cookie", user: { is_new: false } })
    expect(body).not.toHaveProperty("access_token")
    const cookies = answered.getSetCookie().map(cookie => cookie.split("=")[0])
    expect(cookies).toEqual(["__Host-denglu-familiar", "__Host-denglu", "__Host-denglu-refresh"])
    expect(answered.getSetCookie()[0]).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Strict$/)
    expect(answered.get("denglu-familiar")).toBeNull()
  })
})
