import { answerWork, WxRefusal } from "./answer-work.ts"
import type { ReportThrown, WxAnswer, WxCallbacks } from "./callbacks.ts"
import type { Privacy } from "./privacy.ts"

/** What a page gets of a person, encrypted and plain. */
export interface UserData {
  readonly encryptedData: string
  readonly iv: string
  /** JSON of the profile. */
  readonly rawData: string
  readonly signature: string
}

/** Encrypts: the given profile as it is, or without one the anonymous profile with openid and unionid. */
export type EncryptUserData = (profile?: object) => UserData | Promise<UserData>

export interface UserInfo {
  readonly nickName: string
  readonly avatarUrl: string
  readonly gender: number
  readonly language: string
  readonly city: string
  readonly province: string
  readonly country: string
}

export interface UserInfoResult extends Partial<UserData> {
  readonly userInfo: UserInfo
  readonly rawData: string
  readonly signature: string
  readonly errMsg: string
}

export interface GetUserInfoOptions extends WxCallbacks<UserInfoResult> {
  /** `false` leaves out `encryptedData` and `iv`. */
  readonly withCredentials?: boolean
  readonly lang?: string
}

export interface GetUserProfileOptions extends WxCallbacks<UserInfoResult & UserData> {
  /** What it is for: 1 to 30 characters. */
  readonly desc: string
  readonly lang?: string
}

export interface ProfileApi {
  getUserInfo<Options extends GetUserInfoOptions>(options?: Options): WxAnswer<Options, UserInfoResult>
  getUserProfile<Options extends GetUserProfileOptions>(
    options: Options,
  ): WxAnswer<Options, UserInfoResult & UserData>
}

/** Everybody since 2022-11-08: the nickname "WeChat user" and the grey avatar. */
const anonymous: UserInfo = {
  nickName: "微信用户",
  gender: 0,
  language: "zh_CN",
  city: "",
  province: "",
  country: "",
  avatarUrl:
    "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132",
}

const longestDesc = 30

export function createProfileApi(
  userData: EncryptUserData,
  privacy: Privacy,
  report: ReportThrown,
): ProfileApi {
  async function read(profile?: object): Promise<Omit<UserInfoResult & UserData, "errMsg">> {
    const { encryptedData, iv, rawData, signature } = await userData(profile)
    const userInfo = JSON.parse(rawData) as UserInfo
    return { userInfo, rawData, signature, encryptedData, iv }
  }

  return {
    getUserInfo<Options extends GetUserInfoOptions>(options: Options = {} as Options) {
      const work = async () => {
        const { userInfo, rawData, signature, ...encrypted } = await read()
        return { userInfo, rawData, signature, ...(options.withCredentials === false ? {} : encrypted) }
      }
      return answerWork<Options, UserInfoResult>("getUserInfo", options, work, report)
    },
    getUserProfile<Options extends GetUserProfileOptions>(options: Options) {
      const work = async () => {
        const length = [...(options?.desc ?? "")].length
        if (length === 0 || length > longestDesc)
          throw new WxRefusal("desc length does not meet the requirements")
        await privacy.require("getUserProfile")
        return read(anonymous)
      }
      return answerWork<Options, UserInfoResult & UserData>("getUserProfile", options, work, report)
    },
  }
}
