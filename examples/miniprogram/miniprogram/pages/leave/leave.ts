import { askFirst } from "../../ask-first.js"
import { followLogin } from "../../follow-login.js"
import { formatTime } from "../../format-time.js"
import { i18n } from "../../i18n.js"
import { restore } from "../../log-in.js"
import { deleteAccount } from "../../log-out.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"
import { showNote } from "../../show-note.js"

const red = "#fa5151"

Page({
  data: {
    t: i18n(),
    loggedIn: login.user !== null,
    /** What the person reads once the account is deleted. */
    left: "",
    running: false,
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
    wx.setNavigationBarTitle({ title: t.leaveTitle })
  },

  /** Asks twice: a tap too many must not be enough. */
  async remove() {
    const { t } = this.data
    if (!(await askFirst(t.leaveAskTitle, t.leaveAskText, red))) return
    if (!(await askFirst(t.leaveSureTitle, t.leaveSureText, red))) return
    await this.run(async () => {
      const until = await deleteAccount()
      this.setData({ left: t.leftText.replace("{time}", formatTime(until)) })
    })
  },

  async comeBack() {
    await this.run(async () => {
      showNote(await restore())
      this.close()
    })
  },

  async run(work: () => Promise<void>) {
    // A second tap may arrive before the button is drawn disabled.
    if (this.data.running) return
    this.setData({ running: true, problem: "" })
    try {
      await work()
    } catch (error) {
      this.setData({ problem: problemText(error) })
    } finally {
      this.setData({ running: false })
    }
  },

  /** Back to where the person came from; a page that was opened by a link comes from nowhere. */
  close() {
    wx.navigateBack({ fail: () => wx.switchTab({ url: "/pages/profile/profile" }) })
  },
})
