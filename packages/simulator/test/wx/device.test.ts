import { describe, expect, test } from "vitest"
import { createPhone, createWx } from "../../src/index.ts"
import type { NetworkStatus } from "../../src/wx/network-state.ts"
import type { RequestResult } from "../../src/wx/request-result.ts"
import { settled } from "./settled.ts"

const issueCode = () => "0code"

describe("the system", () => {
  test("is DevTools' first phone in Chinese unless told otherwise", () => {
    const wx = createWx({ issueCode })
    expect(wx.getAppBaseInfo()).toMatchObject({ language: "zh_CN", host: { env: "WeChat" } })
    expect(wx.getDeviceInfo()).toMatchObject({ platform: "devtools", model: "iPhone 6/7/8" })
    expect(wx.getWindowInfo()).toMatchObject({ windowWidth: 375, windowHeight: 667, screenTop: 0 })
    expect(wx.getSystemSetting()).toMatchObject({ deviceOrientation: "portrait" })
    expect(wx.getAppAuthorizeSetting()).toMatchObject({ cameraAuthorized: "authorized" })
    expect(wx.getMenuButtonBoundingClientRect()).toEqual({
      left: 281,
      right: 368,
      top: 24,
      bottom: 56,
      width: 87,
      height: 32,
    })
  })

  test("tells the language and the sizes it was given, by every API", async () => {
    const wx = createWx({
      issueCode,
      language: "en",
      windowWidth: 400,
      windowHeight: 700,
      screenHeight: 764,
    })
    const told = {
      language: "en",
      windowWidth: 400,
      windowHeight: 700,
      screenWidth: 400,
      screenHeight: 764,
      screenTop: 64,
    }
    expect(wx.getSystemInfoSync()).toMatchObject(told)
    expect(await wx.getSystemInfo()).toMatchObject({ ...told, errMsg: "getSystemInfo:ok" })
    expect(await wx.getSystemInfoAsync()).toMatchObject({ ...told, errMsg: "getSystemInfoAsync:ok" })
    expect(wx.getSystemInfoSync()).toMatchObject({ ...wx.getWindowInfo(), ...wx.getDeviceInfo() })
  })
})

test("tells how it was launched", () => {
  const launch = { path: "pages/index/index", query: { from: "poster" }, scene: 1047 }
  const wx = createWx({ issueCode, launch })
  expect(wx.getLaunchOptionsSync()).toMatchObject({ ...launch, referrerInfo: {} })
  expect(wx.getEnterOptionsSync()).toEqual(wx.getLaunchOptionsSync())
  expect(createWx({ issueCode }).getLaunchOptionsSync()).toMatchObject({ path: "", query: {}, scene: 1001 })
})

describe("the network", () => {
  test("tells its type and its changes; whoever was taken off hears none", async () => {
    const { wx, network } = createPhone({ issueCode, networkType: "4g" })
    expect(await wx.getNetworkType()).toMatchObject({ networkType: "4g", errMsg: "getNetworkType:ok" })
    const heard: NetworkStatus[] = []
    const listener = (status: NetworkStatus) => void heard.push(status)
    wx.onNetworkStatusChange(listener)
    network.set("none")
    network.set("none")
    network.set("wifi")
    wx.offNetworkStatusChange(listener)
    network.set("2g")
    expect(heard).toEqual([
      { isConnected: false, networkType: "none" },
      { isConnected: true, networkType: "wifi" },
    ])
  })

  test("taken off lets no request out", async () => {
    let sent = 0
    const fetch = async () => {
      sent += 1
      return new Response("{}")
    }
    const { wx, network } = createPhone({ issueCode, fetch })
    const ask = () =>
      settled<RequestResult>(callbacks => wx.request({ url: "https://api.example.com/", ...callbacks }))
    network.set("none")
    expect((await ask()).failure).toEqual({
      errMsg: "request:fail errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED",
      errno: 600_001,
    })
    network.set("wifi")
    expect((await ask()).called).toEqual(["success", "complete"])
    expect(sent).toBe(1)
  })
})

test("the clipboard keeps what was set and says so", async () => {
  const { wx, toast } = createPhone({ issueCode })
  expect(await wx.setClipboardData({ data: "A-17" })).toEqual({ errMsg: "setClipboardData:ok" })
  expect(await wx.getClipboardData()).toEqual({ data: "A-17", errMsg: "getClipboardData:ok" })
  expect(toast()?.title).toBe("内容已复制")
  await wx.hideToast()
  await expect(wx.setClipboardData({ data: 7 as unknown as string })).rejects.toMatchObject({
    errMsg: "setClipboardData:fail parameter error: parameter.data should be String instead of Number;",
  })
})
