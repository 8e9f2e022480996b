import { text } from "./option-checks.ts"
import { type PushOptions, type SettledPush, settlePush } from "./push-options.ts"
import type { TokenParameter } from "./wechat/component-request.ts"

/**
 * A third-party platform (第三方平台) at open.weixin.qq.com: mini programs that authorise it log in here without an AppSecret of theirs being
 * known, also those that do so while Denglu runs. Not for those of 定制化型 (tailored development), which nobody authorises.
 */
export interface PlatformOptions {
  /** `wx` and 16 more characters, from open.weixin.qq.com → 管理中心 → 第三方平台. */
  readonly appid: string
  /** AppSecret of the platform, from the same page. */
  readonly secret: string
  /** 消息校验Token and 消息加解密Key, from 开发资料. Its 授权事件接收URL is `/wechat/platform/<appid>`, its 消息与事件接收URL `/wechat/push/$APPID$`. */
  readonly push: PlatformPushOptions
  /**
   * Name of the WeChat open-platform account that its mini programs are bound to, if it is the same for all: they share users by `unionid` then.
   * Default is an account of its own for each, as it is where every tenant has one.
   */
  readonly openPlatform?: string
  /** Mini programs that are known to have authorised it. Others need not be named. */
  readonly apps?: readonly Omit<PlatformAppOptions, "platform">[]
  /**
   * How the platform's token is named in URLs: WeChat's documents don't agree. Default is `component_access_token`, as most of them and all SDKs
   * have it.
   */
  readonly tokenParameter?: TokenParameter
}

export interface PlatformPushOptions extends Omit<PushOptions, "mode"> {
  readonly encodingAesKey: string
}

/** A mini program that logs in through a platform. To name it is needed only for one that authorised the platform before Denglu was there, or to say its {@link openPlatform}. */
export interface PlatformAppOptions {
  readonly appid: string
  /** The appid of one of `platforms`. */
  readonly platform: string
  /** Name of the WeChat open-platform account it is bound to. Default is what the platform says. */
  readonly openPlatform?: string
  readonly secret?: undefined
}

/** A platform with its defaults filled in. */
export interface SettledPlatform {
  readonly appid: string
  readonly secret: string
  readonly push: SettledPush
  readonly openPlatform: string | undefined
  readonly tokenParameter: TokenParameter
}

/** A mini program that is named in the options. */
export interface SettledPlatformApp {
  readonly appid: string
  readonly platform: string
  readonly openPlatform: string | undefined
}

const where = "open.weixin.qq.com → 管理中心 → 第三方平台 → 开发资料"

/** @throws TypeError that names the option and says what to write; never with a secret in it */
export function settlePlatforms(
  platforms: readonly PlatformOptions[],
  simulated: boolean,
): ReadonlyMap<string, SettledPlatform> {
  if (!Array.isArray(platforms)) throw new TypeError("platforms must be a list")
  const settled = new Map<string, SettledPlatform>()
  for (const platform of platforms as readonly PlatformOptions[]) {
    const { appid, secret, push, openPlatform, tokenParameter = "component_access_token" } = platform
    if (!isAppid(appid))
      throw new TypeError(`platforms: appid must be wx and 16 more characters, from ${where}`)
    if (appid.startsWith("wxsim") && !simulated)
      throw new TypeError(`platforms: ${appid} belongs to a simulated WeChat; say wechat.simulator`)
    if (settled.has(appid)) throw new TypeError(`platforms names ${appid} twice`)
    if (typeof secret !== "string" || !/^[0-9a-zA-Z_-]{16,128}$/.test(secret))
      throw new TypeError(`secret of platform ${appid} is missing or not an AppSecret: copy it from ${where}`)
    if (tokenParameter !== "component_access_token" && tokenParameter !== "access_token")
      throw new TypeError(
        `tokenParameter of platform ${appid} must be "component_access_token" or "access_token"`,
      )
    settled.set(appid, {
      appid,
      secret,
      push: settlePlatformPush(appid, push),
      openPlatform: checkOpenPlatform(openPlatform),
      tokenParameter,
    })
  }
  return settled
}

/** The mini programs that are named, in `apps` and in the platforms. @throws TypeError */
export function settlePlatformApps(
  platforms: readonly PlatformOptions[],
  named: readonly PlatformAppOptions[],
): ReadonlyMap<string, SettledPlatformApp> {
  const all = [
    ...named,
    ...platforms.flatMap(({ appid: platform, apps = [] }) => apps.map(app => ({ ...app, platform }))),
  ]
  const settled = new Map<string, SettledPlatformApp>()
  for (const { appid, platform, openPlatform, secret } of all) {
    if (!isAppid(appid)) throw new TypeError("appid is not one of WeChat's: it is wx and 16 more characters")
    if (secret !== undefined)
      throw new TypeError(`app ${appid} has a secret and a platform: say one of them, it logs in by that`)
    if (!platforms.some(known => known.appid === platform))
      throw new TypeError(`app ${appid} names the platform ${platform}, which is not in platforms`)
    if (settled.has(appid)) throw new TypeError(`apps names ${appid} twice`)
    settled.set(appid, { appid, platform, openPlatform: checkOpenPlatform(openPlatform) })
  }
  return settled
}

function settlePlatformPush(appid: string, push: PlatformPushOptions | undefined): SettledPush {
  const settled = settlePush(appid, push === undefined ? undefined : { ...push, mode: "safe" }, where)
  if (settled === undefined)
    throw new TypeError(
      `push of platform ${appid} is missing: write push: { token: "…", encodingAesKey: "…" }, both from ${where}`,
    )
  return settled
}

/** @throws TypeError if it is no name */
export function checkOpenPlatform(openPlatform: string | undefined): string | undefined {
  return openPlatform === undefined ? undefined : text("openPlatform", openPlatform, 64)
}

function isAppid(appid: unknown): appid is string {
  return typeof appid === "string" && /^wx[0-9a-z]{16}$/.test(appid)
}
