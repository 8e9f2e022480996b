import type { Platform } from "@denglu/miniprogram"
import type { ScriptedApi } from "../support/scripted-platform.ts"

/** As Taro 4 types its API object, as far as it is used here. */
export interface TaroShape {
  login(option?: TaroOptions): Promise<{ code: string; errMsg: string }>
  checkSession(option?: TaroOptions): Promise<{ errMsg: string }>
  request<Data = unknown>(option: TaroOptions & { url: string }): TaroTask<Data>
  uploadFile(option: TaroOptions & { url: string; filePath: string; name: string }): TaroTask<string>
  downloadFile(option: TaroOptions & { url: string }): TaroTask<string>
  connectSocket(option: TaroOptions & { url: string }): Promise<{ send(): void; close(): void }>
  getStorageSync<Value = unknown>(key: string): Value
  setStorageSync(key: string, data: unknown): void
  getAppBaseInfo(): { language?: string; SDKVersion?: string }
}

interface TaroOptions {
  readonly success?: (result: never) => void
  readonly fail?: (failure: never) => void
  readonly complete?: (result: never) => void
}

/** A promise with the task's methods on it. */
interface TaroTask<Data> extends Promise<{ data: Data; statusCode: number; errMsg: string }> {
  abort(): void
  onHeadersReceived?(listener: (head: object) => void): void
}

/** Answers as Taro does: by callback and by a promise at once, which is rejected as well. */
export function createTaro(platform: Platform): TaroShape {
  function ask<Result>(
    api: Exclude<ScriptedApi, "connectSocket">,
    option: TaroOptions = {},
  ): Promise<Result> {
    const promise = new Promise((resolve, reject) => {
      const settled = {
        success: (result: never) => {
          option.success?.(result)
          option.complete?.(result)
          resolve(result)
        },
        fail: (failure: never) => {
          option.fail?.(failure)
          option.complete?.(failure)
          reject(failure)
        },
      }
      platform[api](Object.assign({}, option, settled) as never)
    })
    return promise as Promise<Result>
  }

  function task<Data>(api: "request" | "uploadFile" | "downloadFile", option: TaroOptions): TaroTask<Data> {
    return Object.assign(ask<{ data: Data; statusCode: number; errMsg: string }>(api, option), { abort() {} })
  }

  return {
    login: option => ask("login", option),
    checkSession: option => ask("checkSession", option),
    request: option => task("request", option),
    uploadFile: option => task("uploadFile", option),
    downloadFile: option => task("downloadFile", option),
    connectSocket(option) {
      platform.connectSocket(option)
      return Promise.resolve({ send() {}, close() {} })
    },
    getStorageSync: <Value>(key: string) => platform.getStorageSync(key) as Value,
    setStorageSync: (key, data) => platform.setStorageSync(key, data),
    getAppBaseInfo: () => ({ language: "zh_CN" }),
  }
}
