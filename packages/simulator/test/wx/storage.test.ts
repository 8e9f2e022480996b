import { describe, expect, test } from "vitest"
import { createWx } from "../../src/index.ts"

const start = (storageFault?: (api: string) => string | undefined) =>
  createWx({ issueCode: () => "0code", ...(storageFault === undefined ? {} : { storageFault }) })

describe("storage", () => {
  test.each([
    ["text"],
    [""],
    [7],
    [false],
    [null],
    [{ nested: [1, "two", null] }],
    [new Date(1_800_000_000_000)],
  ])("gives back %j as it was set", async value => {
    const wx = start()
    wx.setStorageSync("key", value)
    expect(wx.getStorageSync("key")).toEqual(value)
    expect(await wx.getStorage({ key: "key" })).toEqual({ data: value, errMsg: "getStorage:ok" })
  })

  test("keeps copies: neither what was given nor what was got is what is stored", () => {
    const wx = start()
    const given = { list: [1] }
    wx.setStorageSync("key", given)
    given.list.push(2)
    wx.getStorageSync<typeof given>("key").list.push(3)
    expect(wx.getStorageSync("key")).toEqual({ list: [1] })
  })

  test("a missing key is an empty text when asked synchronously and a failure otherwise", async () => {
    const wx = start()
    expect(wx.getStorageSync("missing")).toBe("")
    await expect(wx.getStorage({ key: "missing" })).rejects.toEqual({
      errMsg: "getStorage:fail data not found",
    })
  })

  test("removes a key, clears all, and tells what is there", async () => {
    const wx = start()
    expect(await wx.setStorage({ key: "a", data: "x".repeat(2_000) })).toEqual({ errMsg: "setStorage:ok" })
    wx.setStorageSync("b", 1)
    expect(wx.getStorageInfoSync()).toEqual({ keys: ["a", "b"], currentSize: 2, limitSize: 10_240 })
    expect(await wx.removeStorage({ key: "a" })).toEqual({ errMsg: "removeStorage:ok" })
    expect(await wx.getStorageInfo()).toMatchObject({ keys: ["b"], errMsg: "getStorageInfo:ok" })
    wx.setStorageSync("c", 1)
    wx.removeStorageSync("c")
    expect(wx.getStorageInfoSync().keys).toEqual(["b"])
    expect(await wx.clearStorage()).toEqual({ errMsg: "clearStorage:ok" })
    wx.setStorageSync("d", 1)
    wx.clearStorageSync()
    expect(wx.getStorageInfoSync().keys).toEqual([])
  })

  test("refuses more than 1 MB under one key and keeps what was there", () => {
    const wx = start()
    wx.setStorageSync("key", "before")
    expect(() => wx.setStorageSync("key", "x".repeat(1_048_576))).toThrow(
      "setStorageSync:fail entry size limit reached",
    )
    expect(wx.getStorageSync("key")).toBe("before")
  })

  test("refuses more than 10 MB in all, and takes more once there is room", async () => {
    const wx = start()
    const megabyte = "x".repeat(1_048_000)
    for (let count = 0; count < 10; count += 1) wx.setStorageSync(`key${count}`, megabyte)
    await expect(wx.setStorage({ key: "more", data: megabyte })).rejects.toEqual({
      errMsg: "setStorage:fail exceed storage max size 10Mb",
    })
    wx.setStorageSync("key0", megabyte)
    wx.removeStorageSync("key0")
    expect(() => wx.setStorageSync("more", megabyte)).not.toThrow()
  })

  test("told to break, throws synchronously and fails otherwise, under the API's own name", async () => {
    const wx = start(api => (api.startsWith("setStorage") ? "the disk is full" : undefined))
    expect(() => wx.setStorageSync("key", 1)).toThrow("setStorageSync:fail the disk is full")
    await expect(wx.setStorage({ key: "key", data: 1 })).rejects.toEqual({
      errMsg: "setStorage:fail the disk is full",
    })
    expect(wx.getStorageSync("key")).toBe("")
  })

  test("refuses what is no key", () => {
    expect(() => start().setStorageSync("", 1)).toThrow(/^setStorageSync:fail parameter error/)
  })
})
