import type { User } from "@denglu/miniprogram"
import { followLogin } from "../../follow-login.js"
import { formatPrice } from "../../format-price.js"
import { formatTime } from "../../format-time.js"
import { greeting } from "../../greeting.js"
import { i18n } from "../../i18n.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"
import { profileOf } from "../../profile-of.js"
import { showTabs } from "../../show-tabs.js"

/** What `GET /orders` answers: a route of the shop, not of the login. */
interface OrdersReply {
  readonly orders: readonly {
    readonly id: string
    readonly title: string
    readonly price_cents: number
    readonly created_at: string
  }[]
}

interface OrderCell {
  readonly id: string
  readonly title: string
  readonly price: string
  readonly time: string
}

function orderCells({ orders }: OrdersReply): OrderCell[] {
  return orders.map(({ id, title, price_cents, created_at }) => ({
    id,
    title,
    price: formatPrice(price_cents),
    time: formatTime(created_at),
  }))
}

Page({
  data: {
    t: i18n(),
    greeting: greeting(),
    profile: profileOf(login.user),
    userId: "",
    orders: [] as OrderCell[],
    /** Of the orders: `loading`, `ready` or `failed`. */
    state: "loading",
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
    const t = i18n()
    this.setData({ t, greeting: greeting(), profile: profileOf(login.user) })
    wx.setNavigationBarTitle({ title: t.home })
    showTabs()
  },

  async onPullDownRefresh() {
    await this.loadOrders()
    wx.stopPullDownRefresh()
  },

  showUser(user: User | null) {
    const userId = user?.id ?? ""
    const another = userId !== this.data.userId
    this.setData({ userId, profile: profileOf(user) })
    if (!another) return
    this.setData({ orders: [], state: "loading", problem: "" })
    void this.loadOrders()
  },

  async loadOrders() {
    const { userId } = this.data
    if (!userId) return
    this.setData({ state: "loading", problem: "" })
    // Whoever asked may have logged out meanwhile: what is theirs is not shown to the next person.
    const show = (data: object) => userId === this.data.userId && this.setData(data)
    try {
      show({ orders: orderCells(await login.request<OrdersReply>({ url: "/orders" })), state: "ready" })
    } catch (error) {
      show({ orders: [], state: "failed", problem: problemText(error) })
    }
  },
})
