import type { Buttons } from "@denglu/simulator/wx"
import type { OpenType, WxObject } from "./phone.ts"

type Answering = (options?: object) => Promise<object>

/** What a tapped `<button open-type="…">` does, by its kind. */
export function createOpenType(
  buttons: Buttons,
  wx: WxObject,
  onWarning: (message: string) => void,
): OpenType {
  /** The event tells what the API of that name answers, or why it fails. */
  const told = (api: string, options?: object) =>
    (wx[api] as Answering)(options).catch((failure: object) => failure)

  return async (kinds, { id, quotaNotice }) => {
    let detail: object | undefined
    // "getPhoneNumber|agreePrivacyAuthorization" asks for both.
    for (const kind of kinds.split("|").reverse()) {
      if (kind === "agreePrivacyAuthorization") detail = buttons.agreePrivacyAuthorization(id)
      else if (/^get(Realtime)?PhoneNumber$/.test(kind)) detail = await buttons.getPhoneNumber(quotaNotice)
      else if (kind === "chooseAvatar") detail = await buttons.chooseAvatar()
      else if (kind === "getUserInfo" || kind === "openSetting") detail = await told(kind)
      else onWarning(`not simulated: <button open-type="${kind}">`)
    }
    return detail
  }
}
