import type { Login, RequestOptions } from "./create-login.ts"
import type { Platform } from "./platform.ts"

/** What is wrong with open data on this side of the wire. Everything else is a `LoginError`, as of any request. */
export type OpenDataErrorCode =
  /** There is no data: the person said no, or WeChat did. `message` is WeChat's `errMsg`. */
  | "refused"
  /** The server could not read it: WeChat's key has changed. The key is renewed now: ask the person to tap once more. */
  | "tap_again"

export class OpenDataError extends Error {
  declare readonly code: OpenDataErrorCode

  constructor(code: OpenDataErrorCode, message: string = code) {
    super(message)
    Object.assign(this, { name: "OpenDataError", code })
  }
}

/** The event of a button that brings open data. What `wx.getUserInfo` answers goes as its `detail`. */
export interface OpenDataEvent {
  readonly detail: { readonly encryptedData?: string; readonly iv?: string; readonly errMsg?: string }
}

type AnyLogin = Login<Platform>

/**
 * Sees to it that WeChat's key holds, with a silent login if it doesn't: where a page shows such a button. The key has to be there
 * before the tap, since the data is made with the key of that moment.
 */
export async function prepareOpenData(login: AnyLogin): Promise<void> {
  if ((await login.ready()) && !(await login.checkSession())) await login.login({ fresh: true })
}

/**
 * Has the server read what a button brought, and answers it.
 *
 * A login with data in hand may end the key the data was made with. So the data is sent first, as it is, and only after the server
 * could not read it there is a silent login, for the next tap. Where nobody is logged in yet, there is that login and nothing is sent.
 *
 * @throws OpenDataError, or LoginError
 */
export async function openData<Data = { readonly [name: string]: unknown }>(
  login: AnyLogin,
  { detail: { encryptedData, iv, errMsg } }: OpenDataEvent,
): Promise<Data> {
  if (!encryptedData) throw new OpenDataError("refused", errMsg)
  if (login.status === "logged_in" || !(await login.ready())) {
    const what = { url: "/me/open-data", method: "POST", data: { encrypted_data: encryptedData, iv } }
    try {
      return (await login.request<{ data: Data }>(what as RequestOptions)).data
    } catch (error) {
      if ((error as { code?: unknown }).code !== "open_data_invalid") throw error
      await login.login({ fresh: true })
    }
  }
  throw new OpenDataError("tap_again")
}
