import type { Bilingual } from "../http/problem-entry.ts"

/** The languages the command line speaks. */
export type Language = keyof Bilingual

/** The language of a terminal: `--lang`, else the locale as POSIX orders its variables. English if it is neither. */
export function languageOf(
  env: Readonly<Record<string, string | undefined>>,
  asked: string | undefined,
): Language {
  const locale = [asked, env.LC_ALL, env.LC_MESSAGES, env.LANG].find(value => value) ?? systemLocale(env)
  return /^zh/i.test(locale) ? "zh" : "en"
}

/** Windows says its language nowhere in the environment. Asking ICU costs milliseconds, so only there. */
function systemLocale(env: Readonly<Record<string, string | undefined>>): string {
  return env.OS === "Windows_NT" ? new Intl.DateTimeFormat().resolvedOptions().locale : "en"
}
