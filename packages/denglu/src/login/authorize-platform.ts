import { createHash } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import type { SettledPlatform } from "../platform-options.ts"
import { newId } from "../random.ts"
import { refreshTokenBinding } from "../session/sealer.ts"
import type { AuthorizerRecord, PlatformAudit } from "../store/platform-store.ts"
import { apiCreatePreauthcode } from "../wechat/endpoints/api-create-preauthcode.ts"
import { apiGetAuthorizerInfo } from "../wechat/endpoints/api-get-authorizer-info.ts"
import { type AuthorizationInfo, apiQueryAuth } from "../wechat/endpoints/api-query-auth.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import type { FlowContext } from "./flows.ts"

/** A mini program that has authorised a platform. */
export interface Authorizer {
  readonly platformAppid: string
  readonly appid: string
  /** Name of the open-platform account within which its unionids mean the same person. */
  readonly openPlatform: string
  /** Milliseconds since 1970. */
  readonly authorizedAt: number
  /** Milliseconds since 1970; `null` while the authorisation stands. */
  readonly revokedAt: number | null
}

export interface AuthorizationPage {
  /** Where the administrator comes back to with `auth_code` and `expires_in`: under the 授权发起页域名 of the platform. */
  readonly redirectUri: string
  /** Which accounts the page offers: 1 official accounts, 2 mini programs, 3 both. Default is 2. */
  readonly authType?: 1 | 2 | 3
  /** The mini program that shall authorise, if it may be no other. */
  readonly bizAppid?: string
  /**
   * Address of the page. Default is `https://mp.weixin.qq.com/cgi-bin/componentloginpage`, to be scanned from a computer's screen. The one for WeChat's own browser has moved
   * before, so look it up: parameters that are in it stay.
   */
  readonly page?: string
}

export interface Authorization {
  readonly platform: SettledPlatform
  /** What the page handed on, or the push. */
  readonly code: string
  /** The mini program, where it is known: its refresh token can be asked for then if the code was used by somebody who died. */
  readonly appid?: string
  /** Instead of what it was, or the platform's. */
  readonly openPlatform?: string | undefined
  /** When, by WeChat's clock. */
  readonly at: number
  readonly actor: PlatformAudit["actor"]
  readonly requestId: string
}

const authorizationPage = "https://mp.weixin.qq.com/cgi-bin/componentloginpage"
/** How long (ms) one waits for another to keep what a code brought. */
const patience = 1_000
const lookEvery = 100

/** The address of the page where an administrator authorises the platform, once: it holds a code of WeChat's. @throws DengluError */
export async function authorizationUrl(
  { platforms }: FlowContext,
  platform: SettledPlatform,
  { redirectUri, authType = 2, bizAppid, page = authorizationPage }: AuthorizationPage,
): Promise<string> {
  if (!URL.canParse(redirectUri) || !/^https?:$/.test(new URL(redirectUri).protocol))
    throw new TypeError("redirectUri must be the address of a page of yours")
  const url = new URL(page)
  const { code } = await platforms
    .componentToken(platform)
    .withToken(token => apiCreatePreauthcode(platforms.wechat, platform, token))
  url.searchParams.set("component_appid", platform.appid)
  url.searchParams.set("pre_auth_code", code)
  url.searchParams.set("redirect_uri", redirectUri)
  url.searchParams.set("auth_type", String(authType))
  if (bizAppid !== undefined) url.searchParams.set("biz_appid", bizAppid)
  return url.href
}

/**
 * Trades an authorisation code and keeps what it brings. The code comes twice, by the page and by a push, maybe to two instances at once: who comes second finds
 * what the first has kept. If the first died with WeChat's answer in hand, the refresh token is asked for.
 *
 * The event `platform.authorized` is emitted by who keeps it.
 *
 * @throws WeChatError 61009, 61010 for the code
 */
export async function authorizePlatform(
  flow: FlowContext,
  authorization: Authorization,
): Promise<Authorizer> {
  const { platforms, store } = flow
  const { platform, code } = authorization
  const codeDigest = createHash("sha256")
    .update(JSON.stringify([platform.appid, code]))
    .digest("base64url")
  const find = () => store.findAuthorizerByCode(platform.appid, codeDigest)
  const kept = await find()
  if (kept !== undefined) return readAuthorizer(kept)
  let info: AuthorizationInfo
  try {
    info = await platforms
      .componentToken(platform)
      .withToken(token => apiQueryAuth(platforms.wechat, platform, token, code))
  } catch (error) {
    if (!(error instanceof WeChatError && (error.errcode === 61009 || error.errcode === 61010))) throw error
    const another = await waitFor(find)
    if (another !== undefined) return readAuthorizer(another)
    if (authorization.appid === undefined) throw error
    info = await askAgain(flow, platform, authorization.appid)
  }
  return keepAuthorization(flow, authorization, info, codeDigest)
}

/**
 * Takes over a mini program that authorised the platform without Denglu having heard of it. Its refresh token is asked for.
 *
 * @throws WeChatError 61003 if it has not authorised the platform
 */
export async function adoptAuthorizer(
  flow: FlowContext,
  adoption: Omit<Authorization, "code"> & { readonly appid: string },
): Promise<Authorizer> {
  const info = await askAgain(flow, adoption.platform, adoption.appid)
  return keepAuthorization(flow, adoption, info, null)
}

/** Every mini program that has authorised the platform, also those that no longer do, by appid. @throws DengluError `store_unavailable` */
export async function listAuthorizers(
  { store }: FlowContext,
  platform: SettledPlatform,
): Promise<Authorizer[]> {
  return (await store.listAuthorizers(platform.appid)).map(readAuthorizer)
}

function askAgain(
  { platforms }: FlowContext,
  platform: SettledPlatform,
  appid: string,
): Promise<AuthorizationInfo> {
  return platforms
    .componentToken(platform)
    .withToken(token => apiGetAuthorizerInfo(platforms.wechat, platform, token, appid))
}

async function keepAuthorization(
  { store, sealer, clock, random, options, platforms, events }: FlowContext,
  { platform, openPlatform, at, actor, requestId }: Omit<Authorization, "code">,
  { appid, refreshToken }: AuthorizationInfo,
  codeDigest: string | null,
): Promise<Authorizer> {
  const { isChanged, authorizer } = await store.keepAuthorizer({
    platformAppid: platform.appid,
    appid,
    sealedRefreshToken:
      refreshToken === undefined
        ? null
        : sealer.seal(refreshTokenBinding(platform.appid, appid), refreshToken),
    openPlatform,
    defaultOpenPlatform: options.platformApps.get(appid)?.openPlatform ?? platform.openPlatform ?? appid,
    codeDigest,
    authorizedAt: at,
    audit: { id: newId(random), at: clock(), actor },
  })
  if (isChanged) {
    platforms.forget(appid)
    events.emit("platform.authorized", { platformAppid: platform.appid, appid, requestId })
  }
  return readAuthorizer(authorizer)
}

async function waitFor(
  find: () => Promise<AuthorizerRecord | undefined>,
): Promise<AuthorizerRecord | undefined> {
  for (let waited = 0; ; waited += lookEvery) {
    const found = await find()
    if (found !== undefined || waited >= patience) return found
    await setTimeout(lookEvery)
  }
}

function readAuthorizer({ sealedRefreshToken: _, ...authorizer }: AuthorizerRecord): Authorizer {
  return authorizer
}
