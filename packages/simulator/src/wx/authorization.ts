import { answerWork, type WxCall, type WxDone, type WxOptionalCall, WxRefusal } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"

export interface SettingResult extends WxDone {
  readonly authSetting: Readonly<Record<string, boolean>>
}

/** Every scope is granted; that what they are for is not simulated shows when it is called. */
export interface AuthorizationApi {
  readonly getSetting: WxOptionalCall<object, SettingResult>
  readonly openSetting: WxOptionalCall<object, SettingResult>
  readonly authorize: WxCall<{ readonly scope: string }, WxDone>
}

const scopes = [
  "scope.userInfo",
  "scope.userLocation",
  "scope.userFuzzyLocation",
  "scope.userLocationBackground",
  "scope.address",
  "scope.invoiceTitle",
  "scope.invoice",
  "scope.werun",
  "scope.record",
  "scope.writePhotosAlbum",
  "scope.camera",
  "scope.bluetooth",
  "scope.addPhoneContact",
  "scope.addPhoneCalendar",
]

export function createAuthorizationApi(report: ReportThrown): AuthorizationApi {
  const setting = () => ({ authSetting: Object.fromEntries(scopes.map(scope => [scope, true])) })

  function authorize(scope: string): object {
    if (!scopes.includes(scope)) throw new WxRefusal("invalid scope")
    return {}
  }

  return {
    getSetting: options => answerWork("getSetting", options, setting, report),
    openSetting: options => answerWork("openSetting", options, setting, report),
    authorize: options => answerWork("authorize", options, () => authorize(options.scope), report),
  }
}
