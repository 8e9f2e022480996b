import { type Language, useLanguage, useSay } from "../language.tsx"
import { words } from "../words.ts"

const languages: readonly { readonly language: Language; readonly short: string; readonly lang: string }[] = [
  { language: "zh", short: "中文", lang: "zh-CN" },
  { language: "en", short: "EN", lang: "en" },
]

/** Two buttons, each in its own language. */
export function LanguageSwitch() {
  const { language: current, choose } = useLanguage()
  const say = useSay()
  return (
    <fieldset class="segments" aria-label={say(words.language)}>
      {languages.map(({ language, short, lang }) => (
        <button
          key={language}
          type="button"
          lang={lang}
          aria-pressed={language === current}
          onClick={() => choose(language)}
        >
          {short}
        </button>
      ))}
    </fieldset>
  )
}
