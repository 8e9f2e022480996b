import { i18n } from "../../i18n.js"

/** What a page shows while nobody is logged in. */
Component({
  data: { t: i18n() },
  lifetimes: {
    attached() {
      this.setData({ t: i18n() })
    },
  },
  pageLifetimes: {
    show() {
      this.setData({ t: i18n() })
    },
  },
  methods: {
    openLogin() {
      wx.navigateTo({ url: "/pages/login/login" })
    },
  },
})
