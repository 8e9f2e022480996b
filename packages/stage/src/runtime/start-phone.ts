import { createPhone, type PhoneFiles, type WxHost, type WxOptions } from "@denglu/simulator/wx"
import type { Program } from "../program.ts"
import { boot } from "./boot.ts"
import { createScreen } from "./chrome/overlays.ts"
import { createOpenType } from "./open-type.ts"
import { parsePageUrl } from "./page-url.ts"
import type { Phone, WxObject } from "./phone.ts"
import type { WxCallRecord } from "./watch-calls.ts"

/** Everything that a mini program on a pretend phone needs from outside of its page. */
export interface PhoneSetting {
  readonly program: Program
  /** Codes, network, storage: what stands behind `wx`. */
  readonly wx: WxOptions
  /** Decides in the place of whoever holds the mouse. */
  readonly host?: WxHost
  /** Is given what the mini program's code throws. */
  readonly onError: (error: unknown) => void
  readonly onWarning?: (message: string) => void
  /** Is told of every call of `wx`. */
  readonly onCall?: (call: WxCallRecord) => void
  /** Is told which pages are open now, the visible one last. */
  readonly onPage?: (paths: readonly string[]) => void
  /** The page to open first. */
  readonly url?: string
  /** WeChat's number for how it was opened. Default is 1001, the list of mini programs; 1047 is a code that the camera saw. */
  readonly scene?: number
}

export interface StartedPhone extends Phone {
  readonly files: PhoneFiles
}

/** Starts a mini program on a pretend phone that fills this document. */
export function startPhone(setting: PhoneSetting): StartedPhone {
  const { program, onError, onWarning = () => {}, onCall } = setting
  const overlay = document.createElement("div")
  overlay.className = "stage-overlay"
  const entry = setting.url ?? program.app.entryPage
  const { wx, buttons, files } = createPhone({
    onError,
    launch: {
      ...parsePageUrl(`/${entry}`, ""),
      ...(setting.scene !== undefined && { scene: setting.scene }),
    },
    ...appidFor(setting),
    ...setting.wx,
    host: { ...createScreen(overlay), ...setting.host },
  })
  const phone = boot({
    program,
    wx: wx as unknown as WxObject,
    openType: createOpenType(buttons, wx as unknown as WxObject, onWarning),
    readFile: files.read,
    onError,
    onWarning,
    overlay,
    ...(onCall !== undefined && { onCall }),
    ...(setting.onPage !== undefined && { onPage: setting.onPage }),
    ...(setting.url !== undefined && { url: setting.url }),
    ...(setting.scene !== undefined && { scene: setting.scene }),
  })
  return { ...phone, files }
}

/** The mini program's own, unless the simulator has no such app: it has none of the real ones, and takes its first then. */
function appidFor({ program: { app }, wx }: PhoneSetting): { readonly appid?: string } {
  if (app.appid === null) return {}
  const isUnknown = "simulator" in wx && !wx.simulator.state?.().apps.some(({ appid }) => appid === app.appid)
  return isUnknown ? {} : { appid: app.appid }
}
