import type { User } from "@denglu/miniprogram"
import { askFirst } from "../../ask-first.js"
import { followLogin } from "../../follow-login.js"
import { i18n, type Language, language, setLanguage } from "../../i18n.js"
import { keepLocalAvatar } from "../../local-avatar.js"
import { logOut } from "../../log-out.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"
import { profileOf } from "../../profile-of.js"
import { showNote } from "../../show-note.js"
import { showTabs } from "../../show-tabs.js"

/** What the person may change of themselves. */
type Change = Partial<Pick<User, "nickname" | "avatar_url">>

/** `POST /me` is `PATCH /me`: `wx.request` has no PATCH. */
async function changeMe(change: Change): Promise<void> {
  const before = login.user?.id
  const { id, nickname, avatar_url } = await login.request<User>({ url: "/me", method: "POST", data: change })
  // Unless somebody else has logged in meanwhile.
  if (id === before && id === login.user?.id) login.setUser({ nickname, avatar_url })
}

Page({
  data: {
    t: i18n(),
    language: language(),
    loggedIn: login.user !== null,
    profile: profileOf(login.user),
    nickname: login.user?.nickname ?? "",
    saving: false,
    problem: "",
  },

  unfollow() {},

  onLoad() {
    this.unfollow = followLogin(({ user }) => this.showUser(user))
  },

  onUnload() {
    this.unfollow()
  },

  onShow() {
    this.showTexts()
  },

  showTexts() {
    const t = i18n()
    this.setData({ t, language: language(), profile: profileOf(login.user) })
    wx.setNavigationBarTitle({ title: t.profile })
    showTabs()
  },

  showUser(user: User | null) {
    if (!user) keepLocalAvatar("")
    this.setData({ loggedIn: user !== null, profile: profileOf(user) })
    const nickname = user?.nickname ?? ""
    // A renewed token is a change too: what is being typed must outlive it.
    if (nickname !== this.data.nickname) this.setData({ nickname })
    if (!user) this.setData({ problem: "" })
  },

  async chooseAvatar({ detail }: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    const { avatarUrl } = detail
    // WeChat gives the path of a temporary file, which means nothing to anybody else: a shop uploads it to its own
    // storage and keeps the https address it has there. Only an address like that is sent to the login server.
    if (/^https:/.test(avatarUrl)) await this.store({ avatar_url: avatarUrl })
    else {
      keepLocalAvatar(avatarUrl)
      this.setData({ profile: profileOf(login.user) })
      showNote(this.data.t.avatarLocal)
    }
  },

  async save({ detail }: WechatMiniprogram.FormSubmit) {
    const nickname = String(detail.value.nickname ?? "").trim()
    await this.store({ nickname: nickname || null })
  },

  async store(change: Change) {
    if (this.data.saving) return
    this.setData({ saving: true, problem: "" })
    try {
      await changeMe(change)
      showNote(this.data.t.saved)
    } catch (error) {
      if (login.user) this.setData({ problem: problemText(error) })
    } finally {
      this.setData({ saving: false })
    }
  },

  changeLanguage({ currentTarget }: WechatMiniprogram.BaseEvent) {
    setLanguage(currentTarget.dataset.language as Language)
    this.showTexts()
  },

  openSessions() {
    wx.navigateTo({ url: "/pages/sessions/sessions" })
  },

  openLeave() {
    wx.navigateTo({ url: "/pages/leave/leave" })
  },

  async logOut() {
    const { t } = this.data
    if (await askFirst(t.logOutTitle, t.logOutQuestion)) await logOut()
  },
})
