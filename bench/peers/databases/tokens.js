import { createHash, randomBytes } from "node:crypto"

/** An opaque token, and the hash of it that is stored: the cheapest sound way, cheaper than a signed one. */
export function newToken() {
  const token = randomBytes(32).toString("base64url")
  return { token, hash: createHash("sha256").update(token).digest("hex") }
}

export const month = 2_592_000_000
