import { createCipheriv, createDecipheriv, createHmac } from "node:crypto"
import type { RandomBytes } from "../random.ts"
import type { DerivedKeys, SecretRing } from "./secret-ring.ts"

/** Seals what must not lie readable in a database: session keys, private signing keys. AES-256-GCM. */
export interface Sealer {
  /** The text sealed under the first secret and bound to its row: it opens only with the same `binding`. */
  seal(binding: string, text: string): string
  /**
   * Opens what {@link seal} made, under whichever secret of the ring made it.
   * @throws Error if the secret is no longer in the ring, the binding differs, or a bit was changed.
   */
  open(binding: string, sealed: string): string
  /** Whether it was sealed under the first secret, and not under one that is on its way out. */
  isFresh(sealed: string): boolean
  /** A keyed hash: equal for equal texts under one secret. 22 characters. */
  fingerprint(text: string): string
  /** What {@link fingerprint} makes of a text under each secret of the ring, the first one's first. */
  fingerprints(text: string): readonly string[]
}

const version = 1
const headerLength = 5
const nonceLength = 12
const tagLength = 16

/** base64url of: version (1 byte), id of the secret (4), nonce (12), ciphertext, tag (16). */
export function createSealer(ring: SecretRing, random: RandomBytes): Sealer {
  const header = Buffer.from([version, ...ring.first.id])
  return {
    seal(binding, text) {
      const nonce = random(nonceLength)
      const cipher = createCipheriv("aes-256-gcm", ring.first.sealing, nonce)
      cipher.setAAD(Buffer.from(binding))
      const body = cipher.update(text, "utf8")
      cipher.final()
      return Buffer.concat([header, nonce, body, cipher.getAuthTag()]).toString("base64url")
    },
    open(binding, sealed) {
      const bytes = Buffer.from(sealed, "base64url")
      if (bytes.length < headerLength + nonceLength + tagLength || bytes[0] !== version)
        throw new Error("not a sealed text of this version")
      const id = bytes.subarray(1, headerLength)
      const keys = ring.all.find(candidate => candidate.id.equals(id))
      if (keys === undefined)
        throw new Error(
          "sealed under a secret that is not in the list any more: put the old secret back behind the new one",
        )
      const body = bytes.subarray(headerLength + nonceLength, bytes.length - tagLength)
      const decipher = createDecipheriv(
        "aes-256-gcm",
        keys.sealing,
        bytes.subarray(headerLength, headerLength + nonceLength),
        { authTagLength: tagLength },
      )
      decipher.setAAD(Buffer.from(binding))
      decipher.setAuthTag(bytes.subarray(bytes.length - tagLength))
      return decipher.update(body, undefined, "utf8") + decipher.final("utf8")
    },
    isFresh: sealed => Buffer.from(sealed, "base64url").subarray(0, headerLength).equals(header),
    fingerprint: text => fingerprintUnder(ring.first, text),
    fingerprints: text => ring.all.map(keys => fingerprintUnder(keys, text)),
  }
}

function fingerprintUnder({ fingerprints }: DerivedKeys, text: string): string {
  return createHmac("sha256", fingerprints).update(text).digest().toString("base64url", 0, 16)
}

/** What an identity's `session_key` is bound to. */
export function sessionKeyBinding(appid: string, openid: string): string {
  return JSON.stringify(["session_key", appid, openid])
}

/** What a private signing key is bound to. */
export function signingKeyBinding(kid: string): string {
  return JSON.stringify(["signing_key", kid])
}

/** What a platform's `component_verify_ticket` is bound to. */
export function platformTicketBinding(platformAppid: string): string {
  return JSON.stringify(["component_verify_ticket", platformAppid])
}

/** What the refresh token of a mini program that has authorised a platform is bound to. */
export function refreshTokenBinding(platformAppid: string, appid: string): string {
  return JSON.stringify(["authorizer_refresh_token", platformAppid, appid])
}
