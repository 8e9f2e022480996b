import { fromBase64 } from "./base64.ts"
import type { ChosenFile, WxHost } from "./host.ts"

/** 64 by 64 grey pixels, as PNG. */
const grey =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIKMb3RD77SAA6VEEAoFAIBAIBAKBQCAQfA8G320AeXC6efoAAAAASUVORK5CYII="

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
