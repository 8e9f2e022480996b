import { describe, expect, test } from "vitest"
import { createWx } from "../../src/index.ts"

function start(text: string | null = null) {
  const kept = { text }
  const storage = {
    load: () => kept.text,
    save(next: string) {
      if (next.length > 300) throw new Error("the quota is reached")
      kept.text = next
    },
  }
  const open = () => createWx({ issueCode: () => "0code", storage })
  return { kept, open }
}

describe("storage that lasts", () => {
  test("is there again for the next wx: what was set, without what was removed", () => {
    const { open } = start()
    const wx = open()
    wx.setStorageSync("__proto__", { a: 1 })
    wx.setStorageSync("date", new Date(1_800_000_000_000))
    wx.setStorageSync("removed", 1)
    wx.removeStorageSync("removed")
    const next = open()
    expect(next.getStorageInfoSync().keys).toEqual(["__proto__", "date"])
    expect(next.getStorageSync("__proto__")).toEqual({ a: 1 })
    expect(next.getStorageSync("date")).toEqual(new Date(1_800_000_000_000))
  })

  test("is empty for the next wx once it was cleared", () => {
    const { open } = start()
    const wx = open()
    wx.setStorageSync("key", 1)
    wx.clearStorageSync()
    expect(open().getStorageInfoSync().keys).toEqual([])
  })

  test.each([
    ["{"],
    ["7"],
    ["null"],
    ['{"a":1}'],
    ['[["key"]]'],
    ['[["key",7]]'],
    ['[["key","{"]]'],
    ['[["k","1"]]'],
  ])("counts the broken text %s as empty, and goes on from there", text => {
    const { open } = start(text)
    const wx = open()
    expect(wx.getStorageInfoSync().keys).toEqual([])
    wx.setStorageSync("key", "value")
    expect(open().getStorageSync("key")).toBe("value")
  })

  test("fails where it cannot be saved, and keeps what was there", async () => {
    const { open } = start()
    const wx = open()
    wx.setStorageSync("key", "before")
    await expect(wx.setStorage({ key: "key", data: "x".repeat(300) })).rejects.toEqual({
      errMsg: "setStorage:fail the quota is reached",
    })
    expect(wx.getStorageSync("key")).toBe("before")
    expect(open().getStorageSync("key")).toBe("before")
  })
})
