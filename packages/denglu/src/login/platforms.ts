import { DengluError } from "../errors.ts"
import type { SettledPlatform } from "../platform-options.ts"
import { type AccessTokenSource, createAccessTokenSource } from "../wechat/access-token.ts"
import type { Caller } from "../wechat/call.ts"
import { createAppTokenShelf } from "./app-token-shelf.ts"
import { authorizerTokenIssuer } from "./authorizer-token-issuer.ts"
import { componentTokenIssuer } from "./component-token-issuer.ts"
import type { FlowContext } from "./flows.ts"

/** A mini program that logs in through a platform. */
export interface PlatformApp {
  readonly appid: string
  readonly platform: SettledPlatform
  /** Name of the open-platform account within which its unionids mean the same person. */
  readonly openPlatform: string
}

/** The third-party platforms as they run. Nothing of them is asked for where an app of our own logs in. */
export interface Platforms {
  /** A way to WeChat of their own: what goes wrong on it stops no login of an app of ours. */
  readonly wechat: Caller
  /** @throws DengluError `not_found` */
  get(platformAppid: string): SettledPlatform
  /** The mini program, if it is named in the options or has authorised a platform. @throws DengluError `store_unavailable` */
  find(appid: string): Promise<PlatformApp | undefined>
  /** What was found of a mini program may have changed. */
  forget(appid: string): void
  /** A platform's `component_access_token`. */
  componentToken(platform: SettledPlatform): AccessTokenSource
  /** The access_token of a mini program. What it answers rejects with `app_unknown` for one that is not there. */
  appToken(appid: string): AccessTokenSource
}

/** What they work with: of the flow, all but what is made of them. */
export type PlatformParts = Pick<
  FlowContext,
  "options" | "clock" | "random" | "store" | "sealer" | "events" | "log"
> & {
  readonly wechat: Caller
  readonly pause: (ms: number) => Promise<void>
}

/** How long (ms) a mini program that was found is taken to be there still: WeChat itself refuses one that has gone. */
const foundFor = 10_000
/** Mini programs remembered at most. */
const mostFound = 10_000

/**
 * How far (ms) our clock may be ahead of WeChat's: an authorisation that we date ourselves we date so much earlier, so that a withdrawal right after it is not
 * taken for an older one.
 */
export const skewAllowed = 60_000

/** Under which name the access_token of a mini program is kept: it has one for each platform. */
export function tokenNameOf(platformAppid: string, appid: string): string {
  return `${appid}@${platformAppid}`
}

export function createPlatforms(parts: PlatformParts): Platforms {
  const { options, clock, random, store, sealer, wechat, pause } = parts
  const found = new Map<string, { readonly app: Promise<PlatformApp | undefined>; readonly until: number }>()
  const sources = new Map<string, AccessTokenSource>()

  function sourceOf(name: string, issuer: () => Parameters<typeof createAccessTokenSource>[0]["issuer"]) {
    const known = sources.get(name)
    if (known !== undefined) return known
    const shelf = createAppTokenShelf({ appid: name, store, sealer, clock, random })
    const source = createAccessTokenSource({ issuer: issuer(), clock, random, shelf, pause })
    sources.set(name, source)
    return source
  }

  function componentToken(platform: SettledPlatform): AccessTokenSource {
    return sourceOf(platform.appid, () => componentTokenIssuer({ store, sealer, wechat }, platform))
  }

  async function look(appid: string): Promise<PlatformApp | undefined> {
    const named = options.platformApps.get(appid)
    const kept = await store.findAuthorizers(appid)
    const live = kept.find(
      ({ platformAppid, revokedAt }) =>
        revokedAt === null &&
        (named === undefined ? options.platforms.has(platformAppid) : platformAppid === named.platform),
    )
    const platform = options.platforms.get(named?.platform ?? live?.platformAppid ?? "")
    if (platform === undefined) return undefined
    const openPlatform = named?.openPlatform ?? live?.openPlatform ?? platform.openPlatform ?? appid
    return { appid, platform, openPlatform }
  }

  async function find(appid: string): Promise<PlatformApp | undefined> {
    if (options.platforms.size === 0 || !/^wx[0-9a-z]{16}$/.test(appid)) return undefined
    const known = found.get(appid)
    if (known !== undefined && known.until > clock()) return known.app
    const app = look(appid)
    if (found.size >= mostFound) found.clear()
    found.set(appid, { app, until: clock() + foundFor })
    // Only what is there is remembered.
    const forgetThis = () => {
      if (found.get(appid)?.app === app) found.delete(appid)
    }
    app.then(answer => {
      if (answer === undefined) forgetThis()
    }, forgetThis)
    return app
  }

  async function authorizerToken(appid: string): Promise<AccessTokenSource> {
    const app = await find(appid)
    if (app === undefined) throw new DengluError("app_unknown", { pointer: "/appid" })
    return sourceOf(tokenNameOf(app.platform.appid, appid), () =>
      authorizerTokenIssuer({ ...parts, componentToken: componentToken(app.platform) }, app),
    )
  }

  return {
    wechat,
    get(platformAppid) {
      const platform = options.platforms.get(platformAppid)
      if (platform === undefined) throw new DengluError("not_found", { message: "no such platform" })
      return platform
    },
    find,
    forget: appid => void found.delete(appid),
    componentToken,
    appToken: appid => ({
      get: async () => (await authorizerToken(appid)).get(),
      expire: async token => (await authorizerToken(appid)).expire(token),
      withToken: async work => (await authorizerToken(appid)).withToken(work),
    }),
  }
}
