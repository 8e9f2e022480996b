import { afterEach, describe, expect, test } from "vitest"
import { type Caller, createCaller } from "../../src/wechat/call.ts"
import { checkCredentials } from "../../src/wechat/check-credentials.ts"
import {
  jscode2session,
  jscode2sessionRequest,
  readJscode2session,
} from "../../src/wechat/endpoints/jscode2session.ts"

const app = { appid: "wx4f4bc4dec97d474b", secret: "0123456789abcdef&0123456789abcde" }
const openid = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
const session_key = "tiihtNczf5v6AKRyjwEUhQ=="

const callers: Caller[] = []
afterEach(() => Promise.all(callers.splice(0).map(caller => caller.close())))

/** A caller to a WeChat that gives these answers one after another, and what it was asked. */
function answering(...answers: object[]) {
  const asked: URL[] = []
  const caller = createCaller({
    baseUrl: "https://wechat.test",
    clock: () => 0,
    fetch: async request => {
      asked.push(new URL(request.url))
      return new Response(JSON.stringify(answers[asked.length - 1] ?? {}), {
        headers: { "content-type": "text/plain" },
      })
    },
  })
  callers.push(caller)
  return { caller, asked }
}

describe("the request", () => {
  test("has the four parameters, encoded, whatever is in them", async () => {
    const { caller, asked } = answering({ openid, session_key })
    await jscode2session(caller, app, "a&b=c d+é")
    expect(asked[0]?.pathname).toBe("/sns/jscode2session")
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
      appid: app.appid,
      secret: app.secret,
      js_code: "a&b=c d+é",
      grant_type: "authorization_code",
    })
  })

  test("may be sent again only when WeChat is busy", () => {
    expect(jscode2sessionRequest(app, "c").retry).toBe("busy")
  })
})

describe("the answer", () => {
  test("is openid, session_key and, where the app is bound, unionid", () => {
    expect(readJscode2session({ session_key, openid })).toStrictEqual({ openid, sessionKey: session_key })
    expect(readJscode2session({ session_key, openid, unionid: "u1", other: 1 })).toStrictEqual({
      openid,
      sessionKey: session_key,
      unionid: "u1",
    })
  })

  test.each([
    ["nothing", undefined],
    ["no openid", { session_key }],
    ["an empty openid", { openid: "", session_key }],
    ["an openid that is a number", { openid: 1, session_key }],
    ["an openid without end", { openid: "o".repeat(129), session_key }],
    ["no session_key", { openid }],
    ["a session_key of 15 bytes", { openid, session_key: "tiihtNczf5v6AKRyjwEU" }],
    ["a session_key that is not base64", { openid, session_key: "tiihtNczf5v6AKRyjwE*hQ==" }],
    ["a session_key and more", { openid, session_key: `${session_key}\n` }],
    ["an empty unionid", { openid, session_key, unionid: "" }],
  ])("with %s is no answer", (_, json) => {
    expect(() => readJscode2session(json)).toThrow(
      expect.objectContaining({ kind: "bad_reply", code: "wechat_unreachable" }),
    )
  })

  test("that can't be read is not repeated in the error", () => {
    expect(() => readJscode2session({ openid, session_key: "hush" })).not.toThrow(/hush/)
  })
})

describe("a busy WeChat", () => {
  test("is asked once more", async () => {
    const { caller, asked } = answering({ errcode: -1 }, { openid, session_key })
    await expect(jscode2session(caller, app, "c")).resolves.toMatchObject({ openid })
    expect(asked).toHaveLength(2)
  })

  test("is asked no third time", async () => {
    const { caller, asked } = answering({ errcode: -1 }, { errcode: -1 }, { openid, session_key })
    await expect(jscode2session(caller, app, "c")).rejects.toMatchObject({ code: "wechat_busy", errcode: -1 })
    expect(asked).toHaveLength(2)
  })

  test("that took the code all the same does not make the client a cheat", async () => {
    const { caller } = answering({ errcode: -1 }, { errcode: 40163 })
    await expect(jscode2session(caller, app, "c")).rejects.toMatchObject({ code: "wechat_busy" })
  })

  test("that then names another reason is believed", async () => {
    const { caller } = answering({ errcode: -1 }, { errcode: 40029 })
    await expect(jscode2session(caller, app, "c")).rejects.toMatchObject({ code: "code_invalid" })
  })
})

test.each([40029, 40163, 40226, 45011, 40125])("errcode %i is not tried again", async errcode => {
  const { caller, asked } = answering({ errcode }, { openid, session_key })
  await expect(jscode2session(caller, app, "c")).rejects.toMatchObject({ errcode })
  expect(asked).toHaveLength(1)
})

describe("a check of appid and secret", () => {
  test.each([40029, 40163])("passes when only the code is wrong (%i)", async errcode => {
    await expect(checkCredentials(answering({ errcode }).caller, app)).resolves.toEqual({ ok: true })
  })

  test.each([40013, 40125, 40164])("fails with the reason (%i)", async errcode => {
    await expect(checkCredentials(answering({ errcode }).caller, app)).resolves.toMatchObject({
      ok: false,
      error: { errcode, code: "app_misconfigured" },
    })
  })

  test("asks by the endpoint that the app's kind has", async () => {
    const { caller, asked } = answering({ errcode: 40029 }, { errcode: 40125 })
    await expect(checkCredentials(caller, app, "website")).resolves.toEqual({ ok: true })
    await expect(checkCredentials(caller, app, "official_account")).resolves.toMatchObject({ ok: false })
    expect(asked.map(({ pathname }) => pathname)).toEqual(Array(2).fill("/sns/oauth2/access_token"))
  })

  test("fails where a made-up code is good", async () => {
    const { caller } = answering({ openid, session_key })
    await expect(checkCredentials(caller, app)).resolves.toMatchObject({
      ok: false,
      error: { kind: "bad_reply" },
    })
  })
})
