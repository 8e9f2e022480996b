import { createDecipheriv } from "node:crypto"
import { describe, expect, test } from "vitest"
import { createSimulator, createWx } from "../../src/index.ts"

const desc = "to greet you"

/** A person who has logged in, and how the server reads what the page got. */
async function loggedIn() {
  const simulator = createSimulator({ apps: [{}, {}] })
  const [first, second] = simulator.state().apps
  const app = second ?? first
  if (app === undefined) throw new Error("the simulator has no app")
  const wx = createWx({ simulator, appid: app.appid, user: "alice" })
  const { code: js_code } = await wx.login()
  const query = new URLSearchParams({ ...app, js_code, grant_type: "authorization_code" } as never)
  const answer = await simulator.fetch(new Request(`http://127.0.0.1/sns/jscode2session?${query}`))
  const session = (await answer.json()) as { session_key: string; openid: string }
  const decrypt = ({ encryptedData = "", iv = "" }) => {
    const [key, start] = [session.session_key, iv].map(text => Buffer.from(text, "base64"))
    if (key === undefined || start === undefined) throw new Error("no key")
    const decipher = createDecipheriv("aes-128-cbc", key, start)
    return JSON.parse(decipher.update(encryptedData, "base64", "utf8") + decipher.final("utf8"))
  }
  return { app, wx, session, decrypt }
}

describe("profiles", () => {
  test("getUserInfo brings an anonymous profile whose ciphertext has the openid", async () => {
    const { wx, app, session, decrypt } = await loggedIn()
    const result = await wx.getUserInfo()
    expect(result.userInfo.nickName).toBe("微信用户")
    expect(JSON.parse(result.rawData)).toEqual(result.userInfo)
    expect(decrypt(result)).toMatchObject({ openId: session.openid, watermark: { appid: app.appid } })
  })

  test("getUserInfo without credentials brings no ciphertext", async () => {
    const { wx } = await loggedIn()
    const result = await wx.getUserInfo({ withCredentials: false })
    expect(Object.keys(result).sort()).toEqual(["errMsg", "rawData", "signature", "userInfo"])
  })

  test("getUserProfile brings an anonymous profile whose ciphertext has no ids", async () => {
    const { wx, decrypt } = await loggedIn()
    const result = await wx.getUserProfile({ desc })
    expect(result.userInfo.nickName).toBe("微信用户")
    expect(decrypt(result)).not.toHaveProperty("openId")
    expect(decrypt(result)).not.toHaveProperty("unionId")
  })

  test.each([[undefined], [{}], [{ desc: "" }], [{ desc: "長".repeat(31) }]])(
    "getUserProfile(%j) fails for its desc",
    async options => {
      const { wx } = await loggedIn()
      await expect(wx.getUserProfile(options as { desc: string })).rejects.toEqual({
        errMsg: "getUserProfile:fail desc length does not meet the requirements",
      })
    },
  )

  test("fail where nothing was given to encrypt with", async () => {
    const wx = createWx({ issueCode: () => "0code" })
    await expect(wx.getUserInfo()).rejects.toEqual({
      errMsg: "getUserInfo:fail createWx was given neither userData nor simulator",
    })
  })
})

describe("getAccountInfoSync", () => {
  test("tells the appid: the given one, the simulator's first, or DevTools' tourist", () => {
    const simulator = createSimulator()
    const appids = [
      createWx({ simulator, appid: "wx0000000000000042", user: "alice" }),
      createWx({ simulator, user: "alice" }),
      createWx({ issueCode: () => "0code" }),
    ].map(wx => wx.getAccountInfoSync().miniProgram.appId)
    expect(appids).toEqual(["wx0000000000000042", simulator.state().apps[0]?.appid, "touristappid"])
  })
})

// biome-ignore lint/suspicious/noExplicitAny: what a page may call that has no types
type Unknown = any

describe("an API that is not simulated", () => {
  const wx = createWx({ issueCode: () => "0code" }) as unknown as Record<string, () => void>

  test("throws with its name when called, not when read", () => {
    const { scanCode } = wx
    expect(() => scanCode?.()).toThrow("not simulated: wx.scanCode")
  })

  test.each([
    ["wx.ai.ask", (any: Unknown) => any.ai.ask()],
    ["wx.cloud.database", (any: Unknown) => any.cloud.database().collection()],
    ["wx.thing", (any: Unknown) => new any.thing()],
  ])("%s is refused by its whole name", (name, call) => {
    expect(() => call(wx as never)).toThrow(`not simulated: ${name}`)
  })

  test("a wx can be awaited and printed", async () => {
    expect(await wx).toBe(wx)
    expect(`${Object.prototype.toString.call(wx)}`).toBe("[object Object]")
    expect(() => JSON.stringify(wx)).not.toThrow()
    expect(() => expect(wx).toEqual("something else")).toThrow(/to deeply equal/)
  })
})
