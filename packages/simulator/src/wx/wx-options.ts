import type { ReportThrown } from "./callbacks.ts"
import type { WxHost } from "./host.ts"
import type { LaunchSettings } from "./launch-options.ts"
import type { LoginFault } from "./login.ts"
import type { NetworkType } from "./network-state.ts"
import type { EncryptUserData, UserData } from "./profile.ts"
import type { StorageFault, StorageText } from "./stored-values.ts"
import type { ScreenSettings } from "./system-info.ts"
import type { Timers } from "./timers.ts"
import type { LatestUserKey } from "./user-crypto.ts"
import type { OpenSocket } from "./web-socket-like.ts"

/** The part of a simulator that stands behind a `wx`. */
export interface WxBackend {
  issueCode(person: WxPerson): string | Promise<string>
  issuePhoneCode?(person: WxPerson): string | Promise<string>
  /** Whether the app may still get phone-number codes. Default is yes. */
  hasPhoneQuota?(person: WxPerson): boolean | Promise<boolean>
  encryptData(person: WxPerson & { readonly data?: object }): UserData | Promise<UserData>
  userKey?(person: WxPerson): LatestUserKey | Promise<LatestUserKey>
  /** Asked for the first app where no appid was given. */
  state?(): { readonly apps: readonly { readonly appid: string }[] }
}

export interface WxPerson {
  readonly appid?: string
  readonly user: string
}

/** What every `wx` can be given. */
export interface WxSettings extends ScreenSettings {
  /** Default is the simulator's first app, else DevTools' `touristappid`. */
  readonly appid?: string
  /** The network. Default is the machine's. */
  readonly fetch?: typeof globalThis.fetch
  /** Default is the machine's `WebSocket`. */
  readonly openSocket?: OpenSocket
  /** Origins that may be asked, as `https://api.example.com`, and `wss://…` for sockets. Default is all. */
  readonly domains?: readonly string[]
  /** Whether the `session_key` of this client's last login still holds. Default is yes. */
  readonly checkSession?: () => boolean | Promise<boolean>
  /** Asked at every `wx.login`; an answer takes the place of a code. */
  readonly loginFault?: () => LoginFault | undefined
  /** Where the storage lasts, as `localStorage`. Default is in memory only. */
  readonly storage?: StorageText
  /** Asked at every storage call, with the API's name; an answer is the reason why it fails. */
  readonly storageFault?: StorageFault
  /** The screen and the person in front of it. Default is one who says yes to everything. */
  readonly host?: WxHost
  /** Whether the person has agreed to the privacy contract already. Default is `agreed`. */
  readonly privacy?: "agreed" | "needed"
  /** Default is `wifi`. */
  readonly networkType?: NetworkType
  /** How the mini program was opened. Default is without a page, scene 1001. */
  readonly launch?: LaunchSettings
  /** Is given what a page's callback threw. Default is to throw it again where nothing catches it. */
  readonly onError?: ReportThrown
  /** Default is the machine's. */
  readonly timers?: Timers
}

/** Codes and profiles for a `wx`: out of a simulator, or out of functions. */
export type WxSourceOptions =
  | { readonly simulator: WxBackend; readonly user: string }
  | {
      readonly issueCode: () => string | Promise<string>
      readonly issuePhoneCode?: () => string | Promise<string>
      readonly hasPhoneQuota?: () => boolean | Promise<boolean>
      readonly userData?: EncryptUserData
      readonly userKey?: () => LatestUserKey | Promise<LatestUserKey>
    }

/** A `wx` for one person and one app. */
export type WxOptions = WxSettings & WxSourceOptions
