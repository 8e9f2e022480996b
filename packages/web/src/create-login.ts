import { createKeeper, type Presence } from "./keeper.ts"
import { LoginError } from "./login-error.ts"
import { type Scan, type ScanView, scanWait, startScan } from "./scan.ts"
import { createShelf, type Session, type SessionStorage } from "./session.ts"
import type { IssuedReply, SmsReply, User, WaysReply } from "./wire.ts"

export interface LoginOptions {
  /** Where the login server is, without a slash at its end: `https://api.example.com`, or `""` for this page's own host. Default is `""`. */
  readonly baseUrl?: string
  /**
   * Where the session is: in cookies no script can read (the server needs `browserSessions: true`, and the page must be on its site), or as tokens in
   * `storage`. Default is `"cookie"`.
   */
  readonly session?: "cookie" | "token"
  /** Other servers that may be sent the session, as `https://orders.example.com`. Nobody else is. Default is none. */
  readonly origins?: readonly string[]
  /** Where this browser keeps what it knows of its session. Default is `localStorage`. */
  readonly storage?: SessionStorage
  /** Milliseconds until a request counts as lost. Default is 10,000. */
  readonly timeout?: number
  /** `zh` or `en`: in which language the server's errors come. Default is the page's (`<html lang>`), else the browser's. */
  readonly language?: "zh" | "en"
}

/** A request: as for `fetch`, and `json` for a body that is to be sent as JSON. */
export interface SendOptions extends Omit<RequestInit, "credentials"> {
  readonly json?: unknown
}

/** What a login may say besides. */
export interface RestoreOptions {
  /** The person wants back the account they have deleted: only if they just said so. Default is `false`. */
  readonly restore?: boolean
}

/** Digits that are on their way to a phone. */
export interface SentSms {
  /** Seconds for which they are good. */
  readonly expiresIn: number
  /** Seconds until others may be asked for. */
  readonly retryIn: number
  /** Logs in with the digits. @throws LoginError `sms_code_invalid` and others of the server */
  confirm(code: string, options?: RestoreOptions): Promise<User>
}

/** The login of a web page. Every rejection is a `LoginError`, save for mistakes of the program, as a wrong `url`. */
export interface Login extends Presence {
  /** Logs in by name, or phone number, and password. @throws LoginError `credentials_invalid` and others of the server */
  password(account: string, password: string, options?: RestoreOptions): Promise<User>
  /** Makes an account and logs in, where the server lets everybody. @throws LoginError `account_taken`, `password_refused` and others of the server */
  register(account: string, password: string): Promise<User>
  /**
   * At a server with the option `sms`: has digits sent to a phone number, as E.164 (`+8613800138000`), or without `+` for mainland China.
   * @param challenge what the server's own captcha asks for, if it has one
   */
  sms(phone: string, challenge?: string): Promise<SentSms>
  /** How people can log in at this server. */
  ways(): Promise<WaysReply>
  /** Shows a code to be scanned with WeChat, in an element or by callbacks, and logs in when the person has confirmed. */
  scan(target: Element | ScanView): Scan
  /**
   * Sends a request with the session and answers what is in the answer. A path goes to `baseUrl`. On a 401 the session is renewed and the request is sent
   * once more.
   */
  request<Data = unknown>(url: string, options?: SendOptions): Promise<Data>
  /** As `request`, but answers the response as it is, whatever its status. */
  fetch(url: string, options?: SendOptions): Promise<Response>
}

/**
 * @throws TypeError for an option that can't be right
 * @example
 * ```ts
 * import { createLogin } from "@denglu/web"
 *
 * const login = createLogin({ baseUrl: "https://api.example.com" })
 * if ((await login.ready()) === null) await login.scan(document.body).done
 * const orders = await login.request("/orders")
 * ```
 */
export function createLogin(options: LoginOptions = {}): Login {
  const { baseUrl = "", session: kind = "cookie", origins = [], timeout = 10_000 } = options
  const here = globalThis.location?.origin
  const base = baseUrl || here
  if (base === undefined || ![base, ...origins].every(isOrigin))
    throw new TypeError('baseUrl: write "https://api.example.com", origins too')
  const trusted = new Set([base, ...origins].map(address => new URL(address).origin))
  const language = options.language ?? pageLanguage()

  /** @throws TypeError if the address is none of ours: nobody else is sent a session */
  function addressOf(url: string): string {
    const address = /^[a-z]+:/i.test(url) ? url : base + url.replace(/^\/?/, "/")
    if (!trusted.has(new URL(address).origin)) throw new TypeError("url: not of baseUrl or origins")
    return address
  }

  /** @param heldFor milliseconds for which the server may keep the question open */
  async function send(
    url: string,
    { json, ...init }: SendOptions,
    session?: Session,
    heldFor = 0,
  ): Promise<Response> {
    const headers = new Headers(init.headers)
    if (!headers.has("accept-language")) headers.set("accept-language", language === "zh" ? "zh-CN" : "en")
    if (json !== undefined) headers.set("content-type", "application/json")
    if (session?.access_token !== undefined) headers.set("authorization", `Bearer ${session.access_token}`)
    const late = AbortSignal.timeout(timeout + heldFor)
    const { signal } = init
    try {
      return await globalThis.fetch(addressOf(url), {
        ...init,
        headers,
        ...(json !== undefined && { body: JSON.stringify(json) }),
        credentials: kind === "cookie" ? "include" : "omit",
        signal: signal ? AbortSignal.any([signal, late]) : late,
      })
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith("url:")) throw error
      throw new LoginError(late.aborted ? "timeout" : signal?.aborted ? "cancelled" : "network")
    }
  }

  async function dataOf(response: Response): Promise<unknown> {
    const text = await response.text().catch(() => {
      throw new LoginError("network")
    })
    const data = /json/.test(response.headers.get("content-type") ?? "") ? parse(text) : text
    if (!response.ok) throw new LoginError("http_error", { response, data })
    return data === "" ? undefined : data
  }

  const asCookies = kind === "cookie" ? { "denglu-session": "cookie" } : undefined
  const post = async (path: string, json: object | undefined, session?: Session) =>
    dataOf(await send(path, { method: "POST", json, ...(asCookies && { headers: asCookies }) }, session))

  const key = `denglu:${baseUrl}`
  const keeper = createKeeper({
    shelf: createShelf(key, options.storage ?? localStorageHere()),
    post,
    alone: work => globalThis.navigator?.locks?.request(key, work) ?? work(),
    now: Date.now,
  })
  globalThis.addEventListener?.("storage", event => {
    if (event.key === key || event.key === null) keeper.tell()
  })

  const logIn = async (path: string, data: object) => keeper.take((await post(path, data)) as IssuedReply)

  async function sendAsUser(url: string, init: SendOptions = {}): Promise<Response> {
    addressOf(url)
    const session = await keeper.current()
    const response = await send(url, init, session)
    // A body that was a stream is gone, and can't be sent twice.
    if (response.status !== 401 || init.body instanceof ReadableStream) return response
    return send(url, init, await keeper.current(session))
  }

  const { user: _, take: __, current: ___, tell: ____, ...presence } = keeper
  return {
    ...presence,
    get user() {
      return keeper.user
    },
    password: (account, password, { restore } = {}) =>
      logIn("/login/password", { account, password, restore }),
    register: (account, password) => logIn("/register", { account, password }),
    async sms(phone, challenge) {
      const ask = { phone, purpose: "login", ...(challenge !== undefined && { challenge }) }
      const { sms_id, expires_in, retry_in } = (await post("/sms", ask)) as SmsReply
      return {
        expiresIn: expires_in,
        retryIn: retry_in,
        confirm: (code, { restore } = {}) => logIn("/login/sms", { sms_id, code, restore }),
      }
    },
    ways: async () => (await dataOf(await send("/login/ways", {}))) as WaysReply,
    scan: target =>
      startScan(
        {
          send: async (method, path, { body, secret, signal }) =>
            dataOf(
              await send(
                path,
                {
                  method,
                  json: body,
                  signal,
                  headers: { ...asCookies, ...(secret !== undefined && { "denglu-scan-secret": secret }) },
                },
                undefined,
                method === "GET" ? scanWait * 1000 : 0,
              ),
            ),
          take: keeper.take,
          binding: kind === "cookie" ? "cookie" : "value",
          pause,
        },
        target instanceof Object && "onCode" in target ? target : viewIn(target as Element, language),
      ),
    request: async <Data>(url: string, init?: SendOptions) =>
      (await dataOf(await sendAsUser(url, init))) as Data,
    fetch: sendAsUser,
  }
}

function isOrigin(address: string): boolean {
  return /^https?:\/\/[^/?#]+(\/[^?#]*[^/?#])?$/.test(address)
}

function pageLanguage(): "zh" | "en" {
  const said = globalThis.document?.documentElement.lang || globalThis.navigator?.language || "zh"
  return /^zh/i.test(said) ? "zh" : "en"
}

function localStorageHere(): SessionStorage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    // Blocked by the person, or a frame of another site: even looking at it throws.
    return undefined
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(new LoginError("cancelled"))
    })
  })
}

/** The plainest view of a scan: a picture, the number, one line of text. The panel has a better one. */
function viewIn(element: Element, language: "zh" | "en"): ScanView {
  const make = (name: string) => element.ownerDocument.createElement(name)
  const [picture, number, line] = [make("img") as HTMLImageElement, make("strong"), make("p")]
  line.setAttribute("role", "status")
  element.replaceChildren(picture, number, line)
  const [zh, en] = [
    {
      waiting: "请用微信扫码，并在手机上输入数字",
      opened: "已扫码，请在手机上确认",
      confirmed: "登录中…",
      denied: "已在手机上拒绝",
      expired: "已过期",
      redeemed: "",
    },
    {
      waiting: "Scan with WeChat, then type the number on the phone",
      opened: "Scanned: confirm on the phone",
      confirmed: "Logging in…",
      denied: "Denied on the phone",
      expired: "Expired",
      redeemed: "",
    },
  ]
  return {
    onCode(code) {
      picture.src = code.image
      picture.alt = language === "zh" ? "小程序码" : "Mini program code"
      number.textContent = code.number
    },
    onStatus(status) {
      line.textContent = (language === "zh" ? zh : en)[status]
    },
  }
}
