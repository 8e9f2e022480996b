import type { PushOutcome, PushTarget } from "../push/push.ts"

/** A third-party platform (第三方平台) as open.weixin.qq.com has it. */
export interface PlatformSettings {
  /** `wxsim` and 13 more of `0-9a-z`. Default is `wxsimplatform00001` and so on. */
  readonly appid?: string
  /** 32 hexadecimal digits. Default is made on the fly. */
  readonly secret?: string
  /** 消息校验Token: 3 to 32 letters and digits. Default is `platformtoken`. */
  readonly token?: string
  /** 消息加解密Key: 43 letters and digits. Default is made on the fly. */
  readonly encodingAesKey?: string
  /** 授权事件接收URL, on this machine: `http://127.0.0.1:3000/wechat/platform/<appid>`. Without it nothing is pushed. */
  readonly url?: string
  /** Whether every refresh brings another `authorizer_refresh_token` and ends the one before. The documents don't say; default is false. */
  readonly rotateRefreshTokens?: boolean
}

export interface Platform extends Required<Omit<PlatformSettings, "url">> {
  readonly url: string | null
}

/** Which platform is meant: it may be left out where the first one is. */
export interface PlatformName {
  readonly platform?: string
  /** How long (ms) WeChat waits for an answer to what it pushes. Default is 5,000. */
  readonly waitMs?: number
  /** How long (ms) from one try to the next, at least. Default is `waitMs`. */
  readonly pauseMs?: number
}

/** What an administrator of a mini program does on the authorisation page. */
export interface AuthorizeSettings extends PlatformName {
  /** The mini program. */
  readonly appid: string
  /** That of the page's address. Left out, the page is taken to have had a good one. */
  readonly preAuthCode?: string
  /** Whether WeChat tells the platform by a push. Default is true. */
  readonly push?: boolean
}

/** A message that WeChat pushes to a platform; `undefined` where it has no address to push to. */
export type PlatformPush = Promise<PushOutcome | undefined>

export interface Authorized {
  /** What the page hands to the platform's `redirect_uri` as `auth_code`. */
  readonly authorizationCode: string
  /** Seconds. */
  readonly expiresIn: number
  /** Resolves when the push is delivered or given up. */
  readonly pushed: PlatformPush
}

/** What is kept of a mini program's authorisation. */
export interface Authorization {
  readonly appid: string
  /** Milliseconds since 1970. */
  readonly authorizedAt: number
}

/** How a platform's pushes go: always encrypted XML. */
export function targetOf({ url, token, encodingAesKey }: Platform): PushTarget | undefined {
  return url === null ? undefined : { url, token, encodingAesKey, format: "xml" }
}
