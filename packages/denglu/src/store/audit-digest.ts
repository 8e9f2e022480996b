import { createHash } from "node:crypto"

/** SHA-256 of the lines with `\n` between them, as base64url: 43 characters. */
export function digestOf(lines: readonly string[]): string {
  return createHash("sha256").update(lines.join("\n")).digest("base64url")
}

/** The first 96 bits of it: 16 characters. Enough to tell texts apart, not enough to stand for one. */
export function shortDigestOf(text: string): string {
  return digestOf([text]).slice(0, 16)
}
