import type { TokenView } from "../protocol.ts"
import type { Masker } from "./masker.ts"
import { maskedValue, secretReason } from "./secrets.ts"

/** An access token as anybody can read it: its signature proves who made it and hides nothing. `null` if it is not one. */
export function viewToken(token: unknown, masker: Masker): TokenView | null {
  if (typeof token !== "string") return null
  const [header, payload, signature, more] = token.split(".")
  if (signature === undefined || more !== undefined) return null
  const readHeader = readPart(header, masker)
  const readPayload = readPart(payload, masker)
  if (readHeader === undefined || readPayload === undefined) return null
  const { iat, exp } = readPayload
  if (typeof iat !== "number" || typeof exp !== "number") return null
  return { header: readHeader, payload: readPayload, issuedAt: iat, expiresAt: exp }
}

/** The token of an `Authorization` header. */
export function bearerOf(headers: Readonly<Record<string, string>>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1]
}

function readPart(part: string | undefined, masker: Masker): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString())
    if (typeof value !== "object" || value === null) return undefined
    return Object.fromEntries(
      Object.entries(value).map(([name, claim]) => [name, shown(name, claim, masker)]),
    )
  } catch {
    return undefined
  }
}

function shown(name: string, claim: unknown, masker: Masker): unknown {
  if (secretReason(name) !== undefined) return maskedValue(name, String(claim))
  if (typeof claim === "number" || typeof claim === "boolean" || claim === null) return claim
  return masker.scrub(typeof claim === "string" ? claim : JSON.stringify(claim))
}
