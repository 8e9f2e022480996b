/** As many as a call may have arguments everywhere. */
const atOnce = 8_192

export function toBase64(bytes: Uint8Array): string {
  return btoa(toBinaryText(bytes))
}

/** Throws on what is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return fromBinaryText(atob(text))
}

/** One character a byte. */
export function toBinaryText(bytes: Uint8Array): string {
  let text = ""
  for (let start = 0; start < bytes.length; start += atOnce)
    text += String.fromCharCode(...bytes.subarray(start, start + atOnce))
  return text
}

/** Of each character the lower eight bits. */
export function fromBinaryText(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, character => character.charCodeAt(0))
}
