import { readCookie } from "./browser-session.ts"
import type { Call } from "./route.ts"

/** Only over TLS (browsers count 127.0.0.1 and localhost as safe), only for this very host, and never for scripts. */
const cookieName = "__Host-denglu-scan"
const attributes = "Path=/; Secure; HttpOnly; SameSite=Strict"
const secretForm = /^[\w-]{43}$/

/** Seconds by which the cookie outlives the ticket, so that the browser hears of its end. */
const margin = 60

/** The `Set-Cookie` that gives a browser the secret of its ticket; an earlier one is replaced. @param seconds until the ticket's end */
export function setScanCookie(secret: string, seconds: number): string {
  return `${cookieName}=${secret}; Max-Age=${seconds + margin}; ${attributes}`
}

/** The `Set-Cookie` that takes it away. */
export const dropScanCookie = `${cookieName}=; Max-Age=0; ${attributes}`

/** The secret that comes with a request: in the header of native apps and pages of other origins, else in the cookie. */
export function readScanSecret({ header }: Pick<Call<unknown>, "header">): string | undefined {
  const given = header("denglu-scan-secret") ?? readCookie(header("cookie"), cookieName)
  return given !== undefined && secretForm.test(given) ? given : undefined
}
