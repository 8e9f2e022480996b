import { i18n } from "../../i18n.js"
import { logIn } from "../../log-in.js"
import { openPrivacyTerms } from "../../open-privacy-terms.js"
import { problemText } from "../../problem-text.js"
import { showNote } from "../../show-note.js"

Page({
  data: {
    t: i18n(),
    agreed: false,
    running: false,
    problem: "",
  },

  onShow() {
    const t = i18n()
    this.setData({ t })
    wx.setNavigationBarTitle({ title: t.loginTitle })
  },

  changeAgreed({ detail }: WechatMiniprogram.CheckboxGroupChange) {
    this.setData({ agreed: detail.value.length > 0, problem: "" })
  },

  openTerms: openPrivacyTerms,

  async logIn() {
    const { running, agreed, t } = this.data
    // A second tap may arrive before the button is drawn disabled.
    if (running) return
    if (!agreed) {
      this.setData({ problem: t.agreeFirst })
      return
    }
    this.setData({ running: true, problem: "" })
    try {
      const note = await logIn()
      if (!note) return
      showNote(note)
      this.leave()
    } catch (error) {
      this.setData({ problem: problemText(error) })
    } finally {
      this.setData({ running: false })
    }
  },

  /** Back to where the person came from; a page that was opened by a link comes from nowhere. */
  leave() {
    wx.navigateBack({ fail: () => wx.switchTab({ url: "/pages/home/home" }) })
  },
})
