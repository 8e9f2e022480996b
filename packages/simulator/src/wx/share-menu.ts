import { answerWork, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"

/** There is no menu to share from: what it would show goes nowhere. */
export interface ShareMenuApi {
  readonly showShareMenu: WxOptionalCall<object, WxDone>
  readonly hideShareMenu: WxOptionalCall<object, WxDone>
  readonly updateShareMenu: WxOptionalCall<object, WxDone>
}

export function createShareMenuApi(report: ReportThrown): ShareMenuApi {
  const done = () => ({})
  return {
    showShareMenu: options => answerWork("showShareMenu", options, done, report),
    hideShareMenu: options => answerWork("hideShareMenu", options, done, report),
    updateShareMenu: options => answerWork("updateShareMenu", options, done, report),
  }
}
