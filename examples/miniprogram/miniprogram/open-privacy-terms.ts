import { i18n } from "./i18n.js"
import { showNote } from "./show-note.js"

/** Opens the terms that are registered for the mini program at mp.weixin.qq.com. */
export function openPrivacyTerms(): void {
  wx.openPrivacyContract({ fail: () => showNote(i18n().termsUnavailable) })
}
