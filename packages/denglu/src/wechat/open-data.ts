import { isUtf8 } from "node:buffer"
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
/** Keys that are tried, whether or not there are as many: the current one and the one before. */
const keysTried = 2
const block = 16
/** Stands in for a key that is not there, so that a missing key takes the time of a wrong one. What it opens is never answered. */
const noKey = Buffer.alloc(block).toString("base64")

/**
 * Opens `encryptedData` (AES-128-CBC, PKCS#7; WeChat's page "开放数据校验与解密").
 *
 * The cipher has no MAC, so whoever sends the data can change it without knowing the key, and would learn the key's effects bit by
 * bit from an answer that tells a bad padding from bad JSON. So every failure is one and the same error, all steps are taken whatever
 * an earlier one has found, and nobody's identity may be taken from what comes out: the first 16 bytes are whatever the sender
 * of `iv` likes. How long a failure takes still depends a little on where the JSON ends to be JSON; `failInEvenTime` hides that.
 *
 * @throws DengluError `open_data_invalid`, without any detail
 */
export function decryptOpenData(given: EncryptedOpenData): OpenData {
  const iv = readBase64(given.iv)
  const data = readBase64(given.encryptedData)
  const isWhole = iv.length === block && data.length > 0 && data.length % block === 0
  let found: OpenData | undefined
  for (const { key, isReal } of keysToTry(given.sessionKeys)) {
    const opened = isWhole ? decrypt(key, iv, data) : decrypt(key, Buffer.alloc(block), Buffer.alloc(block))
    const judged = judge(opened, given)
    if (isWhole && isReal) found ??= judged
  }
  if (found === undefined) throw new DengluError("open_data_invalid")
  return found
}

interface TriedKey {
  readonly key: Buffer
  readonly text: string
  readonly isReal: boolean
}

function keysToTry(sessionKeys: readonly string[]): readonly TriedKey[] {
  const count = Math.max(keysTried, sessionKeys.length)
  return Array.from({ length: count }, (_, index) => {
    const text = sessionKeys[index] ?? noKey
    const key = readBase64(text)
    const isReal = sessionKeys[index] !== undefined && key.length === block
    return isReal ? { key, text, isReal } : { key: Buffer.from(noKey, "base64"), text: noKey, isReal }
  })
}

/** A form encoding turns `+` into a space, which base64 doesn't have: so a space was a `+`. Anything that is no base64 is empty. */
function readBase64(text: string): Buffer {
  if (text.length > longest) return Buffer.alloc(0)
  const plus = text.replaceAll(" ", "+")
  const bytes = Buffer.from(plus, "base64")
  return bytes.toString("base64") === plus ? bytes : Buffer.alloc(0)
}

interface Opened {
  readonly text: string
  readonly isPadded: boolean
}

/** The padding is looked at by hand, since Node's error for a bad one costs a time that can be measured. */
function decrypt(key: Buffer, iv: Buffer, data: Buffer): Opened {
  const decipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(data), decipher.final()])
  const padding = paddingOf(plain)
  const bytes = plain.subarray(0, plain.length - padding)
  const isText = isUtf8(bytes)
  return { text: bytes.toString("utf8"), isPadded: padding !== 0 && isText }
}

/** How many bytes PKCS#7 has added, 1 to 16; 0 if it has not. Looks at all of the last block in any case. */
function paddingOf(plain: Buffer): number {
  const count = plain[plain.length - 1] as number
  let wrong = Number(count === 0) | Number(count > block)
  for (let back = 1; back <= block; back += 1)
    wrong |= Number(back <= count) & Number(plain[plain.length - back] !== count)
  return count * (1 - wrong)
}

function judge({ text, isPadded }: Opened, given: EncryptedOpenData): OpenData | undefined {
  const { appid, now, maxAgeMs = 300_000, openid } = given
  const data = parseObject(text)
  const watermark = parseWatermark(data?.watermark)
  const age = now - (watermark?.timestamp ?? 0) * 1000
  const isOurs = watermark?.appid === appid
  const isFresh = age <= maxAgeMs && age >= -aheadAllowed
  const isTheirs = openid === undefined || data?.openId === undefined || data.openId === openid
  const isPlain = data !== undefined && isPhoneOrNone(data) && isProfileOrNone(data)
  const isFine = isPadded && isOurs && isFresh && isTheirs && isPlain
  return isFine && watermark !== undefined ? { ...data, watermark } : undefined
}

/**
 * Data with a phone number has all its fields, and they agree. The sender chooses the first 16 bytes, which are exactly
 * `{"phoneNumber":"`, and so could turn another text of theirs into one that begins like a phone number; but not what comes later.
 */
function isPhoneOrNone({ phoneNumber, purePhoneNumber, countryCode }: Readonly<Record<string, unknown>>) {
  if (phoneNumber === undefined && purePhoneNumber === undefined) return true
  return (
    isNumber(phoneNumber) &&
    isNumber(purePhoneNumber) &&
    phoneNumber.endsWith(purePhoneNumber) &&
    /^\d{1,4}$/.test(String(countryCode))
  )
}

/** What a profile may begin with: `wx.getUserInfo` gives `openId` first, `wx.getUserProfile` gives none. */
const profileFields = new Set(["openId", "nickName", "gender", "language", "city", "province", "country"])

/** A profile begins with a field of a profile: else the sender of `iv` has given its `openId` another name, so that nobody compares it. */
function isProfileOrNone(data: Readonly<Record<string, unknown>>): boolean {
  return data.avatarUrl === undefined || profileFields.has(Object.keys(data)[0] ?? "")
}

function isNumber(value: unknown): value is string {
  return typeof value === "string" && /^\+?[\d -]{4,24}$/.test(value)
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
  for (const { text, isReal } of keysToTry(sessionKeys)) {
    const expected = Buffer.from(
      createHash("sha1")
        .update(rawData + text)
        .digest("hex"),
    )
    const isEqual = given.length === expected.length && timingSafeEqual(given, expected)
    if (isEqual && isReal) fits = true
  }
  return fits
}

/**
 * Reads raw data whose signature fits. It says neither when it was made nor for which app, so an old one can be sent again.
 * @throws DengluError `open_data_invalid`, without any detail
 */
export function readRawData(given: SignedRawData): Readonly<Record<string, unknown>> {
  const fits = verifyRawData(given)
  const data = parseObject(given.rawData)
  if (!fits || data === undefined) throw new DengluError("open_data_invalid")
  return data
}

/**
 * The signature by which a server proves to WeChat that it has a person's `session_key`: HMAC-SHA256 in hexadecimal. The key is the base64
 * text itself, not the 16 bytes it stands for (WeChat's page "用户登录态签名").
 */
export function signWithSessionKey(sessionKey: string, message: string): string {
  return createHmac("sha256", sessionKey).update(message).digest("hex")
}
