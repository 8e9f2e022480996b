import type { IncomingMessage } from "node:http"
import { DengluError } from "../errors.ts"
import type { CookieReply, TokenReply } from "../protocol/log-in.ts"
import type { HttpReply, HttpRequest } from "./message.ts"
import { hostOf } from "./page-origin.ts"
import { InvalidRequestError } from "./problem.ts"
import type { Reply } from "./route.ts"

/**
 * Logins of web pages that keep their tokens in cookies no script can read. A page asks for it by the header `Denglu-Session: cookie` where it logs in
 * and refreshes; a cross-origin page can't send that without being let in by CORS.
 *
 * Both cookies have the prefix `__Host-` (RFC 6265bis, 4.1.3.2): only this host over TLS may have set them. The access token's goes along when a link from
 * elsewhere is followed (`SameSite=Lax`), the refresh token's only from pages of the site (`Strict`).
 */
export interface BrowserSessions {
  /** Whether the request asks for cookies instead of tokens. @throws DengluError `origin_refused`, `invalid_request` if they are switched off */
  asks(request: HttpRequest): boolean
  /** The access token in the request's cookies. @throws DengluError `token_missing`, `origin_refused` */
  accessToken(request: BrowserRequest): string
  /** The refresh token in the request's cookies. @throws DengluError `token_missing`, `origin_refused` */
  refreshToken(request: BrowserRequest): string
  /** Takes the tokens out of a reply and puts them into cookies. */
  issue(reply: Reply<TokenReply>): Reply<CookieReply>
  /** Makes the browser forget both. */
  readonly forget: readonly string[]
}

/** What of a request tells where it came from. */
export interface BrowserRequest {
  readonly method: string
  header(name: string): string | undefined
}

const accessCookie = "__Host-denglu"
const refreshCookie = "__Host-denglu-refresh"
const attributes = "Path=/; Secure; HttpOnly"

/**
 * @param enabled the option `browserSessions`
 * @param allowedOrigins origins besides the host's own whose pages may use the cookies
 */
export function createBrowserSessions(enabled: boolean, allowedOrigins: readonly string[]): BrowserSessions {
  const allowed = new Set(allowedOrigins)

  /**
   * Refuses what a page of another site may have sent. Browsers say it in `Sec-Fetch-Site`; old ones only in `Origin`, which they send with
   * every POST. What says neither is no browser, or one that has lost it on the way, and cookies are a browser's.
   */
  function checkOrigin(request: BrowserRequest): void {
    if (request.method === "GET" || request.method === "HEAD") return
    const origin = request.header("origin")
    if (origin !== undefined && allowed.has(origin)) return
    const site = request.header("sec-fetch-site")
    if (site === "same-origin") return
    if (site === undefined && origin !== undefined && hostOf(origin) === request.header("host")) return
    throw new DengluError("origin_refused", {
      message: `cookies do not count here for a request that is ${site ?? (origin === undefined ? "without Origin" : "from another origin")}`,
    })
  }

  function cookie(request: BrowserRequest, name: string): string {
    const found = readCookie(request.header("cookie"), name)
    if (found === undefined) throw new DengluError("token_missing")
    checkOrigin(request)
    return found
  }

  return {
    asks(request) {
      const asked = request.header("denglu-session")
      if (asked === undefined) return false
      if (asked !== "cookie")
        throw new InvalidRequestError([{ pointer: "", detail: 'the header Denglu-Session may be "cookie"' }])
      if (!enabled)
        throw new InvalidRequestError([
          { pointer: "", detail: "sessions in cookies are off: set the option browserSessions" },
        ])
      checkOrigin(request)
      return true
    },
    accessToken: request => cookie(request, accessCookie),
    refreshToken: request => cookie(request, refreshCookie),
    issue({ status, body, headers, cookies = [] }) {
      if (body === undefined) throw new Error("a login without tokens")
      const { access_token, refresh_token, ...rest } = body
      return {
        status,
        body: { ...rest, token_type: "Cookie" },
        ...(headers && { headers }),
        cookies: [
          ...cookies,
          `${accessCookie}=${access_token}; ${attributes}; SameSite=Lax; Max-Age=${rest.expires_in}`,
          `${refreshCookie}=${refresh_token}; ${attributes}; SameSite=Strict; Max-Age=${rest.refresh_expires_in}`,
        ],
      }
    },
    forget: [
      `${accessCookie}=; ${attributes}; SameSite=Lax; Max-Age=0`,
      `${refreshCookie}=; ${attributes}; SameSite=Strict; Max-Age=0`,
    ],
  }
}

/** Whether an answer to a request with cookies means that they are of no use any more. */
export function endsBrowserSession(reply: HttpReply, error: unknown): boolean {
  return (
    reply.status === 401 &&
    error instanceof DengluError &&
    ["session_revoked", "refresh_reused", "token_invalid"].includes(error.code)
  )
}

/** The value of a cookie; of several with the name the first. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > 16_384) return undefined
  for (const part of header.split(";")) {
    const at = part.indexOf("=")
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || undefined
  }
  return undefined
}

/** A request of Node's, as far as it tells where it came from. */
export function browserRequestOf(req: Pick<IncomingMessage, "method" | "headers">): BrowserRequest {
  return {
    method: req.method ?? "GET",
    header(name) {
      const value = req.headers[name]
      return typeof value === "string" ? value : value?.[0]
    },
  }
}
