import { createCipheriv, createHash } from "node:crypto"
import { newIv, newNonce } from "../identifiers.ts"
import type { PushTarget } from "./push.ts"

/** A push as it goes over the wire. */
export interface SignedPush {
  readonly url: URL
  readonly body: string
  readonly contentType: string
}

export interface PushContent {
  readonly appid: string
  readonly fields: Readonly<Record<string, string | number>>
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** Signs a push, and encrypts it in the safe mode, each time anew: another nonce, other random bytes. */
export function signPush(target: PushTarget, { appid, fields, timestamp }: PushContent): SignedPush {
  const { token, encodingAesKey, format = "json" } = target
  const nonce = newNonce()
  const write = format === "xml" ? toXml : JSON.stringify
  const url = new URL(target.url)
  const sign = (...parts: string[]) => createHash("sha1").update(parts.sort().join("")).digest("hex")
  url.searchParams.set("signature", sign(token, String(timestamp), nonce))
  url.searchParams.set("timestamp", String(timestamp))
  url.searchParams.set("nonce", nonce)
  let body = write(fields)
  if (encodingAesKey !== undefined) {
    const encrypted = encrypt(Buffer.from(`${encodingAesKey}=`, "base64"), body, appid)
    url.searchParams.set("encrypt_type", "aes")
    url.searchParams.set("msg_signature", sign(token, String(timestamp), nonce, encrypted))
    // Beside what is encrypted stands whom it is for; in what a platform gets, the platform.
    const receiver = fields.ToUserName === undefined ? { AppId: appid } : { ToUserName: fields.ToUserName }
    body = write({ ...receiver, Encrypt: encrypted })
  }
  // The real one has sent JSON under this name too.
  return { url, body, contentType: "text/xml" }
}

/** 16 random bytes, the length, the message, the appid, filled up to a multiple of 32; AES-256-CBC from the first half of the key. */
function encrypt(key: Buffer, message: string, appid: string): string {
  const text = Buffer.from(message, "utf8")
  const head = Buffer.concat([newIv(), Buffer.alloc(4)])
  head.writeUInt32BE(text.byteLength, 16)
  const content = Buffer.concat([head, text, Buffer.from(appid, "utf8")])
  const missing = 32 - (content.byteLength % 32)
  const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16))
  cipher.setAutoPadding(false)
  const filled = Buffer.concat([content, Buffer.alloc(missing, missing)])
  return Buffer.concat([cipher.update(filled), cipher.final()]).toString("base64")
}

function toXml(fields: Readonly<Record<string, string | number>>): string {
  const elements = Object.entries(fields).map(([name, value]) =>
    typeof value === "number"
      ? `<${name}>${value}</${name}>`
      : `<${name}><![CDATA[${value.replaceAll("]]>", "]]]]><![CDATA[>")}]]></${name}>`,
  )
  return `<xml>${elements.join("\n")}</xml>`
}
