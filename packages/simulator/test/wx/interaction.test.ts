import { describe, expect, test, vi } from "vitest"
import { createPhone } from "../../src/index.ts"
import type { ModalView, ToastView, WxHost } from "../../src/wx/host.ts"

const start = (host: WxHost = {}) => createPhone({ issueCode: () => "0code", host })

describe("toasts", () => {
  test("are shown for 1.5 s unless told otherwise", async () => {
    vi.useFakeTimers()
    try {
      const shown: (ToastView | null)[] = []
      const { wx, toast } = start({ toast: view => void shown.push(view) })
      expect(await wx.showToast({ title: "saved" })).toEqual({ errMsg: "showToast:ok" })
      const view = { kind: "toast", title: "saved", icon: "success", image: null, mask: false }
      expect(toast()).toEqual(view)
      await vi.advanceTimersByTimeAsync(1_499)
      expect(shown).toEqual([view])
      await vi.advanceTimersByTimeAsync(1)
      expect(shown).toEqual([view, null])
      await wx.showToast({ title: "long", duration: 3_000 })
      await vi.advanceTimersByTimeAsync(2_999)
      expect(toast()?.title).toBe("long")
    } finally {
      vi.useRealTimers()
    }
  })

  test("one takes the place of the other, and the time of the first does not end the second", async () => {
    vi.useFakeTimers()
    try {
      const { wx, toast } = start()
      await wx.showToast({ title: "first" })
      await wx.showLoading({ title: "second", mask: true })
      await vi.advanceTimersByTimeAsync(60_000)
      expect(toast()).toEqual({ kind: "loading", title: "second", icon: "loading", image: null, mask: true })
    } finally {
      vi.useRealTimers()
    }
  })

  test("hideToast hides a loading sign too, but not with noConflict", async () => {
    const { wx, toast } = start()
    await wx.showLoading({ title: "wait" })
    await wx.hideToast({ noConflict: true })
    expect(toast()?.title).toBe("wait")
    expect(await wx.hideToast()).toEqual({ errMsg: "hideToast:ok" })
    expect(toast()).toBeNull()
    expect(await wx.hideLoading()).toEqual({ errMsg: "hideLoading:ok" })
  })

  test("need a title", async () => {
    await expect(start().wx.showToast({} as { title: string })).rejects.toEqual({
      errMsg: "showToast:fail parameter error: parameter.title should be String instead of Undefined;",
      errno: 1001,
    })
  })
})

describe("showModal", () => {
  test("asks the host with WeChat's own words where the page has none", async () => {
    const views: ModalView[] = []
    const { wx } = start({
      modal(view) {
        views.push(view)
        return { confirm: false }
      },
    })
    expect(await wx.showModal({ title: "Sure?" })).toEqual({
      confirm: false,
      cancel: true,
      content: null,
      errMsg: "showModal:ok",
    })
    expect(views).toEqual([
      {
        title: "Sure?",
        content: "",
        showCancel: true,
        cancelText: "取消",
        cancelColor: "#000000",
        confirmText: "确定",
        confirmColor: "#576B95",
        editable: false,
        placeholderText: "",
      },
    ])
  })

  test("that is editable brings what was typed", async () => {
    const { wx } = start({ modal: async () => ({ confirm: true, content: "Alice" }) })
    expect(await wx.showModal({ editable: true })).toMatchObject({ confirm: true, content: "Alice" })
  })

  test("is confirmed where there is no host", async () => {
    expect(await start().wx.showModal()).toMatchObject({ confirm: true, cancel: false })
  })

  test("refuses a button of more than four characters", async () => {
    await expect(start().wx.showModal({ confirmText: "我已经知道" })).rejects.toMatchObject({
      errMsg: "showModal:fail parameter error: confirmText length should not larger than 4",
    })
  })

  test("fails where the host does", async () => {
    const modal = () => Promise.reject(new Error("the page is gone"))
    await expect(start({ modal }).wx.showModal()).rejects.toEqual({
      errMsg: "showModal:fail the page is gone",
    })
  })
})

describe("showActionSheet", () => {
  const itemList = ["one", "two"]

  test("answers the index of what was tapped: the host's, or the first", async () => {
    const { wx } = start({ actionSheet: items => items.indexOf("two") })
    expect(await wx.showActionSheet({ itemList })).toEqual({ tapIndex: 1, errMsg: "showActionSheet:ok" })
    expect(await start().wx.showActionSheet({ itemList })).toMatchObject({ tapIndex: 0 })
  })

  test("cancelled is a failure", async () => {
    const { wx } = start({ actionSheet: async () => null })
    await expect(wx.showActionSheet({ itemList })).rejects.toEqual({
      errMsg: "showActionSheet:fail cancel",
    })
  })

  test.each([
    [undefined, "parameter.itemList should be Array instead of Undefined;"],
    [[], "itemList should have at least one item"],
    [Array(7).fill("item"), "itemList should not be large than 6"],
  ])("refuses the items %j", async (items, reason) => {
    await expect(start().wx.showActionSheet({ itemList: items as string[] })).rejects.toMatchObject({
      errMsg: `showActionSheet:fail parameter error: ${reason}`,
    })
  })
})
