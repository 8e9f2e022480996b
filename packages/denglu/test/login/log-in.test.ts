import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-login-"))
let harness: Harness
let files = 0
afterEach(() => harness.close())
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))

const stores = {
  memory: () => "memory:",
  sqlite: () => {
    files += 1
    return `sqlite:${join(folder, `${files}.db`)}`
  },
}

describe.each(Object.entries(stores))("login over %s", (_name, url) => {
  const start = async (options = {}) => {
    harness = await startHarness({ store: url(), limits: false, ...options })
    return harness
  }

  test("a code makes a user, a session and tokens, and the token is accepted", async () => {
    const { logIn, send } = await start()
    const tokens = await logIn("alice")
    expect(tokens.user).toMatchObject({ is_new: true, nickname: null })
    expect(tokens).toMatchObject({ token_type: "Bearer", refresh_expires_in: 30 * 86_400 })
    expect(tokens.expires_in).toBeGreaterThanOrEqual(1710)
    expect(tokens.expires_in).toBeLessThanOrEqual(1800)
    const me = await send("GET", "/me", { token: tokens.access_token })
    expect(me.status).toBe(200)
    expect(me.body.id).toBe(tokens.user.id)
  })

  test("the same person is the same user at the next login, another person is another", async () => {
    const { logIn } = await start()
    const first = await logIn("alice")
    const again = await logIn("alice")
    const other = await logIn("bob")
    expect(again.user).toMatchObject({ id: first.user.id, is_new: false })
    expect(again.session_id).not.toBe(first.session_id)
    expect(other.user.id).not.toBe(first.user.id)
  })

  test("a code works once", async () => {
    const { code, send } = await start()
    const body = { code: code("alice") }
    expect((await send("POST", "/login", { body })).status).toBe(200)
    const second = await send("POST", "/login", { body })
    expect([second.status, second.body.code, second.body.client_action]).toEqual([
      400,
      "code_used",
      "new_code",
    ])
  })

  test("a code older than five minutes is invalid", async () => {
    const { code, send, advance } = await start()
    const body = { code: code("alice") }
    advance(5 * 60_000 + 1000)
    const late = await send("POST", "/login", { body })
    expect([late.status, late.body.code]).toEqual([400, "code_invalid"])
  })

  test("one code sent 64 times at once is one login and one question to WeChat", async () => {
    const { code, send, simulator } = await start()
    const body = { code: code("alice") }
    const answers = await Promise.all(Array.from({ length: 64 }, () => send("POST", "/login", { body })))
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
    expect(answers.filter(answer => answer.body.code === "code_used")).toHaveLength(63)
    expect(simulator.calls.filter(call => call.endpoint === "jscode2session")).toHaveLength(1)
  })

  test("64 first logins of one person at once make one user, new to exactly one of them", async () => {
    const { logIn } = await start()
    const answers = await Promise.all(Array.from({ length: 64 }, () => logIn("alice")))
    expect(new Set(answers.map(answer => answer.user.id)).size).toBe(1)
    expect(answers.filter(answer => answer.user.is_new)).toHaveLength(1)
    expect(new Set(answers.map(answer => answer.session_id)).size).toBe(64)
  })

  test("the session_key is kept sealed and reaches no reply", async () => {
    const seen: string[] = []
    const { code, send, simulator } = await start({
      wechat: {
        fetch: async (request: Request) => {
          const response = await simulator.fetch(request)
          seen.push(await response.clone().text())
          return response
        },
      },
    })
    const answer = await send("POST", "/login", { body: { code: code("alice") } })
    const { session_key: sessionKey, openid } = JSON.parse(seen[0] ?? "{}")
    expect(sessionKey).toHaveLength(24)
    expect(answer.text).not.toContain(sessionKey)
    expect(answer.text).not.toContain(openid)
  })
})

describe("what is refused", () => {
  test.each([
    ["no body", "", "invalid_request"],
    ["not JSON", "{", "invalid_request"],
    ["an array", "[]", "invalid_request"],
    ["null", "null", "invalid_request"],
    ["a number", "1e999", "invalid_request"],
    ["no code", {}, "invalid_request"],
    ["an empty code", { code: "" }, "invalid_request"],
    ["a code that is a list", { code: ["a", "b"] }, "invalid_request"],
    ["a code that is an object", { code: { $ne: null } }, "invalid_request"],
    ["a code that is too long", { code: "a".repeat(129) }, "invalid_request"],
    ["a code with other signs", { code: "a&secret=b" }, "code_invalid"],
    ["the code of a tourist appid", { code: "the code is a mock one" }, "code_invalid"],
    ["garbage", { code: "garbage" }, "code_invalid"],
    ["an appid that is not configured", { code: "x", appid: "wx0000000000000000" }, "app_unknown"],
  ])("%s", async (_name, body, code) => {
    harness = await startHarness()
    const answer = await harness.send("POST", "/login", { body })
    expect([answer.status, answer.body.code]).toEqual([400, code])
    expect(answer.body.remedy.length).toBeGreaterThan(20)
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8")
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"))
  })

  test("who a person is comes from WeChat alone, whatever else the body says", async () => {
    harness = await startHarness()
    const alice = await harness.logIn("alice")
    const forged = {
      code: harness.code("bob"),
      openid: "oForged",
      user_id: alice.user.id,
      userId: alice.user.id,
      unionid: "x",
    }
    const answer = await harness.send("POST", "/login", { body: forged })
    expect(answer.status).toBe(200)
    expect(answer.body.user.id).not.toBe(alice.user.id)
  })

  test("a wrong AppSecret is the operator's matter: 500 without details, and the log names the errcode", async () => {
    const wrong = "0".repeat(32)
    harness = await startHarness({ apps: [{ appid: "wxsim0000000000001", secret: wrong }] })
    await harness.close()
    harness = await startHarness({ apps: [{ appid: harness.appid, secret: wrong }] })
    const answer = await harness.send("POST", "/login", { body: { code: harness.code("alice") } })
    expect([answer.status, answer.body.code]).toEqual([500, "app_misconfigured"])
    expect(answer.text).not.toContain("40125")
    expect(harness.logged.join()).toContain("40125")
    expect(harness.logged.join()).not.toContain(wrong)
  })
})

test("a form, as tutorials copy it from jQuery, is read too", async () => {
  harness = await startHarness()
  const answer = await harness.send("POST", "/login", {
    body: `code=${harness.code("alice")}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  })
  expect(answer.status).toBe(200)
})

test("JSON is read whatever the content type says, as curl -d sends it", async () => {
  harness = await startHarness()
  const answer = await harness.send("POST", "/login", {
    body: JSON.stringify({ code: harness.code("alice") }),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  })
  expect(answer.status).toBe(200)
})

test("remedies are Chinese for those who prefer it", async () => {
  harness = await startHarness()
  const answer = await harness.send("POST", "/login", {
    body: {},
    headers: { "accept-language": "zh-CN,zh;q=0.9,en;q=0.8" },
  })
  expect(answer.headers.get("content-language")).toBe("zh-CN")
  expect(answer.body.remedy).toContain("请")
})
