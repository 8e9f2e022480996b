import type { State } from "@denglu/miniprogram"
import { login } from "./login.js"

/** Calls the listener with how it is now, and at every change. @returns ends that */
export function followLogin(listener: (state: State) => void): () => void {
  listener({ status: login.status, user: login.user })
  return login.onChange(listener)
}
