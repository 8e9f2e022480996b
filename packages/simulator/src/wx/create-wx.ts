import type { ReportThrown } from "./callbacks.ts"
import { createLoginApi, type LoginApi, type LoginFault } from "./login.ts"
import { refuseUnknown } from "./not-simulated.ts"
import { createProfileApi, type EncryptUserData, type ProfileApi, type UserData } from "./profile.ts"
import { createRequestApi, type RequestApi } from "./request.ts"
import { createStorageApi, type StorageApi } from "./storage.ts"
import type { StorageFault } from "./stored-values.ts"
import { machineTimers, type Timers } from "./timers.ts"

/** The part of a simulator that stands behind a `wx`. */
export interface WxBackend {
  issueCode(person: WxPerson): string | Promise<string>
  encryptData(person: WxPerson & { readonly data?: object }): UserData
  /** Asked for the first app where no appid was given. */
  state?(): { readonly apps: readonly { readonly appid: string }[] }
}

export interface WxPerson {
  readonly appid?: string
  readonly user: string
}

/** What every `wx` can be given. */
export interface WxSettings {
  /** Default is the simulator's first app, else DevTools' `touristappid`. */
  readonly appid?: string
  /** The network. Default is the machine's. */
  readonly fetch?: typeof globalThis.fetch
  /** Origins `wx.request` may ask, as `https://api.example.com`. Default is all. */
  readonly domains?: readonly string[]
  /** Whether the `session_key` of this client's last login still holds. Default is yes. */
  readonly checkSession?: () => boolean
  /** Asked at every `wx.login`; an answer takes the place of a code. */
  readonly loginFault?: () => LoginFault | undefined
  /** Asked at every storage call, with the API's name; an answer is the reason why it fails. */
  readonly storageFault?: StorageFault
  /** Is given what a page's callback threw. Default is to throw it again where nothing catches it. */
  readonly onError?: ReportThrown
  /** Default is the machine's. */
  readonly timers?: Timers
}

/** A `wx` for one person and one app: out of a simulator, or out of functions. */
export type WxOptions = WxSettings &
  (
    | { readonly simulator: WxBackend; readonly user: string }
    | { readonly issueCode: () => string | Promise<string>; readonly userData?: EncryptUserData }
  )

export interface AccountInfo {
  readonly miniProgram: {
    readonly appId: string
    readonly envVersion: "develop" | "trial" | "release"
    readonly version: string
  }
}

/** The `wx` of a mini program, as far as it is simulated; anything else throws `not simulated: wx.NAME` when called. */
export interface Wx extends LoginApi, RequestApi, StorageApi, ProfileApi {
  getAccountInfoSync(): AccountInfo
}

export function createWx(options: WxOptions): Wx {
  const { timers = machineTimers, onError: report = throwLater } = options
  const appid = options.appid ?? firstAppid(options) ?? "touristappid"
  const { issueCode, userData } = sourceOf(options)
  return refuseUnknown<Wx>("wx", {
    ...createLoginApi({
      issueCode,
      loginFault: options.loginFault ?? (() => undefined),
      checkSession: options.checkSession ?? (() => true),
      timers,
      report,
    }),
    ...createRequestApi({
      appid,
      fetch: options.fetch ?? fetch,
      domains: options.domains,
      timers,
      report,
    }),
    ...createStorageApi(options.storageFault ?? (() => undefined), report),
    ...createProfileApi(userData, report),
    getAccountInfoSync: () => ({ miniProgram: { appId: appid, envVersion: "develop", version: "" } }),
  })
}

interface Source {
  readonly issueCode: () => string | Promise<string>
  readonly userData: EncryptUserData
}

function sourceOf(options: WxOptions): Source {
  if (!("simulator" in options)) return { userData: refuseToEncrypt, ...options }
  const { simulator, user, appid } = options
  const person = appid === undefined ? { user } : { appid, user }
  return {
    issueCode: () => simulator.issueCode(person),
    userData: data => simulator.encryptData(data === undefined ? person : { ...person, data }),
  }
}

function firstAppid(options: WxOptions): string | undefined {
  return "simulator" in options ? options.simulator.state?.().apps[0]?.appid : undefined
}

function refuseToEncrypt(): never {
  throw new Error("createWx was given neither userData nor simulator")
}

/** As a callback's error surfaces in a mini program: not where the API was called. */
function throwLater(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown
  })
}
