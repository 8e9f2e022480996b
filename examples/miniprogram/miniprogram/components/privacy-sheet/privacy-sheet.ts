import { i18n } from "../../i18n.js"
import { openPrivacyTerms } from "../../open-privacy-terms.js"

type Answer =
  | { readonly event: "exposureAuthorization" | "disagree" }
  | { readonly event: "agree"; readonly buttonId: string }

type Resolve = (answer: Answer) => void

/** What waits for the person's answer: WeChat asks once for each API and each component that was used meanwhile. */
const waiting = new Set<Resolve>()

function answer(what: Answer): void {
  for (const resolve of waiting) resolve(what)
  waiting.clear()
}

/** Asks for the consent that WeChat demands before a page takes avatar, nickname and the like. */
Component({
  data: { open: false, t: i18n() },
  lifetimes: {
    attached() {
      const ask = (resolve: Resolve) => {
        waiting.add(resolve)
        resolve({ event: "exposureAuthorization" })
        this.setData({ open: true, t: i18n() })
      }
      // The typings know the listener without its arguments.
      wx.onNeedPrivacyAuthorization(ask as unknown as WechatMiniprogram.OnNeedPrivacyAuthorizationCallback)
    },
    detached() {
      answer({ event: "disagree" })
    },
  },
  methods: {
    openTerms: openPrivacyTerms,
    agree() {
      answer({ event: "agree", buttonId: "privacy-agree" })
      this.setData({ open: false })
    },
    refuse() {
      answer({ event: "disagree" })
      this.setData({ open: false })
    },
    /** Keeps the page behind from scrolling. */
    stay() {},
  },
})
