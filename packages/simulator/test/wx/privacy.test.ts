import { describe, expect, test } from "vitest"
import { createPhone, createSimulator, createWx } from "../../src/index.ts"
import type { PrivacyAsk, WxHost } from "../../src/wx/host.ts"
import type { PrivacyAnswer } from "../../src/wx/privacy.ts"

const refused = "privacy permission is not authorized"

function start(host: WxHost = {}) {
  const phone = createPhone({ simulator: createSimulator(), user: "alice", privacy: "needed", host })
  /** Listens as a page does: keeps what it was asked until the test answers. */
  const listen = () => {
    const asked: { referrer: string; resolve: (answer: PrivacyAnswer) => void }[] = []
    phone.wx.onNeedPrivacyAuthorization((resolve, { referrer }) => void asked.push({ referrer, resolve }))
    return asked
  }
  return { ...phone, listen }
}

/** What became of it so far. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  await new Promise(setImmediate)
  return Promise.race([promise, Promise.resolve("pending")])
}

describe("a person who has agreed", () => {
  test("is not asked", async () => {
    const wx = createWx({ issueCode: () => "0code" })
    wx.onNeedPrivacyAuthorization(() => {
      throw new Error("asked")
    })
    expect(await wx.getPrivacySetting()).toEqual({
      needAuthorization: false,
      privacyContractName: "《小程序隐私保护指引》",
      errMsg: "getPrivacySetting:ok",
    })
    expect(await wx.requirePrivacyAuthorize()).toEqual({ errMsg: "requirePrivacyAuthorize:ok" })
  })
})

describe("a page that asks", () => {
  test("is told by whom, and the call waits for its answer", async () => {
    const { wx, listen, buttons } = start()
    const asked = listen()
    const call = wx.getUserProfile({ desc: "to greet you" })
    expect(await stateOf(call)).toBe("pending")
    expect(asked.map(({ referrer }) => referrer)).toEqual(["getUserProfile"])
    asked[0]?.resolve({ event: "exposureAuthorization" })
    expect(await stateOf(call)).toBe("pending")
    expect(buttons.agreePrivacyAuthorization("agree")).toEqual({ errMsg: "agreePrivacyAuthorization:ok" })
    asked[0]?.resolve({ event: "agree", buttonId: "agree" })
    expect(await call).toMatchObject({ errMsg: "getUserProfile:ok" })
    expect(await wx.getPrivacySetting()).toMatchObject({ needAuthorization: false })
    await wx.getClipboardData()
    expect(asked).toHaveLength(1)
  })

  test("and is refused fails the call, and asks again the next time", async () => {
    const { wx, listen } = start()
    const asked = listen()
    const call = wx.requirePrivacyAuthorize()
    await stateOf(call.catch(() => {}))
    asked[0]?.resolve({ event: "disagree" })
    await expect(call).rejects.toEqual({ errMsg: `requirePrivacyAuthorize:fail ${refused}`, errno: 104 })
    const again = wx.chooseMedia()
    await stateOf(again.catch(() => {}))
    expect(asked.map(({ referrer }) => referrer)).toEqual(["requirePrivacyAuthorize", "chooseMedia"])
    asked[1]?.resolve({ event: "disagree" })
    await expect(again).rejects.toEqual({ errMsg: `chooseMedia:fail ${refused}`, errno: 104 })
  })

  test("may not agree for the person: without the button's tap it does not count", async () => {
    const { wx, listen, buttons } = start()
    const asked = listen()
    buttons.agreePrivacyAuthorization("other")
    expect(await wx.getPrivacySetting()).toMatchObject({ needAuthorization: false })
    const strict = start()
    const waiting = strict.listen()
    const call = strict.wx.requirePrivacyAuthorize()
    await stateOf(call.catch(() => {}))
    waiting[0]?.resolve({ event: "agree", buttonId: "never tapped" })
    await expect(call).rejects.toMatchObject({ errno: 104 })
    expect(asked).toEqual([])
  })

  test("a wx that has no buttons takes its word for it", async () => {
    const wx = createWx({ issueCode: () => "0code", privacy: "needed" })
    wx.onNeedPrivacyAuthorization(resolve => resolve({ event: "agree", buttonId: "agree" }))
    expect(await wx.requirePrivacyAuthorize()).toEqual({ errMsg: "requirePrivacyAuthorize:ok" })
  })

  test("the last listener counts", async () => {
    const { wx, listen } = start()
    const first = listen()
    const second = listen()
    const call = wx.requirePrivacyAuthorize()
    await stateOf(call.catch(() => {}))
    expect([first.length, second.length]).toEqual([0, 1])
    second[0]?.resolve({ event: "disagree" })
    await expect(call).rejects.toMatchObject({ errno: 104 })
  })
})

describe("WeChat's own question", () => {
  test("is asked where the page does not listen", async () => {
    const asks: PrivacyAsk[] = []
    const { wx } = start({
      privacy(ask) {
        asks.push(ask)
        return asks.length > 1
      },
    })
    await expect(wx.getClipboardData()).rejects.toMatchObject({ errno: 104 })
    expect(await wx.getClipboardData()).toMatchObject({ data: "" })
    expect(asks[0]).toEqual({ referrer: "getClipboardData", contractName: "《小程序隐私保护指引》" })
  })

  test("is answered with yes where there is no host", async () => {
    expect(await start().wx.requirePrivacyAuthorize()).toEqual({ errMsg: "requirePrivacyAuthorize:ok" })
  })
})

test("what is no privacy API asks nobody", async () => {
  const { wx, listen } = start()
  const asked = listen()
  await wx.login()
  await wx.setStorage({ key: "key", data: 1 })
  await wx.showToast({ title: "done" })
  expect(asked).toEqual([])
})

test("openPrivacyContract has the host show it", async () => {
  const opened: string[] = []
  const { wx } = start({ privacyContract: name => void opened.push(name) })
  expect(await wx.openPrivacyContract()).toEqual({ errMsg: "openPrivacyContract:ok" })
  expect(opened).toEqual(["《小程序隐私保护指引》"])
})
