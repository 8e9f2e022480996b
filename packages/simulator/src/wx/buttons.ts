import { reasonOf, WxRefusal } from "./answer-work.ts"
import type { PhoneFiles } from "./files.ts"
import type { ModalView, WxHost } from "./host.ts"
import type { Privacy } from "./privacy.ts"

/** `detail` of `bindgetphonenumber`. */
export interface PhoneNumberDetail {
  /** Good once, for five minutes; not there on failure. */
  readonly code?: string
  readonly errMsg: string
  readonly errno?: number
}

/** `detail` of `bindchooseavatar`. */
export interface AvatarDetail {
  /** A temporary file. */
  readonly avatarUrl: string
}

/** What `<button open-type="…">` does when it is tapped: each answers the `detail` of its event. */
export interface Buttons {
  /** `quotaNotice`: the button's `phone-number-no-quota-toast`, whether the person is told that the quota is used up. Default is `true`. */
  getPhoneNumber(quotaNotice?: boolean): Promise<PhoneNumberDetail>
  /** `undefined`: nothing was chosen, there is no event. */
  chooseAvatar(): Promise<AvatarDetail | undefined>
  /** `buttonId` is the button's `id`. */
  agreePrivacyAuthorization(buttonId: string): { readonly errMsg: string }
}

interface Parts {
  readonly issuePhoneCode: () => string | Promise<string>
  readonly hasPhoneQuota: () => boolean | Promise<boolean>
  readonly host: Required<WxHost>
  readonly privacy: Privacy
  readonly files: PhoneFiles
}

/** What WeChat tells the page when the app's quota is used up. It documents the number; the text beside it is the simulator's. */
const noQuota = 1_400_001
/** What it tells the person, in half a screen of its own. */
const noQuotaNotice: ModalView = {
  title: "申请获取你的手机号",
  content: "但该功能使用次数已达当前小程序上限，暂时无法使用",
  showCancel: false,
  cancelText: "取消",
  cancelColor: "#000000",
  confirmText: "知道了",
  confirmColor: "#576b95",
  editable: false,
  placeholderText: "",
}

export function createButtons({ issuePhoneCode, hasPhoneQuota, host, privacy, files }: Parts): Buttons {
  return {
    async getPhoneNumber(quotaNotice = true) {
      try {
        await privacy.require("button.getPhoneNumber")
        // Looked up at the tap; the person is not asked then.
        if (!(await hasPhoneQuota())) {
          if (quotaNotice) void host.modal(noQuotaNotice)
          throw new WxRefusal("no quota", noQuota)
        }
        if (!(await host.phoneNumber())) throw new WxRefusal("user deny")
        return { code: await issuePhoneCode(), errMsg: "getPhoneNumber:ok" }
      } catch (error) {
        const errMsg = `getPhoneNumber:fail ${reasonOf(error)}`
        const errno = error instanceof WxRefusal ? error.errno : undefined
        return errno === undefined ? { errMsg } : { errMsg, errno }
      }
    },
    async chooseAvatar() {
      try {
        await privacy.require("button.chooseAvatar")
      } catch {
        return undefined
      }
      const chosen = await host.chooseAvatar()
      return chosen === null ? undefined : { avatarUrl: files.put(chosen.bytes, chosen.type) }
    },
    agreePrivacyAuthorization(buttonId) {
      privacy.tap(buttonId)
      return { errMsg: "agreePrivacyAuthorization:ok" }
    },
  }
}
