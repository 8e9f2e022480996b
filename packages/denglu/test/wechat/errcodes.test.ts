import { describe, expect, test } from "vitest"
import { errorCodes } from "../../src/errors.ts"
import { errcodeEntry, errcodes } from "../../src/wechat/errcodes.ts"
import { errcodeError, reduceCause, WeChatError } from "../../src/wechat/wechat-error.ts"

describe("the table of errcodes", () => {
  test.each([
    [-1, "wechat_busy", 1],
    [40029, "code_invalid", undefined],
    [40163, "code_used", undefined],
    [40226, "code_blocked", undefined],
    [41008, "code_invalid", undefined],
    [45011, "wechat_rate_limited", 60],
    [45009, "wechat_rate_limited", 3_600],
    [87007, "session_key_stale", undefined],
    [87009, "session_key_stale", undefined],
  ])("%i is %s", (errcode, code, retryAfter) => {
    expect(errcodeEntry(errcode)).toMatchObject({ code })
    expect(errcodeEntry(errcode).retryAfter).toBe(retryAfter)
  })

  test.each([40013, 40125, 41002, 41004, 40164, 40243, 50004, 50007, 48001, 61004])(
    "%i is for the operator to repair",
    errcode => {
      expect(errcodeEntry(errcode)).toMatchObject({
        code: "app_misconfigured",
        fault: "operator",
        retryable: false,
      })
    },
  )

  test.each([
    40001, 40002, 40014, 40097, 40129, 40169, 40230, 40235, 40240, 40242, 41001, 41021, 41030, 42001, 61003,
    61010, 85096, 87008, 89501, 89503, 89506, 89507,
  ])("%i is known", errcode => {
    expect(errcodeEntry(errcode).kind).not.toBe("unknown")
  })

  test("an access_token that has gone stale is told apart, so that a fresh one can be fetched", () => {
    const stale = [...errcodes].filter(([, { kind }]) => kind === "access_token").map(([errcode]) => errcode)
    expect(stale).toEqual([40001, 40014, 42001])
  })

  test("every entry has a code of the closed list and a remedy in both languages", () => {
    for (const [errcode, { code, remedy, meaning }] of errcodes) {
      expect(errorCodes, `${errcode}`).toContain(code)
      expect(meaning, `${errcode}`).not.toBe("")
      expect(remedy.en, `${errcode}`).toMatch(/^[A-Z].*\.$/)
      expect(remedy.zh, `${errcode}`).toMatch(/\p{Script=Han}.*。$/u)
    }
  })

  test("an unknown errcode is not retried and blames nobody's settings", () => {
    expect(errcodeEntry(99_999)).toMatchObject({ code: "wechat_busy", retryable: false, kind: "unknown" })
  })

  test("a bad code of the phone-number button is not called a bad login code", () => {
    expect(errcodeEntry(40029, "getuserphonenumber").code).toBe("phone_code_invalid")
    expect(errcodeEntry(40029, "jscode2session").code).toBe("code_invalid")
    expect(errcodeEntry(48001, "getuserphonenumber").code).toBe("app_misconfigured")
  })
})

describe("the error of an errcode", () => {
  test("says endpoint, number and meaning, and the rid", () => {
    const error = errcodeError("jscode2session", 40125, "invalid appsecret, rid: 652d44d0-1d0af18b-5b069232")
    expect(error.message).toBe(
      "jscode2session: errcode 40125 (invalid appsecret), rid 652d44d0-1d0af18b-5b069232",
    )
    expect(error).toMatchObject({ kind: "errcode", errcode: 40125, endpoint: "jscode2session" })
    expect(error).toBeInstanceOf(WeChatError)
  })

  test("repeats nothing else of what WeChat said", () => {
    const echo = "invalid code 0a1b2c3d4e5f, rid: 652d44d0-1d0af18b-5b069232-0a1b2c3d"
    const error = errcodeError("jscode2session", 40029, echo)
    expect(error.message).toBe("jscode2session: errcode 40029 (invalid or expired code)")
    expect(errcodeError("jscode2session", 40029, { rid: 1 }).message).toBe(error.message)
  })

  test("points at the field that must change", () => {
    expect(errcodeError("jscode2session", 40029).pointer).toBe("/code")
    expect(errcodeError("jscode2session", 40125).pointer).toBeUndefined()
  })
})

describe("the cause of an error", () => {
  test("is reduced to name, code and syscall", () => {
    const cause = Object.assign(new Error("connect to https://x/?secret=hush"), {
      code: "ECONNREFUSED",
      syscall: "connect",
      path: "hush",
    })
    const error = new WeChatError("wechat_unreachable", {
      endpoint: "e",
      kind: "network",
      detail: "d",
      cause,
    })
    expect(error.cause).toStrictEqual({ name: "Error", code: "ECONNREFUSED", syscall: "connect" })
  })

  test("is looked for one deeper, as fetch hides it", () => {
    const inner = Object.assign(new Error("inner"), { code: "ENOTFOUND" })
    expect(reduceCause(new TypeError("fetch failed", { cause: inner }))).toStrictEqual({
      name: "Error",
      code: "ENOTFOUND",
    })
    expect(reduceCause("hush")).toStrictEqual({ name: "string" })
  })
})
