import { createDecipheriv, createHash, createHmac, timingSafeEqual } from "node:crypto"
import { DengluError } from "../errors.ts"

/** What was in `encryptedData`. Which fields there are depends on the API it came from; all are camelCase. */
export interface OpenData extends Readonly<Record<string, unknown>> {
  readonly watermark: {
    /** Seconds since 1970 at which WeChat made the data. */
    readonly timestamp: number
    readonly appid: string
  }
}

export interface EncryptedOpenData {
  readonly appid: string
  /** The `session_key` now and the one before, base64: the data may have been made just before a key change. */
  readonly sessionKeys: readonly string[]
  readonly encryptedData: string
  readonly iv: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** How old (ms) the data may be. Default is 300,000 (5 minutes). */
  readonly maxAgeMs?: number
  /** The session's openid. Data that names another person is refused. */
  readonly openid?: string
}

/** The longest `encryptedData` that is looked at, in characters. */
const longest = 16_384
/** How far (ms) WeChat's clock may be ahead of ours. */
const aheadAllowed = 60_000
const base64Form = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * Opens `encryptedData` (AES-128-CBC, PKCS#7; WeChat's page "开放数据校验与解密").
 *
 * The cipher has no MAC, so whoever sends the data can change it without knowing the key, and would learn the key's effects bit by
 * bit from an answer that tells a bad padding from bad JSON. So every failure is one and the same error, every key is tried whether or
 * not an earlier one fit, and nobody's identity may be taken from what comes out.
 *
 * @throws DengluError `open_data_invalid`, without any detail
 */
export function decryptOpenData(given: EncryptedOpenData): OpenData {
  const iv = readBase64(given.iv)
  const data = readBase64(given.encryptedData)
  let found: OpenData | undefined
  for (const sessionKey of given.sessionKeys) {
    const opened = judge(decrypt(readBase64(sessionKey), iv, data), given)
    found ??= opened
  }
  if (found === undefined) throw new DengluError("open_data_invalid")
  return found
}

/** A form encoding turns `+` into a space, which base64 doesn't have: so a space was a `+`. */
function readBase64(text: string): Buffer {
  const plus = text.length <= longest ? text.replaceAll(" ", "+") : ""
  return base64Form.test(plus) ? Buffer.from(plus, "base64") : Buffer.alloc(0)
}

function decrypt(key: Buffer, iv: Buffer, data: Buffer): string | undefined {
  if (key.length !== 16 || iv.length !== 16 || data.length === 0 || data.length % 16 !== 0) return undefined
  try {
    const decipher = createDecipheriv("aes-128-cbc", key, iv)
    const plain = Buffer.concat([decipher.update(data), decipher.final()])
    return new TextDecoder("utf-8", { fatal: true }).decode(plain)
  } catch {
    return undefined
  }
}

function judge(plain: string | undefined, given: EncryptedOpenData): OpenData | undefined {
  const { appid, now, maxAgeMs = 300_000, openid } = given
  const data = parseObject(plain ?? "")
  const watermark = parseWatermark(data?.watermark)
  if (data === undefined || watermark === undefined) return undefined
  const age = now - watermark.timestamp * 1000
  const isOurs = watermark.appid === appid
  const isFresh = age <= maxAgeMs && age >= -aheadAllowed
  const isTheirs = openid === undefined || data.openId === undefined || data.openId === openid
  return isOurs && isFresh && isTheirs ? { ...data, watermark } : undefined
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function parseWatermark(value: unknown): OpenData["watermark"] | undefined {
  if (!isObject(value)) return undefined
  const { timestamp, appid } = value
  if (typeof timestamp !== "number" || !Number.isSafeInteger(timestamp) || typeof appid !== "string")
    return undefined
  return { timestamp, appid }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export interface SignedRawData {
  /** Byte by byte as the mini program got it. */
  readonly rawData: string
  /** Hexadecimal. */
  readonly signature: string
  readonly sessionKeys: readonly string[]
}

/** Whether `signature` is sha1 of `rawData` and one of the keys (WeChat's page "数据签名校验"). The key counts as its base64 text. */
export function verifyRawData({ rawData, signature, sessionKeys }: SignedRawData): boolean {
  const given = Buffer.from(signature.toLowerCase().slice(0, 64))
  let fits = false
  for (const sessionKey of sessionKeys) {
    const expected = Buffer.from(
      createHash("sha1")
        .update(rawData + sessionKey)
        .digest("hex"),
    )
    if (given.length === expected.length && timingSafeEqual(given, expected)) fits = true
  }
  return fits
}

/**
 * The signature by which a server proves to WeChat that it has a person's `session_key`: HMAC-SHA256 in hexadecimal. The key is the base64
 * text itself, not the 16 bytes it stands for (WeChat's page "用户登录态签名").
 */
export function signWithSessionKey(sessionKey: string, message: string): string {
  return createHmac("sha256", sessionKey).update(message).digest("hex")
}
