import { i18n } from "./i18n.js"

/** Good morning, good afternoon or good evening, by this device's clock. */
export function greeting(): string {
  const { morning, afternoon, evening } = i18n()
  const hour = new Date().getHours()
  if (hour < 5 || hour >= 18) return evening
  return hour < 12 ? morning : afternoon
}
