import { answerWork, type WxDone, type WxOptionalCall, WxRefusal } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"

/** WeChat may ask a server before the mini program starts. This one never did: there is nothing to be had. */
export interface BackgroundFetchApi {
  readonly setBackgroundFetchToken: WxOptionalCall<{ readonly token?: string }, WxDone>
  readonly getBackgroundFetchToken: WxOptionalCall<object, WxDone & { readonly token: string }>
  readonly getBackgroundFetchData: WxOptionalCall<{ readonly fetchType?: string }, WxDone>
  onBackgroundFetchData(listener: (data: object) => void): void
}

export function createBackgroundFetchApi(report: ReportThrown): BackgroundFetchApi {
  let token = ""
  const nothing = (): never => {
    throw new WxRefusal("no data was fetched in the background")
  }
  return {
    setBackgroundFetchToken: options =>
      answerWork(
        "setBackgroundFetchToken",
        options,
        () => {
          token = String(options?.token ?? "")
          return {}
        },
        report,
      ),
    getBackgroundFetchToken: options =>
      answerWork("getBackgroundFetchToken", options, () => ({ token }), report),
    getBackgroundFetchData: options => answerWork("getBackgroundFetchData", options, nothing, report),
    onBackgroundFetchData() {},
  }
}
