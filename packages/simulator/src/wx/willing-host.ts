import { fromBase64 } from "./base64.ts"
import type { ChosenFile, WxHost } from "./host.ts"

/** One grey pixel, as PNG. */
const grey = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGM4AwAAzgDN1GaQsAAAAABJRU5ErkJggg=="

/** The host as it is, and where it has nothing to say a person who says yes: confirms, takes the first, chooses a grey picture. */
export function willingHost(host: WxHost): Required<WxHost> {
  const picture = (): ChosenFile => ({ bytes: fromBase64(grey), type: "image/png" })
  return {
    toast: view => host.toast?.(view),
    modal: view => (host.modal ? host.modal(view) : { confirm: true }),
    actionSheet: (items, title) => (host.actionSheet ? host.actionSheet(items, title) : 0),
    privacy: ask => (host.privacy ? host.privacy(ask) : true),
    privacyContract: contractName => host.privacyContract?.(contractName),
    phoneNumber: () => (host.phoneNumber ? host.phoneNumber() : true),
    chooseAvatar: () => (host.chooseAvatar ? host.chooseAvatar() : picture()),
    chooseMedia: ask => (host.chooseMedia ? host.chooseMedia(ask) : [picture()]),
  }
}
