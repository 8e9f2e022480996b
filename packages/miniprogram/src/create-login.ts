import { createKeeper, type State, type Status } from "./keeper.ts"
import { createFail } from "./login-error.ts"
import { type LoginStorage, type Platform, type PlatformResponse, speaksEnglish } from "./platform.ts"
import { type Api, settle } from "./settle.ts"
import type { User } from "./wire.ts"

export interface LoginOptions<P extends Platform = DefaultPlatform> {
  /** Where the login server is, without a slash at its end: `https://api.example.com`. */
  readonly baseUrl: string
  /** Other servers that take the same token, as `https://orders.example.com`. Nobody else is sent one. Default is none. */
  readonly origins?: readonly string[]
  /** Needed where several mini programs log in at one server. */
  readonly appid?: string
  /** `wx`, `Taro` or `uni`. Default is `wx`. */
  readonly platform?: P
  /** Where the session is kept. Default is the platform's storage. */
  readonly storage?: LoginStorage
  /** Milliseconds until a request, or `wx.login`, counts as lost. Default is 10,000. */
  readonly timeout?: number
  /** Log in by itself when a session is needed. `false`: only by `login()`. Default is `true`. */
  readonly silent?: boolean
}

type DefaultPlatform = WechatMiniprogram.Wx

/** What every request may say besides the platform's own options. */
interface Sending<Task> {
  /** Milliseconds. Default is the option `timeout`; 60,000 for files. */
  readonly timeout?: number
  /** Is given the platform's task, for progress and `abort()`; once more if the request is sent again. */
  readonly onTask?: (task: Task) => void
}

interface Sendable {
  readonly url: string
  readonly header?: object | undefined
  readonly timeout?: number
  readonly onTask?: (task: never) => void
}

/** The platform's options without its callbacks, which are ours. */
type Plain<Options> = Omit<Options, "success" | "fail" | "complete" | "timeout">
export type RequestOptions = Plain<WechatMiniprogram.RequestOption<Body>> &
  Sending<WechatMiniprogram.RequestTask>
export type UploadOptions = Plain<WechatMiniprogram.UploadFileOption> & Sending<WechatMiniprogram.UploadTask>
export type DownloadOptions = Plain<WechatMiniprogram.DownloadFileOption> &
  Sending<WechatMiniprogram.DownloadTask>
export type SocketOptions = Plain<WechatMiniprogram.ConnectSocketOption>
type Body = WechatMiniprogram.IAnyObject

/** The login of a mini program. Every rejection is a `LoginError`. */
export interface Login<P extends Platform = DefaultPlatform> {
  /** The user, or `null` while nobody is logged in. */
  readonly user: User | null
  readonly status: Status
  /** Calls the listener at every change; answers the function that removes it. */
  onChange(listener: (state: State) => void): () => void
  /** Who is there: the user, logged in silently if need be; `null` if that takes a tap. For a page's `onLoad`. */
  ready(): Promise<User | null>
  /** Logs in, as the person taps. With `fresh` a new code is fetched even where there is a session. */
  login(options?: { readonly fresh?: boolean }): Promise<User>
  /**
   * Ends the session here at once and on the server; with `everywhere` all of the user's. Nothing logs in again until
   * `login()`. Rejects only with `everywhere`, if the server could not be told.
   */
  logout(options?: { readonly everywhere?: boolean }): Promise<void>
  /**
   * Sends a request as the user and answers its data. A path goes to `baseUrl`.
   * On a 401 the token is renewed and the request is sent once more; otherwise nothing is sent twice.
   */
  request<Data = unknown>(options: RequestOptions): Promise<Data>
  /** As `request`; JSON in the answer is parsed. */
  uploadFile<Data = unknown>(options: UploadOptions): Promise<Data>
  /** As `request`; answers the platform's result, with `tempFilePath` or `filePath`. */
  downloadFile(options: DownloadOptions): Promise<WechatMiniprogram.DownloadFileSuccessCallbackResult>
  /** Opens a socket with the token in its `Authorization` header. A path goes to `baseUrl`, as `wss:`. */
  connectSocket(options: SocketOptions): Promise<Awaited<ReturnType<P["connectSocket"]>>>
  /** Whether WeChat's own `session_key` of this device still holds; `false` too if that can't be found out. Says nothing about this login. */
  checkSession(): Promise<boolean>
  /** For what changes the user elsewhere, as `PATCH /me` does. */
  setUser(changes: Partial<User>): void
}

const defaultTimeout = 10_000
const fileTimeout = 60_000

/**
 * @throws TypeError for an option that can't be right
 * @example
 * ```ts
 * import { createLogin } from "@denglu/miniprogram"
 * const login = createLogin({ baseUrl: "https://api.example.com" })
 * const orders = await login.request({ url: "/orders" })
 * ```
 */
export function createLogin<P extends Platform = DefaultPlatform>(options: LoginOptions<P>): Login<P> {
  const platform: Platform = options.platform || wx
  const { baseUrl, origins = [], appid, timeout = defaultTimeout, silent = true } = options
  if (!originOf(baseUrl)) throw new TypeError('baseUrl: write "https://…"')
  const english = speaksEnglish(platform)
  const fail = createFail(english)
  const trusted = [baseUrl].concat(origins).map(originOf)

  /** The options with an absolute address and our headers. @param token goes to `baseUrl` and `origins` only */
  function addressed(what: Sendable, token: string | undefined, socket?: boolean) {
    const { url } = what
    const whole = originOf(url) ? url : baseUrl + url.replace(/^\/?/, "/")
    if (trusted.indexOf(originOf(whole)) < 0) throw new TypeError("url: not of baseUrl or origins")
    const header: { [name: string]: string } = Object.assign({}, what.header, {
      "Accept-Language": english ? "en" : "zh-CN",
    })
    if (token) header.Authorization = `Bearer ${token}`
    return Object.assign({}, what, { url: socket ? whole.replace(/^http/, "ws") : whole, header })
  }

  function send(api: Api, what: Sendable, token?: string): Promise<PlatformResponse> {
    return settle(
      platform,
      api,
      addressed(what, token),
      what.timeout || (api === "request" ? timeout : fileTimeout),
      fail,
      "network",
      what.onTask,
    )
  }

  function judge(response: PlatformResponse): PlatformResponse {
    if (!/^2/.test(String(response.statusCode))) throw fail("http_error", response)
    return response
  }

  async function sendAsUser(api: Api, what: Sendable) {
    let { access } = await keeper.session()
    let response = await send(api, what, access)
    if (response.statusCode === 401) {
      access = (await keeper.session(access)).access
      response = await send(api, what, access)
    }
    return judge(response)
  }

  const keeper = createKeeper({
    wire: {
      async code() {
        const { code } = await settle<{ code: string }>(platform, "login", {}, timeout, fail, "login_failed")
        if (!code) throw fail("login_failed")
        return code
      },
      post: (path, data, token) =>
        send("request", { url: path, method: "POST", data } as RequestOptions, token).then(
          response => judge(response).data,
        ),
    },
    storage: options.storage || {
      get: key => platform.getStorageSync(key),
      set: (key, value) => platform.setStorageSync(key, value),
    },
    key: `denglu:${baseUrl}`,
    appid,
    silent,
    fail,
  })

  return {
    get user() {
      return keeper.state().user
    },
    get status() {
      return keeper.state().status
    },
    onChange: keeper.onChange,
    ready: keeper.ready,
    login: keeper.logIn,
    logout: keeper.logOut,
    request: what => sendAsUser("request", what).then(({ data }) => data as never),
    uploadFile: what => sendAsUser("uploadFile", what).then(({ data }) => parsed(data) as never),
    downloadFile: what => sendAsUser("downloadFile", what) as never,
    async connectSocket(what) {
      const { access } = await keeper.session()
      return platform.connectSocket(
        Object.assign(addressed(what, access, true), { success() {}, fail() {} }),
      ) as never
    },
    checkSession: () =>
      settle(platform, "checkSession", {}, timeout, fail, "login_failed").then(
        () => true,
        () => false,
      ),
    setUser: keeper.setUser,
  }
}

/** What two addresses share that go to the same server over the same kind of connection: `s://api.example.com`. */
function originOf(url: string): string | undefined {
  const found = /^(?:http|ws)(s?:\/\/[^/?#]+)/.exec(url)
  return found ? found[1] : undefined
}

/** JSON where it is JSON: an upload is always answered as a text. */
function parsed(data: unknown): unknown {
  try {
    return JSON.parse(data as string)
  } catch {
    return data
  }
}
