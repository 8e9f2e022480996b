import { answerWork, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"
import type { WxHost } from "./host.ts"
import type { Privacy, PrivacyListener } from "./privacy.ts"

export interface PrivacySettingResult extends WxDone {
  readonly needAuthorization: boolean
  readonly privacyContractName: string
}

export interface PrivacyApi {
  readonly getPrivacySetting: WxOptionalCall<object, PrivacySettingResult>
  readonly requirePrivacyAuthorize: WxOptionalCall<object, WxDone>
  readonly openPrivacyContract: WxOptionalCall<object, WxDone>
  /** The last listener counts. */
  onNeedPrivacyAuthorization(listener: PrivacyListener): void
}

export function createPrivacyApi(privacy: Privacy, host: Required<WxHost>, report: ReportThrown): PrivacyApi {
  const setting = () => ({
    needAuthorization: privacy.needed(),
    privacyContractName: privacy.contractName,
  })

  async function required(): Promise<object> {
    await privacy.require("requirePrivacyAuthorize")
    return {}
  }

  function open(): object {
    host.privacyContract(privacy.contractName)
    return {}
  }

  return {
    getPrivacySetting: options => answerWork("getPrivacySetting", options, setting, report),
    requirePrivacyAuthorize: options => answerWork("requirePrivacyAuthorize", options, required, report),
    openPrivacyContract: options => answerWork("openPrivacyContract", options, open, report),
    onNeedPrivacyAuthorization: privacy.listen,
  }
}
