import { LoginError } from "@denglu/miniprogram"
import { i18n } from "./i18n.js"

/** What the person reads when something did not work: what happened, and whether trying again may help. */
export function problemText(error: unknown): string {
  if (!(error instanceof LoginError)) return String(error)
  return error.retryable ? error.message.replace(/[。.]$/, "") + i18n().tryLater : error.message
}
