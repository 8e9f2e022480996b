import { followLogin } from "../../follow-login.js"
import { i18n } from "../../i18n.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"
import { showNote } from "../../show-note.js"

/** Chooses an account name and a password, to log in by on web pages. A fresh code of WeChat proves who it is. */
Page({
  data: {
    t: i18n(),
    loggedIn: login.user !== null,
    saving: false,
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
    wx.setNavigationBarTitle({ title: t.passwordTitle })
  },

  async save({ detail }: WechatMiniprogram.FormSubmit) {
    if (this.data.saving) return
    const { account = "", password = "" } = detail.value as { account?: string; password?: string }
    this.setData({ saving: true, problem: "" })
    try {
      const { code } = await wx.login()
      await login.request({
        url: "/me/password",
        method: "POST",
        data: { account: account.trim(), password, code },
      })
      showNote(this.data.t.passwordSaved)
      wx.navigateBack({ fail: () => wx.switchTab({ url: "/pages/profile/profile" }) })
    } catch (error) {
      this.setData({ problem: problemText(error) })
    } finally {
      this.setData({ saving: false })
    }
  },
})
