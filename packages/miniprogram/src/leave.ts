import type { Login, RequestOptions } from "./create-login.ts"
import type { LoginError } from "./login-error.ts"
import type { Platform } from "./platform.ts"

/**
 * Deletes the account of who is logged in (注销), and ends the login here: all others have ended with it. Ask the person twice before. Until the
 * time it answers (RFC 3339) `login({ restore: true })` brings the account back.
 *
 * @throws LoginError; with `person_mismatch` WeChat's account on this phone is another one by now
 */
export async function leave(login: Login<Platform>): Promise<string> {
  try {
    const what = { url: "/me/delete", method: "POST", data: { code: await login.code() } } as RequestOptions
    const { restore_until } = await login.request<{ restore_until: string }>(what)
    await login.logout({ here: true })
    return restore_until
  } catch (error) {
    if (!/^(net|time)/.test((error as LoginError).code)) throw error
    // The answer was lost, or the question. Which of the two, a login is told.
    const now = await login.login({ fresh: true }).catch((reason: LoginError) => reason)
    const { restoreUntil } = now as LoginError
    if (restoreUntil) return restoreUntil
    throw error
  }
}
