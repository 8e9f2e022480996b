import { WxRefusal } from "./answer-work.ts"
import { fromBase64, fromBinaryText, toBase64, toBinaryText } from "./base64.ts"

interface FileEncoding {
  readonly toText: (bytes: Uint8Array) => string
  readonly toBytes: (text: string) => Uint8Array<ArrayBuffer>
}

const utf8: FileEncoding = {
  toText: bytes => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  toBytes: text => new TextEncoder().encode(text),
}
const latin1: FileEncoding = { toText: toBinaryText, toBytes: fromBinaryText }
const utf16: FileEncoding = {
  toText: bytes => new TextDecoder("utf-16le", { ignoreBOM: true }).decode(bytes),
  toBytes(text) {
    const bytes = new Uint8Array(text.length * 2)
    const view = new DataView(bytes.buffer)
    for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), true)
    return bytes
  },
}
const hex: FileEncoding = {
  toText: bytes => [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join(""),
  toBytes: text => Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], pair => Number.parseInt(pair, 16)),
}
const base64: FileEncoding = {
  toText: toBase64,
  toBytes(text) {
    try {
      return fromBase64(text)
    } catch {
      throw new WxRefusal("base64 encode error", 1_300_203)
    }
  },
}

const encodings: ReadonlyMap<string, FileEncoding> = new Map([
  ["utf8", utf8],
  ["utf-8", utf8],
  ["ascii", latin1],
  ["latin1", latin1],
  ["binary", latin1],
  ["ucs2", utf16],
  ["ucs-2", utf16],
  ["utf16le", utf16],
  ["utf-16le", utf16],
  ["hex", hex],
  ["base64", base64],
])

/** By WeChat's name for it; another name is refused. */
export function fileEncoding(name: string): FileEncoding {
  const encoding = encodings.get(name)
  if (encoding === undefined) throw new WxRefusal(`invalid encoding "${name}"`)
  return encoding
}
