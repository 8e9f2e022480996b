import type { Program } from "../program.ts"
import type { Chrome } from "./chrome/chrome.ts"
import type { OpenPage } from "./page-stack.ts"
import type { WxCallRecord } from "./watch-calls.ts"

/** The API object of a mini program, as far as it is simulated. */
export type WxObject = Readonly<Record<string, unknown>>

/** What stands behind `<button open-type="…">`: answers the event's detail, or `undefined` where nothing happens. */
export type OpenType = (kind: string, button: OpenTypeButton) => Promise<object | undefined>

export interface OpenTypeButton {
  readonly id: string
  /** Its `phone-number-no-quota-toast`. */
  readonly quotaNotice: boolean
}

export interface PhoneOptions {
  readonly program: Program
  /** Everything but pages and bars, which the phone adds. */
  readonly wx: WxObject
  readonly openType: OpenType
  /** The bytes of a temporary file, as a chosen picture. */
  readonly readFile: (path: string) => Uint8Array<ArrayBuffer> | undefined
  /** The layer for toasts and sheets, which goes above everything. */
  readonly overlay: HTMLElement
  /** Is given what the mini program's code throws. */
  readonly onError: (error: unknown) => void
  /** Is given what WeChat's tools would print as a warning. */
  readonly onWarning?: (message: string) => void
  /** Is told of every call of `wx`. */
  readonly onCall?: (call: WxCallRecord) => void
  /** Is told which pages are open now, the visible one last. */
  readonly onPage?: (paths: readonly string[]) => void
  /** The page to open first, as `pages/index/index?id=1`. Default is the mini program's own. */
  readonly url?: string
  /** WeChat's number for how it was opened. Default is 1001. */
  readonly scene?: number
}

/** A mini program that runs. */
export interface Phone {
  readonly chrome: Chrome
  /** As the mini program's own code sees it. */
  readonly wx: WxObject
  /** The visible page; `undefined` if the mini program failed before it opened one. */
  page(): OpenPage | undefined
  /** The person goes to another app, and comes back. */
  hide(): void
  show(): void
}
