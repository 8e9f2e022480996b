import type { EncryptUserData } from "./profile.ts"
import type { LatestUserKey } from "./user-crypto.ts"
import type { WxOptions } from "./wx-options.ts"

/** Where codes and profiles come from. */
export interface WxSource {
  readonly appid: string
  readonly issueCode: () => string | Promise<string>
  readonly issuePhoneCode: () => string | Promise<string>
  readonly hasPhoneQuota: () => boolean | Promise<boolean>
  readonly userData: EncryptUserData
  readonly userKey: () => LatestUserKey | Promise<LatestUserKey>
}

export function wxSource(options: WxOptions): WxSource {
  const missing = (what: string) => () => {
    throw new Error(`createWx was given neither ${what} nor simulator`)
  }
  if (!("simulator" in options))
    return {
      appid: options.appid ?? tourist,
      issueCode: options.issueCode,
      issuePhoneCode: options.issuePhoneCode ?? missing("issuePhoneCode"),
      hasPhoneQuota: options.hasPhoneQuota ?? (() => true),
      userData: options.userData ?? missing("userData"),
      userKey: options.userKey ?? missing("userKey"),
    }
  const { simulator, user, appid } = options
  const person = appid === undefined ? { user } : { appid, user }
  return {
    appid: appid ?? simulator.state?.().apps[0]?.appid ?? tourist,
    issueCode: () => simulator.issueCode(person),
    issuePhoneCode: () => simulator.issuePhoneCode?.(person) ?? missing("issuePhoneCode")(),
    hasPhoneQuota: () => simulator.hasPhoneQuota?.(person) ?? true,
    userKey: () => simulator.userKey?.(person) ?? missing("userKey")(),
    userData: data => simulator.encryptData(data === undefined ? person : { ...person, data }),
  }
}

/** DevTools' appid for those who have none. */
const tourist = "touristappid"
