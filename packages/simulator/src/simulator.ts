import type { SimulatedClock } from "./clock.ts"
import type { ScanBy, ScannedLaunch } from "./drawn-codes.ts"
import type { FaultSettings, Faults, Wire } from "./faults.ts"
import type { OpenData } from "./open-data.ts"
import type {
  Authorization,
  Authorized,
  AuthorizeSettings,
  Platform,
  PlatformName,
  PlatformPush,
  PlatformSettings,
} from "./platform/platform.ts"
import type { PushOutcome, PushSettings } from "./push/push.ts"
import type { UserKey } from "./user-key.ts"
import type { App, AppSettings, OauthScope, User, UserSettings } from "./world.ts"

export interface SimulatorOptions {
  /** Default is one app with appid `wxsim0000000000001`. */
  readonly apps?: readonly AppSettings[]
  readonly users?: readonly UserSettings[]
  /** Third-party platforms. Default is none. */
  readonly platforms?: readonly PlatformSettings[]
  /** Milliseconds since 1970 at which the clock stands still until it is moved. Default is to run with the machine's clock. */
  readonly now?: number
  /** Milliseconds that have to pass until `wx.login()` brings a new `session_key`. Default is 300,000. */
  readonly rotateSessionKeyAfterMs?: number
  /** Brings pushes to the login server. Default is the runtime's own `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/** Who is meant: the app may be left out where the first one is. */
export interface Person {
  readonly appid?: string
  /** Any name; whoever is spoken of exists. */
  readonly user: string
}

/** Who agreed to log in on a web page, and to what. */
export interface WebPerson extends Person {
  /** Default is `snsapi_login` for a website and `snsapi_userinfo` for an official account. */
  readonly scope?: OauthScope
  /** Whether the page is only shown as a preview (快照页), with a virtual openid. Default is false. */
  readonly isSnapshotUser?: boolean
}

/** A call that was made, without what is secret in it. */
export interface RecordedCall {
  readonly endpoint: string
  /** Milliseconds since 1970, by the simulated clock. */
  readonly at: number
  readonly appid: string | null
  /** What was answered: 0 for success; `null` if a fault took its place. */
  readonly errcode: number | null
  readonly fault: string | null
}

export interface SimulatorState {
  readonly now: number
  readonly apps: readonly App[]
  readonly users: readonly (User & {
    readonly unionid: string | null
    readonly openids: Readonly<Record<string, string>>
  })[]
  readonly platforms: readonly (Platform & { readonly authorizers: readonly Authorization[] })[]
  readonly faults: readonly FaultSettings[]
  readonly calls: number
}

/** A pretend WeChat. */
export interface Simulator {
  /** Answers what api.weixin.qq.com answers, and the control routes under `/__simulator__/`. Only for loopback hosts. */
  fetch(request: Request): Promise<Response>
  /** A code as `wx.login()` gets it: good once, for five minutes. */
  issueCode(person: Person): string
  /**
   * The `code` in the URL to which WeChat sends a person back who logs in on a website or on a page of an official account: good once, for ten
   * minutes and for five.
   * @throws TypeError if the app is a mini program
   */
  issueOauthCode(person: WebPerson): string
  /** A code as `<button open-type="getPhoneNumber">` gets it. */
  issuePhoneCode(person: Person): string
  /** How many phone-number codes an app may still get; `null`: no end. At 0 the button says errno 1400001. */
  setPhoneQuota(quota: { readonly appid?: string; readonly left: number | null }): void
  hasPhoneQuota(person: Person): boolean
  /** Gives the person a new `session_key`, as a login on another device would. */
  rotateSessionKey(person: Person): void
  /** Data encrypted with the person's present `session_key`; without `data` the anonymous profile that WeChat gives since 2022. What has a `phoneNumber` is known to `checkencryptedmsg`. */
  encryptData(person: Person & { readonly data?: object }): OpenData
  /** Pushes an event to a login server on this machine, signed, with WeChat's retries; resolves when it is delivered or given up. */
  push(settings: PushSettings): Promise<PushOutcome>
  /** Begins to push and answers the number under which {@link pushes} has it. */
  startPush(settings: PushSettings): number
  /** The latest pushes, the oldest first, at most 100. */
  pushes(): readonly PushOutcome[]
  /** The key as `wx.getUserCryptoManager()` gives it to the person's phone; `getuserencryptkey` answers the same one. */
  userKey(person: Person): UserKey
  /**
   * What a phone does that is held in front of a mini program code, or comes to its page in another way. Without an image the latest code is
   * meant; `undefined` where the image is no code that was drawn here lately.
   */
  scanCode(scanned?: { readonly image?: Uint8Array; readonly by?: ScanBy }): ScannedLaunch | undefined
  readonly clock: SimulatedClock
  readonly faults: Faults
  /** The latest calls, the oldest first, at most 1,000. */
  readonly calls: readonly RecordedCall[]
  addApp(settings?: AppSettings): App
  addUser(settings: UserSettings): User
  /** Adds a third-party platform, or changes the one with this appid. With a `url` WeChat begins to push its ticket there, every ten minutes. */
  addPlatform(settings?: PlatformSettings): Platform
  /** Pushes a new `component_verify_ticket` now; resolves when it is delivered or given up. */
  pushTicket(name?: PlatformName): PlatformPush
  /** What an administrator of a mini program does on the authorisation page. */
  authorize(settings: AuthorizeSettings): Authorized
  /** Withdraws the authorisation; resolves when the push about it is delivered or given up. */
  unauthorize(settings: AuthorizeSettings): PlatformPush
  state(): SimulatorState
  /** Forgets users, codes, tokens, authorisations, calls and faults; apps and platforms stay. */
  reset(): void
  /** What the wire would carry; for those who bring a wire of their own. */
  answer(request: PlainRequest): Wire
}

/** A request as text. */
export interface PlainRequest {
  readonly method: string
  readonly url: URL
  readonly body: string
  readonly origin: string | null
}
