import { OpenDataError, openData, prepareOpenData } from "@denglu/miniprogram/open-data"
import { followLogin } from "../../follow-login.js"
import { formatTime } from "../../format-time.js"
import { i18n } from "../../i18n.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"

/** What WeChat encrypts for `wx.getUserInfo`, as far as it is shown. Since 2022 the name is the same for everybody. */
interface Profile {
  readonly nickName: string
  readonly watermark: { readonly appid: string; readonly timestamp: number }
}

/** What the person reads when WeChat's data could not be read. */
function reasonOf(error: unknown): string {
  if (!(error instanceof OpenDataError)) return problemText(error)
  return error.code === "tap_again" ? i18n().openDataAgain : i18n().openDataRefused
}

Page({
  data: {
    t: i18n(),
    loggedIn: login.user !== null,
    /** What was read; empty before. */
    name: "",
    appid: "",
    madeAt: "",
    reading: false,
    problem: "",
  },

  unfollow() {},

  onLoad() {
    this.unfollow = followLogin(({ user }) => this.setData({ loggedIn: user !== null }))
  },

  onUnload() {
    this.unfollow()
  },

  onShow() {
    const t = i18n()
    this.setData({ t })
    wx.setNavigationBarTitle({ title: t.openDataTitle })
    // The key has to be good before the tap: the data is made with the key of that moment.
    prepareOpenData(login).catch(() => {})
  },

  async read() {
    if (this.data.reading) return
    this.setData({ reading: true, problem: "" })
    try {
      const detail = await wx.getUserInfo({ withCredentials: true })
      const { nickName, watermark } = await openData<Profile>(login, { detail })
      const madeAt = formatTime(new Date(watermark.timestamp * 1000).toISOString())
      this.setData({ name: nickName, appid: watermark.appid, madeAt })
    } catch (error) {
      this.setData({ problem: reasonOf(error) })
    } finally {
      this.setData({ reading: false })
    }
  },
})
