import { DengluError } from "../errors.ts"
import {
  type AccessTokenSource,
  type AccessTokenSourceOptions,
  createAccessTokenSource,
} from "./access-token.ts"
import type { AppCredentials } from "./endpoints/jscode2session.ts"

/** Holds the access_token of each app, from when it is first needed. */
export function createAppTokens(
  apps: ReadonlyMap<string, AppCredentials>,
  shared: Pick<AccessTokenSourceOptions, "caller" | "clock">,
): (appid: string) => AccessTokenSource {
  const sources = new Map<string, AccessTokenSource>()
  return appid => {
    const known = sources.get(appid)
    if (known !== undefined) return known
    const app = apps.get(appid)
    if (app === undefined) throw new DengluError("app_unknown")
    const source = createAccessTokenSource({ ...shared, app })
    sources.set(appid, source)
    return source
  }
}
