import { DengluError } from "../errors.ts"
import { newId } from "../random.ts"
import { refreshTokenBinding } from "../session/sealer.ts"
import type { AuthorizerRecord } from "../store/platform-store.ts"
import type { AccessTokenSource } from "../wechat/access-token.ts"
import { apiAuthorizerToken } from "../wechat/endpoints/api-authorizer-token.ts"
import { apiGetAuthorizerInfo } from "../wechat/endpoints/api-get-authorizer-info.ts"
import type { TokenIssuer } from "../wechat/token-issuer.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import { type PlatformApp, type PlatformParts, skewAllowed } from "./platforms.ts"

interface KnownToken {
  readonly refreshToken: string
  /** As it lies in the store; `null` if it doesn't. */
  readonly sealed: string | null
}

/**
 * The access_token of a mini program that has authorised a platform, for its refresh token. Where that is unknown, or WeChat no longer takes it (61023: another
 * system has renewed it, or an answer was lost), the present one is asked for. Whatever refresh token is the newest is kept before the
 * access_token is used; nothing overwrites one of a newer authorisation.
 */
export function authorizerTokenIssuer(
  parts: PlatformParts & { readonly componentToken: AccessTokenSource },
  { appid, platform, openPlatform }: PlatformApp,
): TokenIssuer {
  const { store, sealer, wechat, clock, random, componentToken } = parts
  const binding = refreshTokenBinding(platform.appid, appid)

  async function known(): Promise<KnownToken | undefined> {
    const kept = (await store.findAuthorizers(appid)).find(found => found.platformAppid === platform.appid)
    if (kept?.revokedAt != null)
      throw new DengluError("app_unauthorized", { message: `${appid} no longer authorises the platform` })
    return kept === undefined ? undefined : open(kept)
  }

  function open({ sealedRefreshToken: sealed }: AuthorizerRecord): KnownToken | undefined {
    if (sealed === null) return undefined
    try {
      return { refreshToken: sealer.open(binding, sealed), sealed }
    } catch {
      return undefined
    }
  }

  /** Asks WeChat for the present refresh token. */
  async function ask(): Promise<KnownToken> {
    const info = await componentToken.withToken(token => apiGetAuthorizerInfo(wechat, platform, token, appid))
    if (info.refreshToken === undefined)
      throw new DengluError("app_unauthorized", { message: `${appid} has granted no API to the platform` })
    return { refreshToken: info.refreshToken, sealed: null }
  }

  async function keep(before: KnownToken | undefined, refreshToken: string): Promise<void> {
    const sealed = before?.sealed ?? null
    if (before?.refreshToken === refreshToken && sealed !== null && sealer.isFresh(sealed)) return
    const next = sealer.seal(binding, refreshToken)
    if (sealed !== null) {
      await store.replaceRefreshToken(platform.appid, appid, sealed, next)
      return
    }
    await store.keepAuthorizer({
      platformAppid: platform.appid,
      appid,
      sealedRefreshToken: next,
      openPlatform: undefined,
      defaultOpenPlatform: openPlatform,
      codeDigest: null,
      authorizedAt: clock() - skewAllowed,
      audit: { id: newId(random), at: clock(), actor: "wechat" },
    })
  }

  return {
    endpoint: "api_authorizer_token",
    answers: "new",
    renewBefore: 600_000,
    renewSpread: 60_000,
    async fetch() {
      const before = await known()
      const refresh = (refreshToken: string) =>
        componentToken.withToken(token =>
          apiAuthorizerToken(wechat, platform, token, { appid, refreshToken }),
        )
      const current = before ?? (await ask())
      let answer: Awaited<ReturnType<typeof refresh>>
      try {
        answer = await refresh(current.refreshToken)
      } catch (error) {
        if (before === undefined || !(error instanceof WeChatError && error.errcode === 61023)) throw error
        answer = await refresh((await ask()).refreshToken)
      }
      await keep(before, answer.refreshToken)
      return answer
    },
  }
}
