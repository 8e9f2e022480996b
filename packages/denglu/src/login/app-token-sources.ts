import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import type { SettledOptions } from "../options.ts"
import type { RandomBytes } from "../random.ts"
import type { Sealer } from "../session/sealer.ts"
import type { Store } from "../store/store.ts"
import { type AccessTokenSource, createAccessTokenSource } from "../wechat/access-token.ts"
import type { Caller } from "../wechat/call.ts"
import { stableTokenIssuer } from "../wechat/token-issuer.ts"
import { createAppTokenShelf } from "./app-token-shelf.ts"
import type { FlowContext } from "./flows.ts"
import type { Platforms } from "./platforms.ts"

export interface AppTokenSourcesOptions {
  readonly options: SettledOptions
  readonly clock: Clock
  readonly random: RandomBytes
  readonly store: Store
  readonly sealer: Sealer
  readonly wechat: Caller
  readonly platforms: Platforms
  readonly pause: (ms: number) => Promise<void>
}

/** The `access_token`s of all apps: those of our own, and those that third-party platforms hold. */
export function createAppTokenSources(given: AppTokenSourcesOptions): FlowContext["appToken"] {
  const { options, clock, random, store, sealer, wechat, platforms, pause } = given
  const sources = new Map<string, AccessTokenSource>(
    [...options.apps.values()].map(app => {
      const shelf = createAppTokenShelf({ appid: app.appid, store, sealer, clock, random })
      const issuer = stableTokenIssuer(wechat, app)
      return [app.appid, createAccessTokenSource({ issuer, clock, random, shelf, pause })]
    }),
  )
  return appid => {
    const source = sources.get(appid)
    if (source !== undefined) return source
    if (options.platforms.size === 0) throw new DengluError("app_unknown")
    return platforms.appToken(appid)
  }
}
