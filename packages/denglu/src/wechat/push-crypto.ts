import { createCipheriv, createDecipheriv, createHash, type KeyObject, timingSafeEqual } from "node:crypto"
import type { SettledPush } from "../push-options.ts"
import type { RandomBytes } from "../random.ts"

/** The signature WeChat makes of a push: SHA-1 of the parts, sorted and joined, in hexadecimal digits. */
export function signPush(parts: readonly string[]): string {
  return createHash("sha1")
    .update([...parts].sort().join(""))
    .digest("hex")
}

/** Whether the presented signature is that of the parts. It takes as long whether or not it is. */
export function isSignature(presented: string, parts: readonly string[]): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(digest(presented), digest(signPush(parts)))
}

/** WeChat pads to whole blocks of 32 bytes, not of AES's 16, which Node's own padding knows. */
const padTo = 32
/** Random bytes in front, then four that say how long the message is. */
const randomLength = 16
const headerLength = randomLength + 4

/** The initial vector is the first half of the key (WeChat's page "消息加解密说明"). */
function initialVector(key: KeyObject): Buffer {
  return key.export().subarray(0, 16)
}

/** Opens what was pushed in the safe mode; `undefined` for whatever was not made with this key for this app. */
export function decryptPush(key: KeyObject, appid: string, encrypted: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encrypted)) return undefined
  const data = Buffer.from(encrypted, "base64")
  if (data.length < padTo || data.length % 16 !== 0) return undefined
  const decipher = createDecipheriv("aes-256-cbc", key, initialVector(key)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(data), decipher.final()])
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > padTo || pad > padded.length - headerLength) return undefined
  if (!padded.subarray(padded.length - pad).every(byte => byte === pad)) return undefined
  const plain = padded.subarray(0, padded.length - pad)
  const end = headerLength + plain.readUInt32BE(randomLength)
  if (end > plain.length || !plain.subarray(end).equals(Buffer.from(appid))) return undefined
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(plain.subarray(headerLength, end))
  } catch {
    return undefined
  }
}

export interface PushReplyParts {
  readonly push: Pick<SettledPush, "token"> & { readonly aesKey: KeyObject }
  readonly appid: string
  readonly message: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly nonce: string
  readonly random: RandomBytes
}

/** An answer other than `success`, as the safe mode wants it. */
export interface PushReply {
  readonly Encrypt: string
  readonly MsgSignature: string
  readonly TimeStamp: number
  readonly Nonce: string
}

/** Encrypts and signs an answer to a push. */
export function encryptPushReply({
  push,
  appid,
  message,
  timestamp,
  nonce,
  random,
}: PushReplyParts): PushReply {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(message))
  const plain = Buffer.concat([random(randomLength), length, Buffer.from(message), Buffer.from(appid)])
  const pad = padTo - (plain.length % padTo)
  const cipher = createCipheriv("aes-256-cbc", push.aesKey, initialVector(push.aesKey)).setAutoPadding(false)
  const encrypted = Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ])
  const Encrypt = encrypted.toString("base64")
  const MsgSignature = signPush([push.token, String(timestamp), nonce, Encrypt])
  return { Encrypt, MsgSignature, TimeStamp: timestamp, Nonce: nonce }
}
