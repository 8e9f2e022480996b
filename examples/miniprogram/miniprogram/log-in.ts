import { LoginError } from "@denglu/miniprogram"
import { askFirst } from "./ask-first.js"
import { formatTime } from "./format-time.js"
import { i18n } from "./i18n.js"
import { login } from "./login.js"

/**
 * Logs in. Whoever has deleted the account is asked whether they want it back.
 * @returns what to tell them; nothing if they don't want it back
 */
export async function logIn(): Promise<string> {
  try {
    await login.login()
    return i18n().welcomeBack
  } catch (error) {
    if (!(error instanceof LoginError && error.restoreUntil)) throw error
    const { restoreTitle, restoreText } = i18n()
    const text = restoreText.replace("{time}", formatTime(error.restoreUntil))
    return (await askFirst(restoreTitle, text)) ? restore() : ""
  }
}

/** Brings back the account that was deleted. @returns what to tell the person */
export async function restore(): Promise<string> {
  await login.login({ restore: true })
  return i18n().restored
}
