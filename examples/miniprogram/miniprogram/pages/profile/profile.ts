import type { User } from "@denglu/miniprogram"
import { askFirst } from "../../ask-first.js"
import { followLogin } from "../../follow-login.js"
import { i18n, type Language, language, setLanguage } from "../../i18n.js"
import { logOut } from "../../log-out.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"
import { profileOf } from "../../profile-of.js"
import { showNote } from "../../show-note.js"
import { showTabs } from "../../show-tabs.js"

/** `POST /me` is `PATCH /me`: `wx.request` has no PATCH. */
function changeNickname(nickname: string | null): Promise<User> {
  return login.request<User>({ url: "/me", method: "POST", data: { nickname } })
}

/** WeChat gives the path of a temporary file, which means nothing to anybody else: the server keeps the picture and answers its address. */
function uploadAvatar(filePath: string): Promise<User> {
  return login.uploadFile<User>({ url: "/me/avatar", filePath, name: "file" })
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
    this.setData({ loggedIn: user !== null, profile: profileOf(user) })
    const nickname = user?.nickname ?? ""
    // A renewed token is a change too: what is being typed must outlive it.
    if (nickname !== this.data.nickname) this.setData({ nickname })
    if (!user) this.setData({ problem: "" })
  },

  async chooseAvatar({ detail }: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    await this.change(() => uploadAvatar(detail.avatarUrl))
  },

  async save({ detail }: WechatMiniprogram.FormSubmit) {
    const nickname = String(detail.value.nickname ?? "").trim()
    await this.change(() => changeNickname(nickname || null))
  },

  async change(send: () => Promise<User>) {
    if (this.data.saving) return
    this.setData({ saving: true, problem: "" })
    const before = login.user?.id
    try {
      const { id, nickname, avatar_url } = await send()
      // Unless somebody else has logged in meanwhile.
      if (id === before && id === login.user?.id) login.setUser({ nickname, avatar_url })
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

  openPassword() {
    wx.navigateTo({ url: "/pages/password/password" })
  },

  openOpenData() {
    wx.navigateTo({ url: "/pages/open-data/open-data" })
  },

  openLeave() {
    wx.navigateTo({ url: "/pages/leave/leave" })
  },

  async logOut() {
    const { t } = this.data
    if (await askFirst(t.logOutTitle, t.logOutQuestion)) await logOut()
  },
})
