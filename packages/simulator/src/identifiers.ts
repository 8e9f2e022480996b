import { createHash, randomBytes } from "node:crypto"

/**
 * An openid or unionid: 28 characters, `o` and 27 more. Derived, so that one person stays the same over restarts.
 */
export function derivedId(...parts: readonly string[]): string {
  return `o${createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 27)}`
}

/** A key as WeChat hands it out: base64 of 16 bytes, 24 characters. */
export function newSessionKey(): string {
  return randomBytes(16).toString("base64")
}

const alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

function alphanumericText(length: number): string {
  // 248 is the largest multiple of 62 in a byte: what lies above would favour the first characters.
  const bytes = [...randomBytes(length * 2)].filter(byte => byte < 248).slice(0, length)
  return bytes
    .map(byte => alphanumeric[byte % 62])
    .join("")
    .padEnd(length, "0")
}

/** A code of `wx.login()`: 32 letters and digits, the first a `0`, as all that were ever seen. */
export function newLoginCode(): string {
  return `0${alphanumericText(31)}`
}

/** A code of `getPhoneNumber`: 64 hexadecimal digits. */
export function newPhoneCode(): string {
  return randomBytes(32).toString("hex")
}

/** An access_token: `NN_` and base64url-like text. */
export function newAccessToken(): string {
  return `74_${randomBytes(96).toString("base64url")}`
}

/** A token of a web page's login: `NN_` and base64url-like text, shorter than those of server calls. */
export function newOauthToken(): string {
  return `74_${randomBytes(64).toString("base64url")}`
}

/** A platform's secret text, named by its kind as WeChat does it: `ticket@@@`, `preauthcode@@@`, `queryauthcode@@@`, `refreshtoken@@@`. */
export function newPlatformText(kind: "ticket" | "preauthcode" | "queryauthcode" | "refreshtoken"): string {
  return `${kind}@@@${randomBytes(32).toString("base64url")}`
}

/** An EncodingAESKey: 43 letters and digits. */
export function newEncodingAesKey(): string {
  return alphanumericText(43)
}

/** The nonce of a push: nine digits, as in WeChat's samples. */
export function newNonce(): string {
  return String(100_000_000 + (randomBytes(4).readUInt32BE() % 900_000_000))
}

/** 16 bytes to begin an encryption with. */
export function newIv(): Buffer {
  return randomBytes(16)
}

/** The key of the user key channel: base64 of 16 bytes; and its iv: 16 characters. */
export function newEncryptKey(): { readonly encryptKey: string; readonly iv: string } {
  return { encryptKey: randomBytes(16).toString("base64"), iv: alphanumericText(16) }
}

/** An AppSecret: 32 hexadecimal digits. */
export function newAppSecret(): string {
  return randomBytes(16).toString("hex")
}

/** A phone number nobody has: mainland numbers never begin with 100. */
export function derivedPhone(name: string): string {
  const digits = createHash("sha256").update(name).digest().readUIntBE(0, 6) % 100_000_000
  return `100${String(digits).padStart(8, "0")}`
}

/** `rid: 652d44d0-1d0af18b-5b069232`: three times eight hexadecimal digits, the first group the time in seconds. */
export function newRid(now: number): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, "0")
  const rest = randomBytes(8).toString("hex")
  return `${seconds}-${rest.slice(0, 8)}-${rest.slice(8)}`
}

/** `hint: [qKhDWV0sf-0s77ta]` */
export function newHint(): string {
  return `${alphanumericText(9)}-${alphanumericText(6).toLowerCase()}`
}
