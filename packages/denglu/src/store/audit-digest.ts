import { hash } from "node:crypto"

/** SHA-256 of the lines with `\n` between them, as base64url: 43 characters. */
export function digestOf(lines: readonly string[]): string {
  return hash("sha256", lines.join("\n"), "base64url")
}

/** The first 96 bits of it: 16 characters. Enough to tell texts apart, not enough to stand for one. */
export function shortDigestOf(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 16)
}
