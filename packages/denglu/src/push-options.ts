import { createSecretKey, type KeyObject } from "node:crypto"

/** WeChat's message push (消息推送) for one app; the same values as at mp.weixin.qq.com → 开发管理 → 消息推送. */
export interface PushOptions {
  /** Token: 3 to 32 letters and digits. */
  readonly token: string
  /** EncodingAESKey: 43 letters and digits. Needed in the mode `safe`. */
  readonly encodingAesKey?: string
  /**
   * `safe` (安全模式, also good for 兼容模式): only what is encrypted is taken. `plain` (明文模式): the signature does not cover the
   * message, so whoever reads one URL of a push, in a log say, can forge others until {@link maxAge} is over. Default is `safe` with an `encodingAesKey`,
   * else `plain`.
   */
  readonly mode?: "plain" | "safe"
  /** How far a push's timestamp may be from now, in seconds, 10 to 3,600. Default is 300. */
  readonly maxAge?: number
}

/** The options of a push, checked. */
export interface SettledPush {
  readonly token: string
  readonly aesKey: KeyObject | undefined
  readonly mode: "plain" | "safe"
  /** Milliseconds. */
  readonly maxAgeMs: number
}

/**
 * @param where the page that the values are from
 * @throws TypeError that names the option and says what to write; never with a value in it
 */
export function settlePush(
  appid: string,
  options: PushOptions | undefined,
  where = "mp.weixin.qq.com → 开发管理 → 消息推送",
): SettledPush | undefined {
  if (options === undefined) return undefined
  const {
    token,
    encodingAesKey,
    mode = encodingAesKey === undefined ? "plain" : "safe",
    maxAge = 300,
  } = options
  if (typeof token !== "string" || !/^[0-9A-Za-z]{3,32}$/.test(token))
    throw new TypeError(
      `push.token of app ${appid} must be 3 to 32 letters and digits: the Token from ${where}`,
    )
  if (encodingAesKey !== undefined && !isAesKey(encodingAesKey))
    throw new TypeError(
      `push.encodingAesKey of app ${appid} must be 43 letters and digits: the EncodingAESKey from ${where}`,
    )
  if (mode !== "plain" && mode !== "safe")
    throw new TypeError(`push.mode of app ${appid} must be "safe" or "plain"`)
  if (mode === "safe" && encodingAesKey === undefined)
    throw new TypeError(
      `push.encodingAesKey of app ${appid} is missing: the mode "safe" needs it, see ${where}`,
    )
  if (!Number.isSafeInteger(maxAge) || maxAge < 10 || maxAge > 3_600)
    throw new TypeError(`push.maxAge of app ${appid} must be a whole number from 10 to 3600, in seconds`)
  return {
    token,
    aesKey: encodingAesKey === undefined ? undefined : createSecretKey(`${encodingAesKey}=`, "base64"),
    mode,
    maxAgeMs: maxAge * 1000,
  }
}

function isAesKey(value: unknown): boolean {
  return typeof value === "string" && /^[0-9A-Za-z]{43}$/.test(value)
}
