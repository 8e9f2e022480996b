import { type Buttons, createButtons } from "./buttons.ts"
import { createWx, type Wx } from "./create-wx.ts"
import type { PhoneFiles } from "./files.ts"
import type { ToastView } from "./host.ts"
import type { PhoneNetwork } from "./network-state.ts"
import { createPhoneParts } from "./phone-parts.ts"
import type { WxOptions } from "./wx-options.ts"
import { wxSource } from "./wx-source.ts"

/** A phone with one mini program open: its `wx`, and what there is of the phone around it. */
export interface Phone {
  readonly wx: Wx
  /** For whoever shows `<button open-type="…">`. */
  readonly buttons: Buttons
  readonly files: PhoneFiles
  readonly network: PhoneNetwork
  /** What toast or loading sign is to be seen now. */
  toast(): ToastView | null
}

/** As `createWx`, for those who show a page or play the person: buttons, files and the network are theirs too. */
export function createPhone(options: WxOptions): Phone {
  const parts = createPhoneParts(options, true)
  const { files, host, privacy, network } = parts
  const { issuePhoneCode, hasPhoneQuota } = wxSource(options)
  return {
    wx: createWx(options, parts),
    buttons: createButtons({ issuePhoneCode, hasPhoneQuota, host, privacy, files }),
    files: { put: files.put, read: files.read },
    network: { status: network.status, set: network.set },
    toast: parts.toast.shown,
  }
}
