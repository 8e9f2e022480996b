import type { User } from "@denglu/miniprogram"
import { confirmScan, denyScan, openScan, ScanError, type ScanRequest } from "@denglu/miniprogram/scan"
import { followLogin } from "../../follow-login.js"
import { formatTime } from "../../format-time.js"
import { i18n } from "../../i18n.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"

/** WeChat's number for a mini program that was opened by scanning with the camera. */
const cameraScene = 1047

/** The page that a mini program code on a web page opens: shall that browser be logged in as me? */
Page({
  data: {
    t: i18n(),
    userId: "",
    request: null as ScanRequest | null,
    requestedAt: "",
    number: "",
    /** `loading`, `asking`, `answering`; `confirmed`, `denied`, `reported` and `failed` are ends. */
    state: "loading",
    problem: "",
  },

  query: {} as Record<string, string | undefined>,
  unfollow() {},

  onLoad(query) {
    this.query = query
    // Nobody has to log in to hear that it is no use.
    if (wx.getEnterOptionsSync().scene !== cameraScene) {
      this.fail(new ScanError())
      return
    }
    this.unfollow = followLogin(({ user }) => this.showUser(user))
  },

  onUnload() {
    this.unfollow()
  },

  onShow() {
    const t = i18n()
    this.setData({ t })
    wx.setNavigationBarTitle({ title: t.scanTitle })
  },

  showUser(user: User | null) {
    const userId = user?.id ?? ""
    if (userId === this.data.userId) return
    this.setData({ userId, request: null, number: "", state: "loading", problem: "" })
    if (userId) void this.ask()
  },

  async ask() {
    try {
      const request = await openScan(login, this.query)
      this.setData({ request, requestedAt: formatTime(request.requested_at), state: "asking" })
    } catch (error) {
      this.fail(error)
    }
  },

  fail(error: unknown) {
    const problem = error instanceof ScanError ? this.data.t.scanWithCamera : problemText(error)
    this.setData({ problem, state: "failed" })
  },

  openLogin() {
    wx.navigateTo({ url: "/pages/login/login" })
  },

  changeNumber({ detail }: WechatMiniprogram.Input) {
    this.setData({ number: detail.value.replace(/\D/g, "").slice(0, 2) })
  },

  confirm() {
    const { number } = this.data
    if (number.length === 2) void this.answer("confirmed", request => confirmScan(login, request, number))
  },

  deny() {
    void this.answer("denied", request => denyScan(login, request))
  },

  report() {
    void this.answer("reported", request => denyScan(login, request, true))
  },

  async answer(then: string, send: (request: ScanRequest) => Promise<void>) {
    const { request, state } = this.data
    // A second tap may arrive before the buttons are drawn disabled.
    if (request === null || state !== "asking") return
    this.setData({ state: "answering" })
    try {
      await send(request)
      this.setData({ state: then })
    } catch (error) {
      this.fail(error)
    }
  },

  leave() {
    wx.switchTab({ url: "/pages/home/home" })
  },

  openSessions() {
    wx.navigateTo({ url: "/pages/sessions/sessions" })
  },
})
