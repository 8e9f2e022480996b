import { createSimulator } from "@denglu/simulator"
import { afterEach, describe, expect, test } from "vitest"
import { type Caller, createCaller } from "../../src/wechat/call.ts"
import {
  oauth2AccessToken,
  oauth2AccessTokenRequest,
  readOauth2AccessToken,
} from "../../src/wechat/endpoints/oauth2-access-token.ts"

const app = { appid: "wx4f4bc4dec97d474b", secret: "0123456789abcdef&0123456789abcde" }
const openid = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"

const callers: Caller[] = []
afterEach(() => Promise.all(callers.splice(0).map(caller => caller.close())))

test("the request has the four parameters, and is repeated only when WeChat is busy", () => {
  expect(oauth2AccessTokenRequest(app, "a&b")).toEqual({
    endpoint: "oauth2_access_token",
    method: "GET",
    path: "/sns/oauth2/access_token",
    query: { ...app, code: "a&b", grant_type: "authorization_code" },
    retry: "busy",
  })
})

describe("the answer", () => {
  test("is openid and, where the app is bound, unionid; nothing of its tokens stays", () => {
    expect(readOauth2AccessToken({ access_token: "t", refresh_token: "r", openid })).toStrictEqual({
      openid,
      isSnapshotUser: false,
    })
    expect(readOauth2AccessToken({ openid, unionid: "u1" })).toStrictEqual({
      openid,
      unionid: "u1",
      isSnapshotUser: false,
    })
  })

  test.each([1, "1"])("says whether the page was only a preview (%j)", is_snapshotuser => {
    expect(readOauth2AccessToken({ openid, is_snapshotuser }).isSnapshotUser).toBe(true)
  })

  test.each([
    ["nothing", undefined],
    ["no openid", {}],
    ["an openid that is a number", { openid: 1 }],
    ["an openid without end", { openid: "o".repeat(129) }],
    ["a misshapen unionid", { openid, unionid: 1 }],
  ])("with %s is no answer", (_, json) => {
    expect(() => readOauth2AccessToken(json)).toThrow(expect.objectContaining({ kind: "bad_reply" }))
  })
})

test.each([
  ["used before", "code_used", 40163],
  ["of another app", "code_invalid", 40029],
  ["of wx.login()", "code_invalid", 40242],
])("a code %s is %s", async (which, code, errcode) => {
  const website = "wxsim00000000000we"
  const simulator = createSimulator({
    apps: [
      {},
      { appid: website, kind: "website" },
      { appid: "wxsim00000000000oa", kind: "official_account" },
    ],
  })
  const [, web] = simulator.state().apps
  if (web === undefined) throw new Error("no app")
  const caller = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch: request => simulator.fetch(request),
    clock: simulator.clock.now,
  })
  callers.push(caller)
  const good = simulator.issueOauthCode({ appid: website, user: "alice" })
  expect((await oauth2AccessToken(caller, web, good)).openid).toMatch(/^o/)
  const bad =
    which === "used before"
      ? good
      : which === "of wx.login()"
        ? simulator.issueCode({ user: "alice" })
        : simulator.issueOauthCode({ appid: "wxsim00000000000oa", user: "alice" })
  await expect(oauth2AccessToken(caller, web, bad)).rejects.toMatchObject({ code, errcode, pointer: "/code" })
})
