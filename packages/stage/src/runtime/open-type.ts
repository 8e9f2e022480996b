import type { Buttons } from "@denglu/simulator/wx"
import type { OpenType } from "./phone.ts"

/** What a tapped `<button open-type="…">` does, by its kind. */
export function createOpenType(buttons: Buttons, onWarning: (message: string) => void): OpenType {
  return async (kinds, { id }) => {
    let detail: object | undefined
    // "getPhoneNumber|agreePrivacyAuthorization" asks for both.
    for (const kind of kinds.split("|").reverse()) {
      if (kind === "agreePrivacyAuthorization") detail = buttons.agreePrivacyAuthorization(id)
      else if (/^get(Realtime)?PhoneNumber$/.test(kind)) detail = await buttons.getPhoneNumber()
      else if (kind === "chooseAvatar") detail = await buttons.chooseAvatar()
      else onWarning(`not simulated: <button open-type="${kind}">`)
    }
    return detail
  }
}
