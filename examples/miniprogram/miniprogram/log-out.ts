import { leave } from "@denglu/miniprogram/leave"
import { followLogin } from "./follow-login.js"
import { i18n } from "./i18n.js"
import { login } from "./login.js"
import { showNote } from "./show-note.js"

/** What the person reads when the login ends because they want it; empty where the page says it. */
let farewell: string | undefined

/** Ends the login because the person wants it. @param everywhere on all devices and web pages: rejects if the server can't be told */
export function logOut(everywhere = false): Promise<void> {
  return saying(i18n().loggedOut, () => login.logout({ everywhere }))
}

/** Deletes the account, and ends the login with it. @returns until when they can come back */
export function deleteAccount(): Promise<string> {
  return saying("", () => leave(login))
}

async function saying<Result>(text: string, end: () => Promise<Result>): Promise<Result> {
  farewell = text
  try {
    return await end()
  } finally {
    farewell = undefined
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
    const note = farewell ?? i18n().endedElsewhere
    if (note) showNote(note)
  })
}
