export type Language = "en" | "zh"

const compact = {
  en: new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 2 }),
  zh: new Intl.NumberFormat("zh-CN", { notation: "compact", maximumSignificantDigits: 2 }),
}
const exact = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 })

/** `20 million`, `2000 万`: two digits that count, because no more are known. */
export function count(value: number, language: Language): string {
  if (value < 10_000) return exact.format(value)
  const words = { K: " thousand", M: " million", B: " billion", T: " trillion" }
  const text = compact[language].format(value)
  return language === "zh"
    ? text.replace(/([\d.])([万亿])/, "$1 $2")
    : text.replace(/[KMBT]$/, unit => words[unit as keyof typeof words])
}

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const

/** `1.2 TB`; powers of 1,000. */
export function bytes(value: number): string {
  const power = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(value, 1)) / 3)))
  return `${exact.format(value / 1000 ** power)} ${units[power]}`
}

/** `0.4`, `12`. */
export function few(value: number): string {
  return value < 0.01 ? "< 0.01" : exact.format(value)
}

/** `3 – 40 GB`: from the least to the most. */
export function range([least, most]: readonly [number, number], show: (value: number) => string): string {
  return `${show(least)} – ${show(most)}`
}
