import type { Login, RequestOptions } from "./create-login.ts"
import type { Platform } from "./platform.ts"

/** The page was not opened by scanning a code with the camera. Everything else is a `LoginError`, as of any request. */
export class ScanError extends Error {
  declare readonly code: "not_scanned"

  constructor() {
    super("not_scanned")
    Object.assign(this, { name: "ScanError", code: "not_scanned" })
  }
}

/** A browser that wants to be logged in, as the person has to read it. */
export interface ScanRequest {
  /** For the answer. */
  readonly id: string
  readonly site: { readonly name: string; readonly origin: string | null }
  /** As `Chrome on Windows`, in the device's language; `null` if it does not say. */
  readonly browser: string | null
  /** Roughly where it is, if the server knows. */
  readonly place: string | null
  /** RFC 3339, as `2026-01-31T08:00:00.000Z`. */
  readonly requested_at: string
  /** Seconds. */
  readonly expires_in: number
}

/** What `wx.getEnterOptionsSync()` answers. */
export interface Entered {
  readonly scene: number
  readonly query: { readonly [name: string]: string | undefined }
}

type AnyLogin = Login<Platform>

const post = <Data>(login: AnyLogin, path: string, data: object) =>
  login.request<Data>({ url: `/scan/${path}`, method: "POST", data } as RequestOptions)

/**
 * Asks who wants to be logged in, and keeps everybody else from answering. Call it when the page is loaded.
 *
 * Only a page that the camera opened counts, and with the code of this very opening: a picture, a shared card or another page's link may
 * have come from somebody else.
 *
 * @param query the page's, from `onLoad`
 * @param entered how the mini program was opened last; `Taro.getEnterOptionsSync()` elsewhere
 * @throws ScanError (as a rejection), or LoginError
 */
export async function openScan(
  login: AnyLogin,
  { scene }: Entered["query"],
  entered: Entered = wx.getEnterOptionsSync(),
): Promise<ScanRequest> {
  // As the server makes it, it reads the same encoded and decoded.
  if (entered.scene !== 1047 || !/^[\w-]+$/.test(scene as string) || entered.query.scene !== scene)
    throw new ScanError()
  return post(login, "open", { scene, launch_scene: entered.scene })
}

/** Logs that browser in as this person. @param number the two digits that it shows; with wrong ones the code is over */
export async function confirmScan(
  login: AnyLogin,
  { id }: { readonly id: string },
  number: string,
): Promise<void> {
  await post(login, `${id}/confirm`, { number })
}

/** Does not. @param notMe the person never asked for it: the operator hears of it */
export async function denyScan(
  login: AnyLogin,
  { id }: { readonly id: string },
  notMe = false,
): Promise<void> {
  await post(login, `${id}/deny`, { not_me: notMe })
}
