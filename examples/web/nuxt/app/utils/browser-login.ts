import { createLogin } from "@denglu/web"

/** The browser's side of the login; there is no such thing while the server renders. */
export const browserLogin = () => createLogin({ baseUrl: `${location.origin}/auth` })
