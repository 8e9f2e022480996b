import { markLife } from "../login/password/familiar-browsers.ts"
import { readCookie } from "./browser-session.ts"
import type { Call, Reply } from "./route.ts"

/** The header, for apps that keep their tokens themselves. */
const headerName = "denglu-familiar"
const cookieName = "__Host-denglu-familiar"
/** Seconds. */
const maxAge = markLife / 1000

/** What the browser has of earlier logins by password: no proof of anything, see `FamiliarBrowsers`. */
export function readMarks({ header }: Pick<Call<unknown>, "header">): string | undefined {
  return header(headerName) ?? readCookie(header("cookie"), cookieName)
}

/** The reply with the marks that are to be kept: in a cookie if the tokens are, else in a header. */
export function withMarks<Body>(
  { header }: Pick<Call<unknown>, "header">,
  body: Body,
  marks: string,
): Reply<Body> {
  if (header("denglu-session") !== "cookie") return { status: 200, body, headers: { [headerName]: marks } }
  const cookie = `${cookieName}=${marks}; Max-Age=${maxAge}; Path=/; Secure; HttpOnly; SameSite=Strict`
  return { status: 200, body, cookies: [cookie] }
}
