import { answerWork, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"

/** What a third party's platform adds to a mini program: here nothing. */
export interface ExtConfigApi {
  getExtConfigSync(): Readonly<Record<string, unknown>>
  readonly getExtConfig: WxOptionalCall<object, WxDone & { readonly extConfig: object }>
}

export function createExtConfigApi(report: ReportThrown): ExtConfigApi {
  return {
    getExtConfigSync: () => ({}),
    getExtConfig: options => answerWork("getExtConfig", options, () => ({ extConfig: {} }), report),
  }
}
