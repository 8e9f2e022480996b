import type { SimulatedClock } from "./clock.ts"
import {
  derivedId,
  derivedPhone,
  newAppSecret,
  newEncryptKey,
  newLoginCode,
  newPhoneCode,
  newSessionKey,
} from "./identifiers.ts"

export interface AppSettings {
  /** `wxsim` and 13 more of `0-9a-z`. Default is `wxsim0000000000001` and so on. */
  readonly appid?: string
  /** 32 hexadecimal digits. Default is made on the fly. */
  readonly secret?: string
  /** Whether replies carry `unionid`. Default is true. */
  readonly boundToOpenPlatform?: boolean
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

interface IssuedCode {
  readonly membership: Membership
  readonly expiresAt: number
  used: boolean
}

export type Redeemed = Membership | "unknown" | "used"

export interface WorldOptions {
  readonly clock: SimulatedClock
  /** Milliseconds that have to pass until `wx.login()` brings a new `session_key`. */
  readonly rotateSessionKeyAfterMs: number
}

/** How long (ms) codes are good: five minutes, both kinds. */
const codeLife = 300_000
/** How long (ms) a server may ask about phone data. */
const phoneDataLife = 3 * 86_400_000
/** How long (ms) a key of the user key channel is good. */
export const encryptKeyLife = 3_600_000
const appidForm = /^wxsim[0-9a-z]{13}$/

/** The apps, people and codes of the pretend WeChat. */
export class World {
  readonly apps = new Map<string, App>()
  readonly users = new Map<string, User>()
  readonly #memberships = new Map<string, Membership>()
  readonly #loginCodes = new Map<string, IssuedCode>()
  readonly #phoneCodes = new Map<string, IssuedCode>()
  /** When an app's phone data was made, by appid and hash. */
  readonly #phoneData = new Map<string, number>()
  readonly #options: WorldOptions

  constructor(options: WorldOptions) {
    this.#options = options
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
      boundToOpenPlatform: settings.boundToOpenPlatform ?? true,
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
    const membership = {
      app,
      user,
      openid: derivedId("openid", app.appid, name),
      unionid: app.boundToOpenPlatform ? derivedId("unionid", name) : undefined,
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

  /** What `wx.login()` gets. It may bring a new `session_key`, as the real one may. */
  issueLoginCode(appid: string | undefined, name: string): string {
    const membership = this.membership(appid, name)
    const { clock, rotateSessionKeyAfterMs } = this.#options
    if (clock.now() - membership.sessionKeySince >= rotateSessionKeyAfterMs) this.rotateSessionKey(membership)
    return this.#issue(this.#loginCodes, membership, newLoginCode())
  }

  /** What `<button open-type="getPhoneNumber">` gets. @throws TypeError if the app's quota is used up */
  issuePhoneCode(appid: string | undefined, name: string): string {
    const app = this.app(appid)
    if (app.phoneQuota === 0) throw new TypeError("the app has no phone-number quota left")
    if (app.phoneQuota !== null) app.phoneQuota -= 1
    return this.#issue(this.#phoneCodes, this.membership(appid, name), newPhoneCode())
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
    return this.#redeem(this.#loginCodes, appid, code)
  }

  redeemPhoneCode(appid: string, code: string): Redeemed {
    return this.#redeem(this.#phoneCodes, appid, code)
  }

  /** Remembers `encryptedData` of a phone number by the hash under which a server may ask about it. */
  rememberPhoneData(appid: string, hash: string): void {
    const now = this.#options.clock.now()
    for (const [old, madeAt] of this.#phoneData) {
      if (now - madeAt <= phoneDataLife && this.#phoneData.size < 100_000) break
      this.#phoneData.delete(old)
    }
    this.#phoneData.set(`${appid} ${hash}`, now)
  }

  /** When (ms) WeChat made the app's phone data with this hash; `undefined` if it has not, or more than three days ago. */
  phoneDataMadeAt(appid: string, hash: string): number | undefined {
    const madeAt = this.#phoneData.get(`${appid} ${hash}`)
    const isKept = madeAt !== undefined && this.#options.clock.now() - madeAt <= phoneDataLife
    return isKept ? madeAt : undefined
  }

  reset(): void {
    this.#phoneData.clear()
    this.users.clear()
    this.#memberships.clear()
    this.#loginCodes.clear()
    this.#phoneCodes.clear()
  }

  #issue(codes: Map<string, IssuedCode>, membership: Membership, code: string): string {
    const now = this.#options.clock.now()
    // The oldest stand first; those that are over are forgotten, or a long run would fill the memory.
    for (const [old, { expiresAt }] of codes) {
      if (expiresAt > now && codes.size < 1_000_000) break
      codes.delete(old)
    }
    codes.set(code, { membership, expiresAt: now + codeLife, used: false })
    return code
  }

  #redeem(codes: Map<string, IssuedCode>, appid: string, code: string): Redeemed {
    const issued = codes.get(code)
    if (issued === undefined || issued.membership.app.appid !== appid) return "unknown"
    if (issued.expiresAt <= this.#options.clock.now()) return "unknown"
    if (issued.used) return "used"
    issued.used = true
    return issued.membership
  }
}
