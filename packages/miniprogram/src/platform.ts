/** How every asynchronous API of a mini program answers. */
export interface PlatformCallbacks<Result> {
  success?(result: Result): void
  fail?(failure: { readonly errMsg: string }): void
}

export interface PlatformResponse {
  readonly statusCode: number
  /** Of an upload a text, of a request what it parsed, of a download nothing. */
  readonly data?: unknown
}

/**
 * The part of a mini program's API object that is used: `wx`, `Taro` and `uni` have it. Answers are taken by callbacks,
 * since not every version of every one of them answers by Promise.
 */
export interface Platform {
  login(options: PlatformCallbacks<{ code: string }> & { timeout?: number }): unknown
  checkSession(options: PlatformCallbacks<unknown>): unknown
  // biome-ignore lint/suspicious/noExplicitAny: each platform has its own list of options
  request(options: any): unknown
  // biome-ignore lint/suspicious/noExplicitAny: as above
  uploadFile(options: any): unknown
  // biome-ignore lint/suspicious/noExplicitAny: as above
  downloadFile(options: any): unknown
  // biome-ignore lint/suspicious/noExplicitAny: as above
  connectSocket(options: any): unknown
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: unknown): void
  getAppBaseInfo?(): { readonly language?: string }
  getSystemInfoSync?(): { readonly language?: string }
}

/** Where the session is kept between two starts. Either function may throw. */
export interface LoginStorage {
  get(key: string): unknown
  /** A plain object. */
  set(key: string, value: unknown): void
}

/** Whether the device speaks something else than Chinese. */
export function speaksEnglish(platform: Platform): boolean {
  try {
    return !/^zh/i.test((platform.getAppBaseInfo || platform.getSystemInfoSync)!.call(platform).language!)
  } catch {
    return false
  }
}
