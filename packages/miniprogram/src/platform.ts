/** How every asynchronous API of a mini program answers. */
export interface PlatformCallbacks<Result> {
  success?(result: Result): void
  fail?(failure: { readonly errMsg: string }): void
}

export interface PlatformResponse {
  readonly statusCode?: number | undefined
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

/** 1 if the device speaks something else than Chinese, else 0. */
export function speaksEnglish(platform: Platform): 0 | 1 {
  try {
    const ask = platform.getAppBaseInfo || platform.getSystemInfoSync
    const { language } = (ask as NonNullable<typeof ask>).call(platform)
    // What is not known is tested as "undefined", and is taken for Chinese.
    return +/^(?!zh|und)./i.test(language as string) as 0 | 1
  } catch {
    return 0
  }
}
