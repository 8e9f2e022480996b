import { en } from "./texts/en.js"
import { type Texts, zh } from "./texts/zh.js"

export type Language = "zh" | "en"

const key = "language"
let chosen: Language | undefined

/** What the person chose, else what WeChat speaks, else Chinese. */
export function language(): Language {
  chosen ??= kept() ?? (/^en/i.test(wx.getAppBaseInfo().language ?? "") ? "en" : "zh")
  return chosen
}

export function setLanguage(next: Language): void {
  chosen = next
  wx.setStorageSync(key, next)
}

/** The texts in the language of now: a page takes them whenever it is shown. */
export function i18n(): Texts {
  return language() === "en" ? en : zh
}

function kept(): Language | undefined {
  const value: unknown = wx.getStorageSync(key)
  return value === "zh" || value === "en" ? value : undefined
}
