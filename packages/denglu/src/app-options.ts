import {
  checkOpenPlatform,
  type PlatformAppOptions,
  type PlatformOptions,
  type SettledPlatformApp,
  settlePlatformApps,
} from "./platform-options.ts"
import { type PushOptions, type SettledPush, settlePush } from "./push-options.ts"

export interface AppOptions {
  /** `wx` and 16 hexadecimal digits, from mp.weixin.qq.com → 开发管理; a website's from open.weixin.qq.com. */
  readonly appid: string
  /** AppSecret, 32 hexadecimal digits, from the same page. */
  readonly secret: string
  /**
   * What it is to WeChat: it decides how its codes are exchanged. `website` (网站应用) logs in by a QR code, `official_account` (服务号) on its
   * pages inside WeChat; both bring no `session_key`. Default is `"mini_program"`.
   */
  readonly kind?: AppKind
  /**
   * Name of the WeChat open-platform account the app is bound to. Apps with the same name share users by `unionid`. Default is `"default"`.
   */
  readonly openPlatform?: string
  /** WeChat's message push to `/wechat/push/<appid>`. Default is none: the path is a 404. */
  readonly push?: PushOptions
}

export type AppKind = "mini_program" | "website" | "official_account"

/** An app with its defaults filled in. */
export interface SettledApp extends Required<Omit<AppOptions, "push">> {
  readonly push: SettledPush | undefined
}

const appKinds: readonly AppKind[] = ["mini_program", "website", "official_account"]

/** The apps, and those of them that log in through a platform. */
export interface SettledApps {
  readonly apps: ReadonlyMap<string, SettledApp>
  readonly platformApps: ReadonlyMap<string, SettledPlatformApp>
}

/** @throws TypeError that names the option and says what to write */
export function settleApps(
  apps: readonly (AppOptions | PlatformAppOptions)[],
  platforms: readonly PlatformOptions[],
  simulated: boolean,
): SettledApps {
  if (!Array.isArray(apps) || (apps.length === 0 && platforms.length === 0))
    throw new TypeError(
      'apps is empty: write apps: [{ appid: "wx…", secret: "…" }], both from mp.weixin.qq.com → 开发管理',
    )
  const through = (app: AppOptions | PlatformAppOptions) => "platform" in app && app.platform !== undefined
  const own = settleOwnApps(apps.filter(app => !through(app)) as readonly AppOptions[], simulated)
  const platformApps = settlePlatformApps(platforms, apps.filter(through) as readonly PlatformAppOptions[])
  for (const appid of own.keys())
    if (platformApps.has(appid)) throw new TypeError(`apps names ${appid} twice`)
  return { apps: own, platformApps }
}

function settleOwnApps(apps: readonly AppOptions[], simulated: boolean): ReadonlyMap<string, SettledApp> {
  const settled = new Map<string, SettledApp>()
  for (const { appid, secret, kind = "mini_program", openPlatform, push } of apps) {
    if (typeof appid !== "string" || !/^wx[0-9a-z]{16}$/.test(appid))
      throw new TypeError(
        "appid is not one of WeChat's: it is wx and 16 more characters, from mp.weixin.qq.com → 开发管理",
      )
    if (appid.startsWith("wxsim") && !simulated)
      throw new TypeError(
        `appid ${appid} belongs to a simulated WeChat; say wechat.simulator, or use a real appid`,
      )
    if (typeof secret !== "string" || !/^[0-9a-zA-Z_-]{16,128}$/.test(secret))
      throw new TypeError(
        `secret of app ${appid} is missing or not an AppSecret: copy it from mp.weixin.qq.com → 开发管理`,
      )
    if (settled.has(appid)) throw new TypeError(`apps names ${appid} twice`)
    if (!appKinds.includes(kind))
      throw new TypeError(
        `kind of app ${appid} is none of ${appKinds.join(", ")}: leave it out for a mini program`,
      )
    settled.set(appid, {
      appid,
      secret,
      kind,
      openPlatform: checkOpenPlatform(openPlatform) ?? "default",
      push: settlePush(appid, push),
    })
  }
  return settled
}
