import { i18n } from "./i18n.js"

/** Puts the names of the tabs into the language of now. Only a page with tabs can. */
export function showTabs(): void {
  const { home, profile } = i18n()
  wx.setTabBarItem({ index: 0, text: home })
  wx.setTabBarItem({ index: 1, text: profile })
}
