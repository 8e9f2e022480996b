import { createKeeper, type Presence } from "./keeper.ts"
import { createFail } from "./login-error.ts"
import { parsed } from "./parsed.ts"
import { type LoginStorage, type Platform, type PlatformResponse, speaksEnglish } from "./platform.ts"
import { readKept } from "./session.ts"
import { type Api, createSettle } from "./settle.ts"

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

interface Header {
  [name: string]: string
}

interface Sendable {
  readonly url: string
  readonly header?: Header | undefined
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

/** The login of a mini program. Every rejection is a `LoginError`, save for mistakes of the program, as a wrong `url`. */
export interface Login<P extends Platform = DefaultPlatform> extends Presence {
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
  /** A new code of `wx.login`, for what wants one besides a login, as `POST /me/merge`. */
  code(): Promise<string>
}

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
  const { baseUrl, origins = [], platform = wx as Platform, storage, timeout = 10_000 } = options
  const english = speaksEnglish(platform)
  const fail = createFail(english)
  const settle = createSettle(platform, fail)
  const trusted = [baseUrl].concat(origins).map(originOf)
  if (!trusted.every(Boolean)) throw new TypeError('baseUrl: "https://…", origins too')

  /** The options with an absolute address and our headers. @param token goes to `baseUrl` and `origins` only */
  function addressed(what: Sendable, token: string | undefined, socket?: boolean) {
    let { url } = what
    const origin = originOf(url)
    if (!origin) url = baseUrl.replace(/\/$/, "") + url.replace(/^\/?/, "/")
    else if (trusted.indexOf(origin) < 0) throw new TypeError("url: not in origins")
    const header: Header = { "accept-language": english ? "en" : "zh-CN" }
    // A page's "AUTHORIZATION" beside our own would leave it to the phone which of the two is sent.
    for (const name in what.header) header[name.toLowerCase()] = what.header[name] as string
    if (token) header.authorization = `Bearer ${token}`
    return Object.assign({}, what, { url: socket ? url.replace(/^http/, "ws") : url, header })
  }

  const send = (api: Api, what: Sendable, token?: string): Promise<PlatformResponse> =>
    settle(
      api,
      addressed(what, token),
      what.timeout || (api === "request" ? timeout : 60_000),
      "network",
      what.onTask,
    )

  function judge(response: PlatformResponse, ours?: boolean): PlatformResponse {
    if (!/^2/.test(response.statusCode as never)) throw fail("http_error", response, ours)
    return response
  }

  const key = `denglu:${baseUrl}`
  const ask = <Result>(api: Api) => settle<Result>(api, {}, timeout, "login_failed")
  const code = () => ask<{ code: string }>("login").then(result => result.code)
  const [presence, asUser] = createKeeper(
    {
      code,
      post: (path, data, token) =>
        send("request", { url: path, method: "POST", data } as RequestOptions, token).then(
          response => judge(response, true).data,
        ),
    },
    readKept(() => (storage ? storage.get(key) : platform.getStorageSync(key))),
    kept => (storage ? storage.set(key, kept) : platform.setStorageSync(key, kept)),
    fail,
    options,
  )

  const sendAsUser = (api: Api, what: Sendable) => asUser(access => send(api, what, access)).then(judge)

  const withToken: Omit<Login<P>, keyof Presence> = {
    request: what => sendAsUser("request", what).then(dataOf) as never,
    uploadFile: what => sendAsUser("uploadFile", what).then(dataOf).then(parsed) as never,
    downloadFile: what => sendAsUser("downloadFile", what) as never,
    connectSocket: what =>
      asUser(async access => ({
        // With a callback, since some answer by a promise without one.
        data: platform.connectSocket(Object.assign(addressed(what, access, true), { success() {} })),
      })).then(dataOf) as never,
    checkSession: () =>
      ask("checkSession").then(
        () => true,
        () => false,
      ),
    code,
  }
  return Object.assign(presence, withToken)
}

function dataOf({ data }: PlatformResponse): unknown {
  return data
}

/** What two addresses share that go to the same server over the same kind of connection: `s://api.example.com`. */
function originOf(url: string): string | undefined {
  return (/^(?:http|ws)(s?:\/\/[^/?#]+)/.exec(url) || [])[1]
}
