import type { Platform } from "../platform.ts"
import type { Delivery, PretendNetwork } from "./pretend-network.ts"
import type { PretendServer } from "./pretend-server.ts"
import type { PretendStorage } from "./pretend-storage.ts"
import type { PretendTime } from "./pretend-time.ts"

interface Callbacks {
  readonly success?: (result: never) => void
  readonly fail?: (failure: { readonly errMsg: string }) => void
  readonly complete?: (result: never) => void
}

/** The part of `wx` that clients have been seen to use. */
export interface PretendWx extends Platform {
  removeStorageSync(key: string): void
  clearStorageSync(): void
  getStorageInfoSync(): { readonly keys: string[]; readonly currentSize: number; readonly limitSize: number }
  getStorage(options: { readonly key: string } & Callbacks): unknown
  setStorage(options: { readonly key: string; readonly data: unknown } & Callbacks): unknown
  removeStorage(options: { readonly key: string } & Callbacks): unknown
  getAppBaseInfo(): { readonly language: string }
  getSystemInfoSync(): { readonly language: string; readonly platform: string; readonly SDKVersion: string }
  getNetworkType(options?: Callbacks): unknown
  showToast(options?: Callbacks): unknown
  hideToast(options?: Callbacks): unknown
  showLoading(options?: Callbacks): unknown
  hideLoading(options?: Callbacks): unknown
  showModal(options?: Callbacks): unknown
}

/** What becomes of `wx.login`: `stuck` never calls back, whatever its own `timeout` says; that has been seen. */
export type LoginMood = "works" | "fails" | "stuck"

export interface PretendPlatform {
  readonly wx: PretendWx
  /** How often `wx.login` was called. */
  readonly logins: number
  loginMood: LoginMood
}

interface RequestOptions extends Callbacks {
  readonly url: string
  readonly method?: string
  readonly header?: { readonly [name: string]: string }
  readonly data?: unknown
  readonly formData?: unknown
  readonly timeout?: number
}

export function createPretendPlatform(
  server: PretendServer,
  network: PretendNetwork,
  storage: PretendStorage,
  time: PretendTime,
): PretendPlatform {
  let logins = 0
  let loginMood: LoginMood = "works"

  function send(api: string, options: RequestOptions, read: (body: object) => unknown): object {
    const { url, header = {}, timeout, success, fail, complete } = options
    let over = false
    function end(delivery: Delivery): void {
      if (over) return
      over = true
      const answered = "status" in delivery
      const result = answered
        ? {
            statusCode: delivery.status,
            data: read(delivery.body),
            header: {},
            cookies: [],
            errMsg: `${api}:ok`,
          }
        : { errMsg: delivery.errMsg.replace(/^\w+/, api) }
      if (answered) success?.(result as never)
      else fail?.(result as { errMsg: string })
      complete?.(result as never)
    }
    const request = {
      method: (options.method || (api === "request" ? "GET" : "POST")).toUpperCase(),
      path: url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/[?#].*$/, ""),
      authorization: headerOf(header, "authorization"),
      data: bodyOf(options.data || options.formData),
    }
    network.send(url, request, header, end)
    if (timeout) time.later(() => end({ errMsg: "request:fail timeout" }), timeout)
    return {
      abort: () => end({ errMsg: "request:fail abort" }),
      onHeadersReceived() {},
      onProgressUpdate() {},
    }
  }

  /** Answers by callback, and by promise where there is none, as WeChat does. */
  function settle(options: Callbacks, work: () => unknown): unknown {
    const done = new Promise((resolve, reject) => {
      time.later(() => {
        try {
          resolve(work())
        } catch (thrown) {
          reject({ errMsg: (thrown as Error).message })
        }
      })
    })
    if (!answers(options)) return done
    const { success, fail, complete } = options
    done.then(
      result => {
        success?.(result as never)
        complete?.(result as never)
      },
      failure => {
        fail?.(failure)
        complete?.(failure as never)
      },
    )
    return undefined
  }

  const wx: PretendWx = {
    login(options: Callbacks = {}) {
      logins++
      if (loginMood === "stuck") return answers(options) ? undefined : new Promise(() => {})
      return settle(options, () => {
        if (loginMood === "fails") throw new Error("login:fail system error")
        return { code: server.mintCode(), errMsg: "login:ok" }
      })
    },
    checkSession: (options: Callbacks = {}) => settle(options, () => ({ errMsg: "checkSession:ok" })),
    request: (options: RequestOptions) => send("request", options, copy),
    uploadFile: (options: RequestOptions) => send("uploadFile", options, body => JSON.stringify(body)),
    downloadFile: (options: RequestOptions) => send("downloadFile", options, () => undefined),
    connectSocket: () => ({ onOpen() {}, onClose() {}, onError() {}, onMessage() {}, send() {}, close() {} }),
    getStorageSync: key => storage.read(key),
    setStorageSync: (key, value) => storage.write(key, value),
    removeStorageSync: key => storage.remove(key),
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: () => ({ keys: storage.keys.slice(), currentSize: 1, limitSize: 10_240 }),
    getStorage: options =>
      settle(options, () => {
        const data = storage.read(options.key)
        if (data === "") throw new Error("getStorage:fail data not found")
        return { data, errMsg: "getStorage:ok" }
      }),
    setStorage: options => settle(options, () => storage.write(options.key, options.data)),
    removeStorage: options => settle(options, () => storage.remove(options.key)),
    getAppBaseInfo: () => ({ language: "zh_CN" }),
    getSystemInfoSync: () => ({ language: "zh_CN", platform: "ios", SDKVersion: "3.8.0" }),
    getNetworkType: (options = {}) => settle(options, () => ({ networkType: "wifi" })),
    showToast: (options = {}) => settle(options, () => ({})),
    hideToast: (options = {}) => settle(options, () => ({})),
    showLoading: (options = {}) => settle(options, () => ({})),
    hideLoading: (options = {}) => settle(options, () => ({})),
    showModal: (options = {}) => settle(options, () => ({ confirm: true, cancel: false })),
  }

  return {
    wx,
    get logins() {
      return logins
    },
    get loginMood() {
      return loginMood
    },
    set loginMood(next) {
      loginMood = next
    },
  }
}

function answers({ success, fail, complete }: Callbacks): boolean {
  return Boolean(success || fail || complete)
}

function headerOf(header: { readonly [name: string]: string }, name: string): string {
  const found = Object.keys(header).find(key => key.toLowerCase() === name)
  return String((found && header[found]) || "")
}

/** The body as a server parses it. */
function bodyOf(data: unknown): unknown {
  if (typeof data !== "string") return data === undefined ? undefined : copy(data)
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

function copy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
