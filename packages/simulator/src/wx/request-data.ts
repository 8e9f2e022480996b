import { isArrayBuffer } from "./array-buffer.ts"
import type { WxFailure } from "./callbacks.ts"
import { pageHeaders, wrongHeader } from "./page-headers.ts"

/** What goes over the wire: where to, and the body if there is one. */
export interface EncodedRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | ArrayBuffer | null
}

export interface RequestData {
  readonly url: string
  readonly method: string
  readonly header?: Readonly<Record<string, unknown>> | undefined
  readonly data?: unknown
}

/** These have no body: their data go into the query string. */
const withoutBody: ReadonlySet<string> = new Set(["GET", "HEAD"])

/** Puts `data` where `wx.request` puts them; or why that cannot be sent. */
export function encodeRequest(request: RequestData, referer: string): EncodedRequest | WxFailure {
  const headers = { "content-type": "application/json", ...pageHeaders(request.header, { referer }) }
  const wrong = wrongHeader(headers)
  if (wrong !== undefined) return { errMsg: `request:fail header ${wrong} is invalid`, errno: 600_005 }
  try {
    return { headers, ...placed(request, headers["content-type"]) }
  } catch {
    return { errMsg: "request:fail data cannot be written as JSON", errno: 600_010 }
  }
}

function placed(
  { url, method, data }: RequestData,
  contentType: string,
): { readonly url: string; readonly body: EncodedRequest["body"] } {
  if (data === undefined || data === null || data === "") return { url, body: null }
  if (withoutBody.has(method)) return { url: isRecord(data) ? withQuery(url, formOf(data)) : url, body: null }
  if (isArrayBuffer(data)) return { url, body: data }
  if (!isRecord(data)) return { url, body: String(data) }
  const form = /^application\/x-www-form-urlencoded/i.test(contentType)
  return { url, body: form ? formOf(data) : JSON.stringify(data) }
}

function formOf(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`)
    .join("&")
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

function withQuery(url: string, query: string): string {
  const [address = "", ...fragment] = url.split("#")
  if (query === "") return url
  const joint = !address.includes("?") ? "?" : /[?&]$/.test(address) ? "" : "&"
  return [address + joint + query, ...fragment].join("#")
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isArrayBuffer(value)
}
