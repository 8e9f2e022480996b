import { answer, failed, type ReportThrown, succeeded, type WxAnswer, type WxCallbacks } from "./callbacks.ts"
import { createStoredValues, type StorageFault, type StorageInfo, type StorageText } from "./stored-values.ts"

export interface StorageDone {
  readonly errMsg: string
}

export interface StoredData<Data = unknown> extends StorageDone {
  readonly data: Data
}

export interface KeyOptions<Success> extends WxCallbacks<Success> {
  readonly key: string
}

export interface SetStorageOptions extends KeyOptions<StorageDone> {
  readonly data: unknown
}

export type StorageInfoResult = StorageInfo & StorageDone

/** Values are copies. At most 1 MB a key and 10 MB in all. */
export interface StorageApi {
  setStorage<Options extends SetStorageOptions>(options: Options): WxAnswer<Options, StorageDone>
  getStorage<Options extends KeyOptions<StoredData>>(options: Options): WxAnswer<Options, StoredData>
  removeStorage<Options extends KeyOptions<StorageDone>>(options: Options): WxAnswer<Options, StorageDone>
  clearStorage<Options extends WxCallbacks<StorageDone>>(options?: Options): WxAnswer<Options, StorageDone>
  getStorageInfo<Options extends WxCallbacks<StorageInfoResult>>(
    options?: Options,
  ): WxAnswer<Options, StorageInfoResult>
  setStorageSync(key: string, data: unknown): void
  /** An empty text for a key that is not there. */
  getStorageSync<Data = unknown>(key: string): Data
  removeStorageSync(key: string): void
  clearStorageSync(): void
  getStorageInfoSync(): StorageInfo
}

export function createStorageApi(
  storageFault: StorageFault,
  storage: StorageText | undefined,
  report: ReportThrown,
): StorageApi {
  const values = createStoredValues(storage)

  /** Does it, under the API's own name: a fault or a refusal throws `NAME:fail …`. */
  function doing<Result>(name: string, work: () => Result): Result {
    const reason = storageFault(name)
    if (reason !== undefined) throw new Error(`${name}:fail ${reason}`)
    try {
      return work()
    } catch (error) {
      throw new Error(`${name}:fail ${error instanceof Error ? error.message : "system error"}`)
    }
  }

  function later<Options extends WxCallbacks<Success>, Success>(
    name: string,
    options: Options,
    work: () => object | undefined,
  ): WxAnswer<Options, Success> {
    try {
      const result = { ...doing(name, work), errMsg: `${name}:ok` } as Success
      return answer<Options, Success>(options, succeeded(result), report)
    } catch (error) {
      return answer<Options, Success>(options, failed((error as Error).message), report)
    }
  }

  return {
    setStorage: options => later("setStorage", options, () => values.set(options.key, options.data)),
    getStorage: options => later("getStorage", options, () => values.get(options.key)),
    removeStorage: options => later("removeStorage", options, () => values.remove(options.key)),
    clearStorage: (options = {} as never) => later("clearStorage", options, () => values.clear()),
    getStorageInfo: (options = {} as never) => later("getStorageInfo", options, () => values.info()),
    setStorageSync: (key, data) => doing("setStorageSync", () => values.set(key, data)),
    getStorageSync: <Data>(key: string) =>
      doing("getStorageSync", () => (values.has(key) ? values.get(key).data : "") as Data),
    removeStorageSync: key => doing("removeStorageSync", () => values.remove(key)),
    clearStorageSync: () => doing("clearStorageSync", () => values.clear()),
    getStorageInfoSync: () => doing("getStorageInfoSync", () => values.info()),
  }
}
