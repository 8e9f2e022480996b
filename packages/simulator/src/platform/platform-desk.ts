import type { SimulatedClock } from "../clock.ts"
import { newAccessToken, newAppSecret, newEncodingAesKey, newPlatformText } from "../identifiers.ts"
import type { PushDesk } from "../push/push-desk.ts"
import type { HandedOut, TokenDesk } from "../token-desk.ts"
import type { World } from "../world.ts"
import { createKeptTexts } from "./kept-texts.ts"
import {
  type Authorization,
  type Authorized,
  type AuthorizeSettings,
  type Platform,
  type PlatformName,
  type PlatformPush,
  type PlatformSettings,
  targetOf,
} from "./platform.ts"

/** How long (ms) things are good: tickets twelve hours, tokens two, codes as the documents say. */
const ticketLife = 43_200_000
const tokenLife = 7_200_000
/** How long (ms) the token before the present one is good. Not documented: as with `/cgi-bin/token`. */
const tokenOverlap = 300_000
const preAuthCodeLife = 1_800_000
const authorizationCodeLife = 3_600_000
const ticketEvery = 600_000

const tokenForm = /^[0-9A-Za-z]{3,32}$/
const keyForm = /^[0-9A-Za-z]{43}$/
const urlForm = /^http:\/\/(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?\//

/** The third-party platforms of the pretend WeChat, and which mini programs have authorised them. */
export interface PlatformDesk {
  /** Adds a platform, or changes the one with this appid. @throws TypeError for what the sender must change */
  add(settings?: PlatformSettings): Platform
  list(): readonly (Platform & { readonly authorizers: readonly Authorization[] })[]
  find(appid: string): Platform | undefined
  /** Pushes a new ticket. Without an address nothing happens. @throws TypeError if there is no such platform */
  pushTicket(name?: PlatformName): PlatformPush
  /** Pushes to every platform whose last ticket is ten minutes old. */
  tick(): void
  /** @throws TypeError for what the sender must change */
  authorize(settings: AuthorizeSettings): Authorized
  /** @throws TypeError if the mini program has not authorised the platform */
  unauthorize(settings: AuthorizeSettings): PlatformPush

  /** Whether it is one of the platform's tickets and not over. */
  checkTicket(platform: Platform, ticket: string): "good" | "expired" | "unknown"
  /** Every call a new one; the one before stays good for five minutes. */
  componentToken(platform: Platform): HandedOut
  checkComponentToken(token: string): Platform | "expired" | "unknown"
  preAuthCode(platform: Platform): HandedOut
  /** Takes a code of the authorisation page: it is good once, for an hour. */
  takeAuthorizationCode(platform: Platform, code: string): { readonly appid: string } | "expired" | "unknown"
  /** The present refresh token; `undefined` if the mini program has not authorised the platform. */
  refreshToken(platform: Platform, appid: string): string | undefined
  /** Another one, where the platform is set so. */
  rotateRefreshToken(platform: Platform, appid: string): string
  authorizations(platform: Platform): readonly (Authorization & { readonly refreshToken: string })[]
  /** Forgets tickets, tokens, codes and authorisations; platforms stay. */
  reset(): void
}

export interface PlatformDeskOptions {
  readonly world: World
  readonly tokens: TokenDesk
  readonly pushes: PushDesk
  readonly clock: SimulatedClock
}

interface Kept extends Authorization {
  refreshToken: string
}

export function createPlatformDesk({ world, tokens, pushes, clock }: PlatformDeskOptions): PlatformDesk {
  const platforms = new Map<string, Platform>()
  const tickets = createKeptTexts(clock)
  const componentTokens = createKeptTexts(clock)
  const preAuthCodes = createKeptTexts(clock)
  const authorizationCodes = createKeptTexts(clock)
  const latestToken = new Map<string, string>()
  const ticketAt = new Map<string, number>()
  const authorizations = new Map<string, Map<string, Kept>>()
  let watching = false

  const of = ({ appid }: Platform) => {
    const known = authorizations.get(appid) ?? new Map<string, Kept>()
    authorizations.set(appid, known)
    return known
  }

  function platformOf(name: string | undefined): Platform {
    const platform = name === undefined ? [...platforms.values()][0] : platforms.get(name)
    if (platform === undefined)
      throw new TypeError(`there is no platform ${name}; there are ${[...platforms.keys()].join(", ")}`)
    return platform
  }

  function push(
    platform: Platform,
    { waitMs = 5_000, pauseMs = waitMs }: PlatformName,
    event: string,
    fields: Readonly<Record<string, string | number>>,
  ): PlatformPush {
    const target = targetOf(platform)
    if (target === undefined) return Promise.resolve(undefined)
    const { appid } = platform
    const seconds = Math.floor(clock.now() / 1000)
    const message = { AppId: appid, CreateTime: seconds, InfoType: event, ...fields }
    return pushes.sendTo(target, { appid, event, fields: message, waitMs, pauseMs }).done
  }

  function pushTicket(platform: Platform, name: PlatformName): PlatformPush {
    if (platform.url === null) return Promise.resolve(undefined)
    ticketAt.set(platform.appid, clock.now())
    const ticket = newPlatformText("ticket")
    tickets.keep(ticket, platform.appid, ticketLife)
    return push(platform, name, "component_verify_ticket", { ComponentVerifyTicket: ticket })
  }

  function tick(): void {
    for (const platform of platforms.values())
      if (clock.now() - (ticketAt.get(platform.appid) ?? clock.now()) >= ticketEvery)
        void pushTicket(platform, {})
  }

  /** Where the clock runs by itself, somebody has to look at it. Keeps no process alive. */
  function watchClock(): void {
    if (!watching) setInterval(tick, 10_000).unref()
    watching = true
  }

  return {
    add(settings = {}) {
      const platform = settlePlatform(settings, platforms)
      platforms.set(platform.appid, platform)
      if (platform.url !== null) {
        ticketAt.set(platform.appid, ticketAt.get(platform.appid) ?? clock.now())
        watchClock()
      }
      return platform
    },
    list: () =>
      [...platforms.values()].map(platform => ({
        ...platform,
        authorizers: [...of(platform).values()].map(({ appid, authorizedAt }) => ({ appid, authorizedAt })),
      })),
    find: appid => platforms.get(appid),
    pushTicket: (name = {}) => pushTicket(platformOf(name.platform), name),
    tick,
    authorize(settings) {
      const platform = platformOf(settings.platform)
      const { appid } = world.app(settings.appid)
      const { preAuthCode = newPlatformText("preauthcode"), push: tells = true } = settings
      if (settings.preAuthCode !== undefined && preAuthCodes.take(preAuthCode, platform.appid) !== "good")
        throw new TypeError("pre_auth_code is not the platform's, was used, or is over")
      const event = of(platform).has(appid) ? "updateauthorized" : "authorized"
      of(platform).set(appid, {
        appid,
        authorizedAt: clock.now(),
        refreshToken: newPlatformText("refreshtoken"),
      })
      const code = newPlatformText("queryauthcode")
      authorizationCodes.keep(code, `${platform.appid} ${appid}`, authorizationCodeLife)
      const fields = {
        AuthorizerAppid: appid,
        AuthorizationCode: code,
        AuthorizationCodeExpiredTime: Math.floor((clock.now() + authorizationCodeLife) / 1000),
        PreAuthCode: preAuthCode,
      }
      return {
        authorizationCode: code,
        expiresIn: authorizationCodeLife / 1000,
        pushed: tells ? push(platform, settings, event, fields) : Promise.resolve(undefined),
      }
    },
    unauthorize(settings) {
      const platform = platformOf(settings.platform)
      const { appid } = world.app(settings.appid)
      if (!of(platform).delete(appid)) throw new TypeError(`${appid} has not authorised ${platform.appid}`)
      tokens.endAuthorizer(platform.appid, appid)
      if (settings.push === false) return Promise.resolve(undefined)
      return push(platform, settings, "unauthorized", { AuthorizerAppid: appid })
    },
    checkTicket: (platform, ticket) => tickets.look(ticket, platform.appid),
    componentToken({ appid }) {
      const before = latestToken.get(appid)
      if (before !== undefined) componentTokens.shorten(before, tokenOverlap)
      const token = newAccessToken()
      componentTokens.keep(token, appid, tokenLife)
      latestToken.set(appid, token)
      return { token, expiresIn: tokenLife / 1000 }
    },
    checkComponentToken(token) {
      const owner = componentTokens.ownerOf(token)
      return owner === "expired" || owner === "unknown" ? owner : (platforms.get(owner.name) ?? "unknown")
    },
    preAuthCode({ appid }) {
      const token = newPlatformText("preauthcode")
      preAuthCodes.keep(token, appid, preAuthCodeLife)
      return { token, expiresIn: preAuthCodeLife / 1000 }
    },
    takeAuthorizationCode(platform, code) {
      const owner = authorizationCodes.ownerOf(code)
      if (owner === "expired" || owner === "unknown") return owner
      const [platformAppid, appid] = owner.name.split(" ") as [string, string]
      if (platformAppid !== platform.appid) return "unknown"
      // The second time it is "expired": so it is reported from the real one.
      return authorizationCodes.take(code, owner.name) === "good" ? { appid } : "expired"
    },
    refreshToken: (platform, appid) => of(platform).get(appid)?.refreshToken,
    rotateRefreshToken(platform, appid) {
      const kept = of(platform).get(appid) as Kept
      if (platform.rotateRefreshTokens) kept.refreshToken = newPlatformText("refreshtoken")
      return kept.refreshToken
    },
    authorizations: platform => [...of(platform).values()],
    reset() {
      for (const texts of [tickets, componentTokens, preAuthCodes, authorizationCodes]) texts.clear()
      for (const kept of [latestToken, ticketAt, authorizations]) kept.clear()
      for (const { appid, url } of platforms.values()) if (url !== null) ticketAt.set(appid, clock.now())
    },
  }
}

function settlePlatform(settings: PlatformSettings, platforms: ReadonlyMap<string, Platform>): Platform {
  const appid = settings.appid ?? `wxsimplatform${String(platforms.size + 1).padStart(5, "0")}`
  if (!/^wxsim[0-9a-z]{13}$/.test(appid))
    throw new TypeError(`${appid} could be a real appid; a platform's is wxsim and 13 more of 0-9a-z here`)
  const known = platforms.get(appid)
  const platform = {
    appid,
    secret: settings.secret ?? known?.secret ?? newAppSecret(),
    token: settings.token ?? known?.token ?? "platformtoken",
    encodingAesKey: settings.encodingAesKey ?? known?.encodingAesKey ?? newEncodingAesKey(),
    url: settings.url ?? known?.url ?? null,
    rotateRefreshTokens: settings.rotateRefreshTokens ?? known?.rotateRefreshTokens ?? false,
  }
  if (!tokenForm.test(platform.token)) throw new TypeError("token must be 3 to 32 letters and digits")
  if (!keyForm.test(platform.encodingAesKey))
    throw new TypeError("encodingAesKey must be 43 letters and digits")
  if (platform.url !== null && !urlForm.test(platform.url))
    throw new TypeError(`url must be on this machine: http://127.0.0.1:3000/wechat/platform/${appid}`)
  return platform
}
