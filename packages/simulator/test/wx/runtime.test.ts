import { describe, expect, test } from "vitest"
import { createWx } from "../../src/index.ts"

const wx = createWx({ issueCode: () => "0code" })

describe("canIUse", () => {
  test.each([
    ["login"],
    ["getSystemInfoSync.return.safeArea"],
    ["request.object.method.POST"],
    ["canIUse"],
    ["button.open-type.chooseAvatar"],
    ["button.open-type.getPhoneNumber"],
    ["input.type.nickname"],
  ])("%s: yes", schema => expect(wx.canIUse(schema)).toBe(true))

  test.each([["getLocation"], ["scanCode.success"], ["button.open-type.share"], ["toString"], [""]])(
    "%s: no",
    schema => expect(wx.canIUse(schema)).toBe(false),
  )
})

describe("base64", () => {
  test("there and back, of more bytes than a call takes arguments", () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251).buffer
    const text = wx.arrayBufferToBase64(bytes)
    expect(text).toBe(Buffer.from(bytes).toString("base64"))
    expect(wx.base64ToArrayBuffer(text)).toEqual(bytes)
  })
})

describe("nextTick", () => {
  test("runs after the caller went on", async () => {
    const order: string[] = []
    wx.nextTick(() => order.push("then"))
    order.push("first")
    await null
    expect(order).toEqual(["first", "then"])
  })
})

test("there is never an update", async () => {
  const heard: unknown[] = []
  const manager = wx.getUpdateManager()
  manager.onUpdateReady(() => heard.push("ready"))
  manager.onCheckForUpdate(found => heard.push(found))
  expect(heard).toEqual([])
  await null
  expect(heard).toEqual([{ hasUpdate: false }])
})

test("vibrating and reporting do nothing", async () => {
  expect(await wx.vibrateShort({ type: "light" })).toEqual({ errMsg: "vibrateShort:ok" })
  expect(await wx.vibrateLong()).toEqual({ errMsg: "vibrateLong:ok" })
  expect(await wx.setKeepScreenOn({ keepScreenOn: true })).toEqual({ errMsg: "setKeepScreenOn:ok" })
  const reports = [wx.reportEvent("opened", {}), wx.reportAnalytics("opened", {}), wx.reportMonitor("0", 1)]
  expect(reports).toEqual([undefined, undefined, undefined])
})

test("what a mini program writes to WeChat's logs goes nowhere", () => {
  const log = wx.getRealtimeLogManager()
  expect([wx.getLogManager().info("x"), log.tag("pages").error("x"), log.setFilterMsg("x")]).toEqual(
    Array(3).fill(undefined),
  )
})

test("there is no menu to share from, no configuration of a third party, and nothing fetched before the start", async () => {
  expect(await wx.showShareMenu({ menus: ["shareTimeline"] } as object)).toEqual({
    errMsg: "showShareMenu:ok",
  })
  expect([wx.getExtConfigSync(), (await wx.getExtConfig()).extConfig]).toEqual([{}, {}])
  await wx.setBackgroundFetchToken({ token: "abc" })
  expect(await wx.getBackgroundFetchToken()).toMatchObject({ token: "abc" })
  await expect(wx.getBackgroundFetchData({ fetchType: "pre" })).rejects.toEqual({
    errMsg: "getBackgroundFetchData:fail no data was fetched in the background",
  })
})

test("WeChat's cloud can be named, and refuses all that it is asked", () => {
  const { cloud } = wx as unknown as { cloud: Record<string, (options: object) => unknown> }
  expect(cloud.init?.({ env: "test" })).toBeUndefined()
  expect(() => cloud.callFunction?.({ name: "login" })).toThrow("not simulated: wx.cloud.callFunction")
})

describe("scopes", () => {
  test("are all granted", async () => {
    const { authSetting } = await wx.getSetting()
    expect(authSetting["scope.userLocation"]).toBe(true)
    expect(await wx.openSetting()).toEqual({ authSetting, errMsg: "openSetting:ok" })
    expect(await wx.authorize({ scope: "scope.record" })).toEqual({ errMsg: "authorize:ok" })
  })

  test("that do not exist are refused", async () => {
    await expect(wx.authorize({ scope: "scope.nothing" })).rejects.toEqual({
      errMsg: "authorize:fail invalid scope",
    })
  })

  test("do not make simulated what is not", () => {
    const { getLocation } = wx as unknown as Record<string, () => void>
    expect(() => getLocation?.()).toThrow("not simulated: wx.getLocation")
  })
})
