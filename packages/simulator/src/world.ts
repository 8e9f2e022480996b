import type { SimulatedClock } from "./clock.ts"
import {
  derivedId,
  derivedPhone,
  newAppSecret,
  newEncryptKey,
  newLoginCode,
  newOauthToken,
  newPhoneCode,
  newSessionKey,
} from "./identifiers.ts"
import type { IssuedCode, IssuedOauthCode, OauthScope, Redeemed, RedeemedOauth } from "./issued-codes.ts"
import { PhoneData } from "./phone-data.ts"

export type { OauthScope, Redeemed, RedeemedOauth } from "./issued-codes.ts"

/** What an app is to WeChat: it decides by which endpoint its codes are exchanged. */
export type AppKind = "mini_program" | "website" | "official_account"

export interface AppSettings {
  /** `wxsim` and 13 more of `0-9a-z`. Default is `wxsim0000000000001` and so on. */
  readonly appid?: string
  /** 32 hexadecimal digits. Default is made on the fly. */
  readonly secret?: string
  /** Default is `"mini_program"`. */
  readonly kind?: AppKind
  /** Whether replies carry `unionid`. Default is true. An app that is added again with it brings them from then on. */
  readonly boundToOpenPlatform?: boolean
  /** Name of the open-platform account it is bound to: people have another `unionid` in each. Default is `default`. */
  readonly openPlatform?: string
  /** How many phone-number codes the app may still get; `null`: no end. Default is `null`; the real one gives 1,000, then they cost. */
  readonly phoneQuota?: number | null
}

export type App = Required<Omit<AppSettings, "phoneQuota">> & { phoneQuota: number | null }

export interface UserSettings {
  /** Any name: it is how tests speak of the person. */
  readonly name: string
  /** Default is a number nobody has. */
  readonly phone?: string
  readonly countryCode?: string
}

export type User = Required<UserSettings>

/** What WeChat holds for one person in one app. */
export interface Membership {
  readonly app: App
  user: User
  readonly openid: string
  /** Only as long as the app is bound to an open-platform account. */
  readonly unionid: string | undefined
  sessionKey: string
  /** When the key came; a `wx.login()` soon after it does not change it. */
  sessionKeySince: number
  /** The newest first, at most three. */
  encryptKeys: readonly EncryptKey[]
}

/** A key of `wx.getUserCryptoManager()`. */
export interface EncryptKey {
  readonly encryptKey: string
  readonly iv: string
  readonly version: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface WorldOptions {
  readonly clock: SimulatedClock
  /** Milliseconds that have to pass until `wx.login()` brings a new `session_key`. */
  readonly rotateSessionKeyAfterMs: number
}

/** How long (ms) codes are good: five minutes, those of a website's QR code ten. */
const codeLife = 300_000
const websiteCodeLife = 600_000
/** How long (ms) a key of the user key channel is good. */
export const encryptKeyLife = 3_600_000
const appidForm = /^wxsim[0-9a-z]{13}$/

/** The apps, people and codes of the pretend WeChat. */
export class World {
  readonly apps = new Map<string, App>()
  readonly users = new Map<string, User>()
  readonly phoneData: PhoneData
  readonly #memberships = new Map<string, Membership>()
  readonly #loginCodes = new Map<string, IssuedCode>()
  readonly #phoneCodes = new Map<string, IssuedCode>()
  readonly #oauthCodes = new Map<string, IssuedOauthCode>()
  readonly #options: WorldOptions

  constructor(options: WorldOptions) {
    this.#options = options
    this.phoneData = new PhoneData(options.clock)
  }

  /** @throws TypeError for an appid that could be a real one */
  addApp(settings: AppSettings = {}): App {
    const appid = settings.appid ?? `wxsim${String(this.apps.size + 1).padStart(13, "0")}`
    if (!appidForm.test(appid))
      throw new TypeError(
        `${appid} could be a real appid; this WeChat is a pretend one and takes only wxsim and 13 more of 0-9a-z`,
      )
    const app = {
      appid,
      secret: settings.secret ?? newAppSecret(),
      kind: settings.kind ?? "mini_program",
      boundToOpenPlatform: settings.boundToOpenPlatform ?? true,
      openPlatform: settings.openPlatform ?? "default",
      phoneQuota: settings.phoneQuota ?? null,
    }
    this.apps.set(appid, app)
    return app
  }

  /** A person; one who is there already gets another phone number. */
  addUser({ name, phone, countryCode }: UserSettings): User {
    if (typeof name !== "string" || name === "" || name.length > 200)
      throw new TypeError("a user needs a name of 1 to 200 characters")
    const user = { name, phone: phone ?? derivedPhone(name), countryCode: countryCode ?? "86" }
    this.users.set(name, user)
    for (const membership of this.#memberships.values())
      if (membership.user.name === name) membership.user = user
    return user
  }

  /** The app with this appid, or the first. @throws TypeError if there is none */
  app(appid?: string): App {
    const app = appid === undefined ? [...this.apps.values()][0] : this.apps.get(appid)
    if (app === undefined)
      throw new TypeError(`there is no app ${appid}; there are ${[...this.apps.keys()].join(", ")}`)
    return app
  }

  /** The person in the app; both come into being by being spoken of. */
  membership(appid: string | undefined, name: string): Membership {
    const app = this.app(appid)
    const user = this.users.get(name) ?? this.addUser({ name })
    const key = `${app.appid} ${name}`
    const known = this.#memberships.get(key)
    if (known !== undefined) return known
    const isBound = () => this.apps.get(app.appid)?.boundToOpenPlatform === true
    const membership: Membership = {
      app,
      user,
      openid: derivedId("openid", app.appid, name),
      get unionid() {
        return isBound() ? unionidOf(app.openPlatform, name) : undefined
      },
      sessionKey: newSessionKey(),
      sessionKeySince: this.#options.clock.now(),
      encryptKeys: [],
    }
    this.#memberships.set(key, membership)
    return membership
  }

  memberships(): readonly Membership[] {
    return [...this.#memberships.values()]
  }

  member(appid: string, openid: string): Membership | undefined {
    return this.memberships().find(entry => entry.app.appid === appid && entry.openid === openid)
  }

  /**
   * What `wx.login()` gets. It may bring a new `session_key`, as the real one may.
   * @throws TypeError for a website or an official account, whose pages have no `wx.login()`
   */
  issueLoginCode(appid: string | undefined, name: string): string {
    const membership = this.membership(appid, name)
    if (membership.app.kind !== "mini_program")
      throw new TypeError(`${membership.app.appid} is no mini program; its codes come from oauth-code`)
    const { clock, rotateSessionKeyAfterMs } = this.#options
    if (clock.now() - membership.sessionKeySince >= rotateSessionKeyAfterMs) this.rotateSessionKey(membership)
    return this.#issue(this.#loginCodes, { membership }, newLoginCode())
  }

  /** What `<button open-type="getPhoneNumber">` gets. @throws TypeError if the app's quota is used up */
  issuePhoneCode(appid: string | undefined, name: string): string {
    const app = this.app(appid)
    if (app.phoneQuota === 0) throw new TypeError("the app has no phone-number quota left")
    if (app.phoneQuota !== null) app.phoneQuota -= 1
    return this.#issue(this.#phoneCodes, { membership: this.membership(appid, name) }, newPhoneCode())
  }

  /**
   * What a web page finds in its URL after the person has agreed.
   * @throws TypeError for a mini program, which has no such pages
   */
  issueOauthCode(
    appid: string | undefined,
    name: string,
    given: { readonly scope?: OauthScope; readonly isSnapshotUser?: boolean } = {},
  ): string {
    const membership = this.membership(appid, name)
    const { kind } = membership.app
    if (kind === "mini_program")
      throw new TypeError(
        `${membership.app.appid} is a mini program; add an app with kind "website" or "official_account"`,
      )
    const grant = {
      accessToken: newOauthToken(),
      refreshToken: newOauthToken(),
      scope: given.scope ?? (kind === "website" ? "snsapi_login" : "snsapi_userinfo"),
      isSnapshotUser: given.isSnapshotUser ?? false,
    }
    const life = kind === "website" ? websiteCodeLife : codeLife
    return this.#issue(this.#oauthCodes, { membership, grant }, newLoginCode(), life)
  }

  /** Takes the code of a web page. One of `wx.login()` is told from the rest, as WeChat does. */
  redeemOauthCode(appid: string, code: string): RedeemedOauth {
    if (this.#loginCodes.has(code)) return "of_mini_program"
    const redeemed = this.#redeem(this.#oauthCodes, appid, code)
    if (redeemed === "unknown" || redeemed === "used") return redeemed
    return { membership: redeemed.membership, grant: redeemed.grant }
  }

  rotateSessionKey(membership: Membership): void {
    membership.sessionKey = newSessionKey()
    membership.sessionKeySince = this.#options.clock.now()
  }

  /** The last three keys of the user key channel; a new one comes when the newest is an hour old. */
  encryptKeysOf(membership: Membership): readonly EncryptKey[] {
    const now = this.#options.clock.now()
    const [newest] = membership.encryptKeys
    if (newest === undefined || newest.createdAt + encryptKeyLife <= now) {
      const key = { ...newEncryptKey(), version: (newest?.version ?? 0) + 1, createdAt: now }
      membership.encryptKeys = [key, ...membership.encryptKeys].slice(0, 3)
    }
    return membership.encryptKeys
  }

  /** Takes a code of `wx.login()`: it is good once, for five minutes, in its own app. */
  redeemLoginCode(appid: string, code: string): Redeemed {
    return membershipOf(this.#redeem(this.#loginCodes, appid, code))
  }

  redeemPhoneCode(appid: string, code: string): Redeemed {
    return membershipOf(this.#redeem(this.#phoneCodes, appid, code))
  }

  reset(): void {
    this.phoneData.reset()
    this.users.clear()
    this.#memberships.clear()
    this.#loginCodes.clear()
    this.#phoneCodes.clear()
    this.#oauthCodes.clear()
  }

  #issue<Code extends IssuedCode>(
    codes: Map<string, Code>,
    given: Omit<Code, "expiresAt" | "used">,
    code: string,
    life = codeLife,
  ): string {
    const now = this.#options.clock.now()
    // The oldest stand first; those that are over are forgotten, or a long run would fill the memory.
    for (const [old, { expiresAt }] of codes) {
      if (expiresAt > now && codes.size < 1_000_000) break
      codes.delete(old)
    }
    codes.set(code, { ...given, expiresAt: now + life, used: false } as Code)
    return code
  }

  #redeem<Code extends IssuedCode>(
    codes: Map<string, Code>,
    appid: string,
    code: string,
  ): Code | "unknown" | "used" {
    const issued = codes.get(code)
    if (issued === undefined || issued.membership.app.appid !== appid) return "unknown"
    if (issued.expiresAt <= this.#options.clock.now()) return "unknown"
    if (issued.used) return "used"
    issued.used = true
    return issued
  }
}

function membershipOf(redeemed: IssuedCode | "unknown" | "used"): Redeemed {
  return typeof redeemed === "string" ? redeemed : redeemed.membership
}

function unionidOf(openPlatform: string, name: string): string {
  return openPlatform === "default" ? derivedId("unionid", name) : derivedId("unionid", openPlatform, name)
}
