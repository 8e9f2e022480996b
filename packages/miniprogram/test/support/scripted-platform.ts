import type { Platform } from "@denglu/miniprogram"

export type ScriptedApi =
  | "login"
  | "checkSession"
  | "request"
  | "uploadFile"
  | "downloadFile"
  | "connectSocket"

/** What the SDK passed. */
export interface ScriptedOptions {
  readonly url?: string
  readonly method?: string
  readonly data?: unknown
  readonly header?: Readonly<Record<string, string>>
  readonly timeout?: number
  readonly [option: string]: unknown
  success?(result: unknown): void
  fail?(failure: { readonly errMsg: string }): void
}

/** One call of the platform, which stays open until the test answers it. */
export interface ScriptedCall {
  readonly api: ScriptedApi
  readonly options: ScriptedOptions
  /** Path of the address, empty for calls without one. */
  readonly path: string
  /** The bearer token it carried. */
  readonly token: string | undefined
  readonly aborted: boolean
  /** Calls back. An answer with `data` is a 200 unless it says otherwise. */
  answer(data: unknown, statusCode?: number): void
  /** Calls `success` with exactly this. */
  succeed(result: unknown): void
  /** Calls `fail`. */
  refuse(errMsg?: string): void
}

export interface ScriptedPlatform {
  /** Hand this to the SDK. */
  readonly platform: Platform
  /** Every call so far, in order. */
  readonly calls: readonly ScriptedCall[]
  /** What is in the storage; kept as text, as phones do. */
  readonly stored: Map<string, string>
  /** The calls of one API, or to one path. */
  to(apiOrPath: string): readonly ScriptedCall[]
  /** The latest call of one API, or to one path. @throws Error if there is none */
  last(apiOrPath: string): ScriptedCall
}

export interface ScriptedSettings {
  /** As `getAppBaseInfo` says it. Default is `zh_CN`. */
  readonly language?: string
  /** Sees every call once it was made, never before the caller went on. Default lets every call hang. */
  readonly onCall?: (call: ScriptedCall) => void
  /** What an earlier start left behind. */
  readonly stored?: Map<string, string>
  /** Thrown by the storage. */
  readonly storageFault?: (api: "getStorageSync" | "setStorageSync") => Error | undefined
}

/** A mini program's API object whose every answer is up to the test. */
export function createScriptedPlatform(settings: ScriptedSettings = {}): ScriptedPlatform {
  const { language = "zh_CN", onCall, storageFault, stored = new Map<string, string>() } = settings
  const calls: ScriptedCall[] = []

  function place(api: ScriptedApi, options: ScriptedOptions) {
    let aborted = false
    const authorization = options.header?.authorization
    const call: ScriptedCall = {
      api,
      options,
      path: options.url === undefined ? "" : new URL(options.url).pathname,
      token: authorization?.replace("Bearer ", ""),
      get aborted() {
        return aborted
      },
      answer: (data, statusCode = 200) => options.success?.({ data, statusCode, errMsg: `${api}:ok` }),
      succeed: result => options.success?.(result),
      refuse: (errMsg = `${api}:fail `) => options.fail?.({ errMsg }),
    }
    calls.push(call)
    if (onCall !== undefined) queueMicrotask(() => onCall(call))
    return {
      abort() {
        aborted = true
      },
    }
  }

  function guardStorage(api: "getStorageSync" | "setStorageSync"): void {
    const fault = storageFault?.(api)
    if (fault !== undefined) throw fault
  }

  const to = (what: string) => calls.filter(({ api, path }) => api === what || path === what)

  return {
    platform: {
      login: options => place("login", options as ScriptedOptions),
      checkSession: options => place("checkSession", options as ScriptedOptions),
      request: options => place("request", options),
      uploadFile: options => place("uploadFile", options),
      downloadFile: options => place("downloadFile", options),
      connectSocket: options => place("connectSocket", options),
      getStorageSync(key) {
        guardStorage("getStorageSync")
        const text = stored.get(key)
        return text === undefined ? "" : JSON.parse(text)
      },
      setStorageSync(key, value) {
        guardStorage("setStorageSync")
        stored.set(key, JSON.stringify(value))
      },
      getAppBaseInfo: () => ({ language }),
    },
    calls,
    stored,
    to,
    last(what) {
      const call = to(what).at(-1)
      if (call === undefined) throw new Error(`nothing was sent to ${what}`)
      return call
    },
  }
}
