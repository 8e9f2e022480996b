import { type ComponentChildren, createContext } from "preact"
import { useContext, useEffect, useState } from "preact/hooks"
import type { Text } from "../protocol.ts"

export type Language = keyof Text

interface LanguageChoice {
  readonly language: Language
  choose(language: Language): void
}

const kept = "denglu-playground-language"
const LanguageContext = createContext<LanguageChoice>({ language: "en", choose() {} })

function firstLanguage(): Language {
  const before = localStorage.getItem(kept)
  if (before === "zh" || before === "en") return before
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"
}

/** Holds the page's language: the one chosen last, else the browser's. */
export function LanguageProvider({ children }: { readonly children: ComponentChildren }) {
  const [language, setLanguage] = useState(firstLanguage)
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en"
    document.title = language === "zh" ? "Denglu 登录 · 演练场" : "Denglu · Playground"
  }, [language])
  function choose(next: Language): void {
    localStorage.setItem(kept, next)
    setLanguage(next)
  }
  return <LanguageContext.Provider value={{ language, choose }}>{children}</LanguageContext.Provider>
}

export function useLanguage(): LanguageChoice {
  return useContext(LanguageContext)
}

/** What says a text in the page's language. */
export function useSay(): (text: Text) => string {
  const { language } = useLanguage()
  return text => text[language]
}
