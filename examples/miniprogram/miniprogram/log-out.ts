import { followLogin } from "./follow-login.js"
import { i18n } from "./i18n.js"
import { login } from "./login.js"
import { showNote } from "./show-note.js"

let leaving = false

/** Ends the login because the person wants it. @param everywhere on all devices and web pages: rejects if the server can't be told */
export async function logOut(everywhere = false): Promise<void> {
  leaving = true
  try {
    await login.logout({ everywhere })
  } finally {
    leaving = false
  }
}

/** Says so when the login ends: here, or on another device. */
export function announceEnd(): void {
  let here = false
  followLogin(({ status }) => {
    if (status === "logged_in") here = true
    // Between the two it may be `logging_in` for a moment.
    if (status !== "logged_out" || !here) return
    here = false
    showNote(leaving ? i18n().loggedOut : i18n().endedElsewhere)
  })
}
