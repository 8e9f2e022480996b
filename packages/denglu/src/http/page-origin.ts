import { DengluError } from "../errors.ts"
import type { Call } from "./route.ts"

/** The page that a request comes from. */
export interface PageOrigin {
  /** Its origin, if it is one of `allowedOrigins`: of other pages only the browser would know. */
  readonly allowed: string | null
  /** Whether a cookie of ours with `SameSite=Strict` comes back from there, where CORS lets cookies through. */
  readonly isSameSite: boolean
  /** It is another origin's than this server's, as browsers see it. */
  readonly isForeign: boolean
}

/**
 * Finds out where a request comes from that changes something and is sent by browsers: from a page of this origin, from one of
 * `allowedOrigins`, or from no page at all. Browsers say so in headers that no page can change (`Sec-Fetch-Site`, in older ones `Origin`).
 *
 * @throws DengluError `origin_refused` for pages of any other origin
 */
export function pageOrigin({ header, flow }: Pick<Call<unknown>, "header" | "flow">): PageOrigin {
  const origin = header("origin")
  const site = header("sec-fetch-site")
  if (origin !== undefined && flow.options.allowedOrigins.includes(origin))
    return {
      allowed: origin,
      isForeign: site !== "same-origin",
      isSameSite: site?.startsWith("same-") === true,
    }
  const isOwn =
    site === undefined
      ? origin === undefined || hostOf(origin) === header("host")
      : site === "same-origin" || (site === "none" && origin === undefined)
  if (!isOwn) throw new DengluError("origin_refused")
  return { allowed: null, isForeign: false, isSameSite: true }
}

/**
 * Refuses what a page of another site has sent: such pages may post plain text without asking first, and
 * would use up their visitors' tries. Browsers say `Origin` with every POST of a page. Mini programs say none, though in WeChat for
 * Windows and macOS they have `Sec-Fetch-Site: cross-site`; so that counts only beside an `Origin`.
 *
 * @throws DengluError `origin_refused`
 */
export function refuseForeignPages(call: Pick<Call<unknown>, "header" | "flow">): void {
  if (call.header("origin") !== undefined) pageOrigin(call)
}

/** Host and port of an origin. */
export function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
