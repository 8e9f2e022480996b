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

/** @throws TypeError that says what to write */
export function settleApps(apps: readonly AppOptions[], simulated: boolean): ReadonlyMap<string, SettledApp> {
  if (!Array.isArray(apps) || apps.length === 0)
    throw new TypeError(
      'apps is empty: write apps: [{ appid: "wx…", secret: "…" }], both from mp.weixin.qq.com → 开发管理',
    )
  const settled = new Map<string, SettledApp>()
  for (const { appid, secret, kind = "mini_program", openPlatform, push } of apps as readonly AppOptions[]) {
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
      openPlatform: settleName(openPlatform ?? "default"),
      push: settlePush(appid, push),
    })
  }
  return settled
}

function settleName(openPlatform: string): string {
  if (typeof openPlatform !== "string" || openPlatform.length === 0 || openPlatform.length > 64)
    throw new TypeError("openPlatform must be a text of 1 to 64 characters")
  return openPlatform
}
