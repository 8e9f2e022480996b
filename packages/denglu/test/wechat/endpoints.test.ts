import { createSimulator } from "@denglu/simulator"
import { expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import { createCaller } from "../../src/wechat/call.ts"
import type { WeChatRequest } from "../../src/wechat/caller.ts"
import { checkencryptedmsg, readCheckencryptedmsg } from "../../src/wechat/endpoints/checkencryptedmsg.ts"
import { checksession } from "../../src/wechat/endpoints/checksession.ts"
import { getuserencryptkey, readGetuserencryptkey } from "../../src/wechat/endpoints/getuserencryptkey.ts"
import { getuserphonenumber, readGetuserphonenumber } from "../../src/wechat/endpoints/getuserphonenumber.ts"
import { getwxacodeunlimit } from "../../src/wechat/endpoints/getwxacodeunlimit.ts"
import { jscode2session } from "../../src/wechat/endpoints/jscode2session.ts"
import {
  readResetusersessionkey,
  resetusersessionkey,
} from "../../src/wechat/endpoints/resetusersessionkey.ts"
import { readStableToken } from "../../src/wechat/endpoints/stable-token.ts"
import { openTokenSource } from "../support/token-source.ts"

function start() {
  const simulator = createSimulator({ now: 1_800_000_000_000 })
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  const caller = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch: request => simulator.fetch(request),
    clock: simulator.clock.now,
  })
  const source = openTokenSource({ store: createMemoryStore(), caller, app, clock: simulator.clock.now })
  const tokens = { ...source, get: async () => (await source.get()).token }
  const logIn = (user: string) => jscode2session(caller, app, simulator.issueCode({ user }))
  return { simulator, app, caller, tokens, logIn }
}

test("a phone code becomes the person's number", async () => {
  const { simulator, app, caller, tokens, logIn } = start()
  simulator.addUser({ name: "alice", phone: "13800138000" })
  const { openid } = await logIn("alice")
  const code = simulator.issuePhoneCode({ user: "alice" })
  expect(await getuserphonenumber(caller, await tokens.get(), app.appid, { code, openid })).toEqual({
    phoneNumber: "13800138000",
    purePhoneNumber: "13800138000",
    countryCode: "86",
    timestamp: 1_800_000_000,
  })
})

test("somebody else's phone code is refused, because the openid is always sent", async () => {
  const { simulator, app, caller, tokens, logIn } = start()
  const { openid } = await logIn("mallory")
  const code = simulator.issuePhoneCode({ user: "alice" })
  await expect(
    getuserphonenumber(caller, await tokens.get(), app.appid, { code, openid }),
  ).rejects.toMatchObject({ code: "phone_code_invalid", errcode: 40029 })
})

test.each<[string, Record<string, unknown> | undefined]>([
  ["nothing", undefined],
  ["no phone_info", {}],
  ["another app's watermark", { phone_info: { ...phone(), watermark: { appid: "wxother", timestamp: 1 } } }],
  ["no number", { phone_info: { ...phone(), purePhoneNumber: undefined } }],
  ["a number with letters", { phone_info: { ...phone(), phoneNumber: "<b>1</b>" } }],
])("an answer about a phone with %s is a bad reply", (_name, json) => {
  expect(() => readGetuserphonenumber(json, "wxsim")).toThrow(
    expect.objectContaining({ kind: "bad_reply", code: "wechat_unreachable" }),
  )
})

test("whether phone data is WeChat's is asked by the hash of its text", async () => {
  const { simulator, caller, tokens } = start()
  const { encryptedData } = simulator.encryptData({ user: "alice", data: { phoneNumber: "13800138000" } })
  const ask = async (data: string) => checkencryptedmsg(caller, await tokens.get(), data)
  expect(await ask(encryptedData)).toBe(true)
  expect(await ask(encryptedData.toLowerCase())).toBe(false)
  // The example of WeChat's own page.
  const sent: string[] = []
  const listening = {
    ...caller,
    call: async (request: WeChatRequest) => {
      sent.push(JSON.stringify(request.json))
      return { json: { errcode: 0, errmsg: "ok", vaild: true, create_time: 1_629_121_902 }, contentType: "" }
    },
  }
  const example =
    "hsSuSUsePBqSQw2rYMtf9Nvha603xX8f2BMQBcYRoJiMNwOqt/UEhrqekebG5ar0LFNAm5MD4Uz6zorRwiXJwbySJ/FEJHav4NsobBIU1PwdjbJWVQLFy7+YFkHB32OnQXWMh6ugW7Dyk2KS5BXp1f5lniKPp1KNLyNLlFlNZ2mgJCJmWvHj5AI7BLpWwoRvqRyZvVXo+9FsWqvBdxmAPA=="
  expect(await checkencryptedmsg(listening, "token", example)).toBe(true)
  expect(sent).toEqual([
    '{"encrypted_msg_hash":"657edd868c9715a9bebe42b833269a557a48498785397a796f1568c29a200b2c"}',
  ])
})

test("an answer about phone data may say no in either way, and must say something", () => {
  expect(readCheckencryptedmsg({ errcode: 0, vaild: false })).toBe(false)
  for (const json of [undefined, {}, { vaild: "true" }, { valid: true }])
    expect(() => readCheckencryptedmsg(json)).toThrow(expect.objectContaining({ kind: "bad_reply" }))
})

test("a country code may be a number or a text", () => {
  for (const countryCode of [86, "86"])
    expect(readGetuserphonenumber({ phone_info: { ...phone(), countryCode } }, "wxsim").countryCode).toBe(
      "86",
    )
})

function phone() {
  return {
    phoneNumber: "13800138000",
    purePhoneNumber: "13800138000",
    countryCode: "86",
    watermark: { appid: "wxsim", timestamp: 1_800_000_000 },
  }
}

test("a session_key is checked, reset, and then another", async () => {
  const { caller, tokens, logIn } = start()
  const { openid, sessionKey } = await logIn("alice")
  const token = await tokens.get()
  expect(await checksession(caller, token, { openid, sessionKey })).toBe(true)
  const after = await resetusersessionkey(caller, token, { openid, sessionKey })
  expect(after.sessionKey).not.toBe(sessionKey)
  expect(await checksession(caller, token, { openid, sessionKey })).toBe(false)
  expect(await checksession(caller, token, after)).toBe(true)
})

test("a refused token is an error, not a key that is out of date", async () => {
  const { caller, logIn } = start()
  const key = await logIn("alice")
  await expect(checksession(caller, "74_wrong", key)).rejects.toMatchObject({ errcode: 40001 })
})

test("an answer to a reset that is about another person, or without a key, is a bad reply", () => {
  for (const json of [
    undefined,
    {},
    { openid: "oB", session_key: "x" },
    { openid: "oA", session_key: "AAAA" },
  ])
    expect(() => readResetusersessionkey(json, "oA")).toThrow(expect.objectContaining({ kind: "bad_reply" }))
})

test("the keys of a person's phone are listed, the newest first, for whoever has the session_key", async () => {
  const { simulator, caller, tokens, logIn } = start()
  const key = await logIn("alice")
  const token = await tokens.get()
  const { encryptKey, iv, version } = simulator.userKey({ user: "alice" })
  expect(await getuserencryptkey(caller, token, key)).toEqual([
    { encryptKey, iv, version, expiresIn: 3_600, createdAt: 1_800_000_000 },
  ])
  simulator.clock.advance(4_000_000)
  const keys = await getuserencryptkey(caller, await tokens.get(), key)
  expect(keys.map(({ version, expiresIn }) => [version, expiresIn])).toEqual([
    [2, 3_600],
    [1, 0],
  ])
  const other = { ...key, sessionKey: "AAAAAAAAAAAAAAAAAAAAAA==" }
  await expect(getuserencryptkey(caller, await tokens.get(), other)).rejects.toMatchObject({
    code: "session_key_stale",
    errcode: 87009,
  })
})

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["a list that is none", {}],
  ["a key that is none", [null]],
  ["a key without text", [{ ...userKey(), encrypt_key: "" }]],
  ["a key without iv", [{ ...userKey(), iv: 1 }]],
  ["a key without version", [{ ...userKey(), version: "1" }]],
  ["a key that has ended before it began", [{ ...userKey(), expire_in: -1 }]],
  ["more keys than anybody has", Array.from({ length: 17 }, userKey)],
])("an answer about keys with %s is a bad reply", (_name, list) => {
  expect(() => readGetuserencryptkey({ key_info_list: list })).toThrow(
    expect.objectContaining({ kind: "bad_reply", code: "wechat_unreachable" }),
  )
})

function userKey() {
  return { encrypt_key: "a2V5", iv: "iv", version: 1, expire_in: 3_600, create_time: 1_800_000_000 }
}

test("a mini program code is a picture", async () => {
  const { caller, tokens } = start()
  const { image, contentType } = await getwxacodeunlimit(caller, await tokens.get(), {
    scene: "t=abc",
    page: "pages/scan/scan",
    width: 300,
  })
  expect(contentType).toBe("image/png")
  expect(Buffer.from(image.subarray(1, 4)).toString()).toBe("PNG")
})

test("a scene, page or width that WeChat would refuse never gets there", async () => {
  const { simulator, caller } = start()
  const wrong = [{ scene: "" }, { scene: "x".repeat(33) }, { scene: "中文" }, { scene: "a%20b" }]
  const pages = ["", "/pages/index", "pages/index?a=1"].map(page => ({ scene: "a", page }))
  const widths = [279, 1281, 300.5].map(width => ({ scene: "a", width }))
  for (const options of [...wrong, ...pages, ...widths])
    await expect(getwxacodeunlimit(caller, "token", options)).rejects.toThrow(TypeError)
  expect(simulator.calls).toHaveLength(0)
})

test("an error in place of a picture is WeChat's error", async () => {
  const { caller } = start()
  await expect(getwxacodeunlimit(caller, "74_wrong", { scene: "a" })).rejects.toMatchObject({
    errcode: 40001,
  })
})

test("an answer without a usable token is a bad reply", () => {
  for (const json of [
    undefined,
    {},
    { access_token: "" },
    { access_token: "x" },
    { access_token: "x", expires_in: "7200" },
  ])
    expect(() => readStableToken(json)).toThrow(expect.objectContaining({ kind: "bad_reply" }))
})
