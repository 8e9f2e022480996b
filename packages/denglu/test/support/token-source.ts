import { createAppTokenShelf } from "../../src/login/app-token-shelf.ts"
import { createRandomBytes } from "../../src/random.ts"
import { createSealer } from "../../src/session/sealer.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import type { AppTokenStore } from "../../src/store/store.ts"
import { type AccessTokenSource, createAccessTokenSource } from "../../src/wechat/access-token.ts"
import type { Caller } from "../../src/wechat/caller.ts"
import type { AppCredentials } from "../../src/wechat/endpoints/jscode2session.ts"
import { stableTokenIssuer } from "../../src/wechat/token-issuer.ts"

/** An instance's source of access_tokens over a store. */
export function openTokenSource(given: {
  readonly store: AppTokenStore
  readonly caller: Caller
  readonly app: AppCredentials
  readonly clock: () => number
}): AccessTokenSource {
  const { store, caller, app, clock } = given
  const random = createRandomBytes()
  const sealer = createSealer(createSecretRing(["5f3a9c1e7b2d4086-a1b2c3d4e5f60718-tokens"]), random)
  const shelf = createAppTokenShelf({ appid: app.appid, store, sealer, clock, random })
  const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
  return createAccessTokenSource({ issuer: stableTokenIssuer(caller, app), clock, random, shelf, pause })
}
