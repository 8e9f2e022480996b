import type { Login, RequestOptions } from "./create-login.ts"
import type { LoginError } from "./login-error.ts"
import type { Platform } from "./platform.ts"

/** Why a button has brought no code. Everything else is a `LoginError`, as of any request. `message` is WeChat's `errMsg`. */
export type PhoneErrorCode =
  /** The person said no: to the number, or to the privacy terms. */
  | "denied"
  /** The mini program has used up what it has paid for (errno 1400001). WeChat tells the person, unless the button says otherwise. */
  | "no_quota"
  /** WeChat gives this mini program no phone numbers: it is not verified, or its privacy terms don't name them. */
  | "no_permission"
  /** Anything else. */
  | "failed"

export class PhoneError extends Error {
  declare readonly code: PhoneErrorCode

  constructor(code: PhoneErrorCode, message: string = code) {
    super(message)
    Object.assign(this, { name: "PhoneError", code })
  }
}

/** The event of `<button open-type="getPhoneNumber">`, or of `getRealtimePhoneNumber`. */
export interface PhoneEvent {
  readonly detail: { readonly code?: string; readonly errMsg?: string; readonly errno?: number }
}

/** The person's number, as the login server answers it. */
export interface Phone {
  /** E.164: `+8613800138000`. */
  readonly number: string
  /** Without the `+`: `86`. */
  readonly country_code: string
  /** Without the country code: `13800138000`. */
  readonly national_number: string
  /** RFC 3339, as `2026-01-31T08:00:00.000Z`. */
  readonly verified_at: string
}

/** The sender of requests: what `createLogin` answers. */
type AnyLogin = Pick<Login<Platform>, "request">

/**
 * Has the server make the number behind a button's code the user's. An answer that was lost is asked for once more: the server knows the code
 * for five minutes.
 *
 * @throws PhoneError, or LoginError: `phone_taken` (it belongs to another account), `phone_code_invalid` (ask the person to tap again) …
 */
export async function bindPhone(login: AnyLogin, { detail }: PhoneEvent): Promise<Phone> {
  const { code, errMsg, errno } = detail
  if (!code) throw new PhoneError(reasonOf(`${errno} ${errMsg}`), errMsg)
  const what = { url: "/me/phone", method: "POST", data: { code } } as RequestOptions
  return login.request<Phone>(what).catch((error: LoginError) => {
    if (!/^(net|time)/.test(error.code)) throw error
    return login.request<Phone>(what)
  })
}

/** Removes the user's number; done twice, the second time changes nothing. @throws LoginError */
export async function unbindPhone(login: AnyLogin): Promise<void> {
  await login.request({ url: "/me/phone", method: "DELETE" })
}

/** Phones word their refusals in many ways, also in Chinese; the number comes first where there is one. */
function reasonOf(said: string): PhoneErrorCode {
  if (/^1400001/.test(said)) return "no_quota"
  if (/^104 |deny|cancel|privacy permission/.test(said)) return "denied"
  return /^(112|102[56]) |permission|权限/.test(said) ? "no_permission" : "failed"
}
