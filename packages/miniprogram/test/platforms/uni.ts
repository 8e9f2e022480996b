import type { Platform } from "@denglu/miniprogram"
import type { ScriptedApi } from "../support/scripted-platform.ts"

interface UniOptions {
  readonly success?: (result: never) => void
  readonly fail?: (failure: never) => void
  readonly complete?: (result: never) => void
}

/** As uni-app types its API object, as far as it is used here. */
export interface UniShape {
  login(options: UniOptions): unknown
  checkSession(options: UniOptions): unknown
  request(options: UniOptions): unknown
  uploadFile(options: UniOptions): unknown
  downloadFile(options: UniOptions): unknown
  connectSocket(options: UniOptions & { url: string }): unknown
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  /** Older versions have no `getAppBaseInfo`. */
  getSystemInfoSync(): { language: string }
}

/**
 * Answers as uni-app does: by callbacks, and then it returns a task or nothing; without any callback by a promise, which is
 * rejected where `fail` would be called.
 */
export function createUni(platform: Platform): UniShape {
  function ask(api: Exclude<ScriptedApi, "connectSocket">, options: UniOptions): unknown {
    if (answers(options)) {
      const task = platform[api](options as never)
      return api === "login" || api === "checkSession" ? undefined : task
    }
    return new Promise((success, fail) => void platform[api]({ ...options, success, fail }))
  }

  return {
    login: options => ask("login", options),
    checkSession: options => ask("checkSession", options),
    request: options => ask("request", options),
    uploadFile: options => ask("uploadFile", options),
    downloadFile: options => ask("downloadFile", options),
    // "To be given a SocketTask, pass at least one of success, fail and complete."
    connectSocket(options) {
      const task = platform.connectSocket(options)
      return answers(options) ? task : Promise.resolve({ errMsg: "connectSocket:ok" })
    },
    getStorageSync: key => platform.getStorageSync(key),
    setStorageSync: (key, data) => platform.setStorageSync(key, data),
    getSystemInfoSync: () => ({ language: "zh-Hans" }),
  }
}

function answers({ success, fail, complete }: UniOptions): boolean {
  return Boolean(success || fail || complete)
}
