/** The languages the command line speaks. */
export type Language = "en" | "zh"

export type Bilingual = Readonly<Record<Language, string>>

/** The language of a terminal, as POSIX orders its variables. English if it is neither. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find(value => value) ?? systemLocale(env)
  return /^zh/i.test(locale) ? "zh" : "en"
}

/** Windows says its language nowhere in the environment. */
function systemLocale(env: Readonly<Record<string, string | undefined>>): string {
  return env.OS === "Windows_NT" ? new Intl.DateTimeFormat().resolvedOptions().locale : "en"
}
