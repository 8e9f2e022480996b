import { joinedBytes } from "./joined-bytes.ts"

/** The file of a form. */
export interface FormFile {
  readonly field: string
  readonly fileName: string
  readonly type: string
  readonly bytes: Uint8Array
}

export interface MultipartBody {
  /** `multipart/form-data; boundary=…` */
  readonly contentType: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A form as RFC 7578 writes it, file last. Written here, because a page's `FormData` may be of another realm than the network. */
export function multipartOf(fields: Readonly<Record<string, unknown>>, file: FormFile): MultipartBody {
  const values = Object.entries(fields).map(([name, value]) => [name, textOf(value)] as const)
  const boundary = boundaryOutside([...values.flat().map(utf8), file.bytes])
  const texts = values.map(
    ([name, value]) => `--${boundary}\r\n${disposition}; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  )
  const head = `--${boundary}\r\n${disposition}; name="${quoted(file.field)}"; filename="${quoted(file.fileName)}"\r\n`
  const type = `Content-Type: ${file.type.replace(/[\r\n]/g, "")}\r\n\r\n`
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: joinedBytes([utf8(texts.join("") + head + type), file.bytes, utf8(`\r\n--${boundary}--\r\n`)]),
  }
}

const disposition = "Content-Disposition: form-data"

/** As browsers quote names and file names. */
function quoted(text: string): string {
  return text.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22")
}

function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)
}

/** One that occurs in none of the parts, which makes chance superfluous. */
function boundaryOutside(parts: readonly Uint8Array[]): string {
  for (let number = 0; ; number += 1) {
    const boundary = `----WxFormBoundary${number}`
    if (!parts.some(part => contains(part, utf8(boundary)))) return boundary
  }
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = bytes.indexOf(part[0] ?? 0); at >= 0; at = bytes.indexOf(part[0] ?? 0, at + 1))
    if (part.every((byte, index) => bytes[at + index] === byte)) return true
  return false
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
