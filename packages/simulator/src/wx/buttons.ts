import { reasonOf, WxRefusal } from "./answer-work.ts"
import type { PhoneFiles } from "./files.ts"
import type { WxHost } from "./host.ts"
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
  getPhoneNumber(): Promise<PhoneNumberDetail>
  /** `undefined`: nothing was chosen, there is no event. */
  chooseAvatar(): Promise<AvatarDetail | undefined>
  /** `buttonId` is the button's `id`. */
  agreePrivacyAuthorization(buttonId: string): { readonly errMsg: string }
}

interface Parts {
  readonly issuePhoneCode: () => string | Promise<string>
  readonly host: Required<WxHost>
  readonly privacy: Privacy
  readonly files: PhoneFiles
}

export function createButtons({ issuePhoneCode, host, privacy, files }: Parts): Buttons {
  return {
    async getPhoneNumber() {
      try {
        await privacy.require("button.getPhoneNumber")
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
