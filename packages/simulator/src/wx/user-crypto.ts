import { answerWork, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"
import { refuseUnknown } from "./not-simulated.ts"

/** A key that the mini program's server can ask WeChat for too. */
export interface LatestUserKey {
  /** Base64. */
  readonly encryptKey: string
  readonly iv: string
  readonly version: number
  readonly expireTime: number
}

export interface LatestUserKeyResult extends LatestUserKey, WxDone {}

/** Hands out keys; the encrypting itself is the page's business. */
export interface UserCryptoManager {
  readonly getLatestUserKey: WxOptionalCall<object, LatestUserKeyResult>
}

export interface UserCryptoApi {
  getUserCryptoManager(): UserCryptoManager
}

export function createUserCryptoApi(
  userKey: () => LatestUserKey | Promise<LatestUserKey>,
  report: ReportThrown,
): UserCryptoApi {
  const ask = async () => {
    const { encryptKey, iv, version, expireTime } = await userKey()
    return { encryptKey, iv, version, expireTime }
  }
  const manager = refuseUnknown<UserCryptoManager>("wx.getUserCryptoManager()", {
    getLatestUserKey: options => answerWork("getLatestUserKey", options, ask, report),
  })
  return { getUserCryptoManager: () => manager }
}
