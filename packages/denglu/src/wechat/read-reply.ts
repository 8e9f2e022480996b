import type { WeChatReply, WeChatRequest } from "./caller.ts"
import { badReply, errcodeError, type WeChatError } from "./wechat-error.ts"

/** An answer as it came over the wire. */
export interface RawReply {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
}

/**
 * Makes sense of an answer. WeChat says JSON in `text/plain` and says no with status 200, so neither header nor status
 * decide; the body does. @throws WeChatError
 */
export function readReply({ endpoint, accept }: WeChatRequest, raw: RawReply): WeChatReply {
  const { status, contentType, body } = raw
  const json = parseObject(body)
  const fine = status >= 200 && status < 300
  if (json === undefined) {
    if (accept === "bytes" && fine && isFile(raw)) return { bytes: Uint8Array.from(body), contentType }
    throw unreadable(endpoint, raw)
  }
  const errcode = readErrcode(json.errcode)
  if (errcode === undefined) throw badReply(endpoint, "the answer has an errcode that is no number")
  if (errcode !== 0) throw errcodeError(endpoint, errcode, json.errmsg)
  if (!fine) throw badReply(endpoint, `status ${status} without an errcode`)
  return { json, contentType }
}

/** `undefined` if the body isn't one JSON object. */
function parseObject(body: Buffer): Record<string, unknown> | undefined {
  const text = body.toString("utf8")
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** An errcode is a number, but one page of WeChat's documentation shows it as a text; 0 and none mean success. */
function readErrcode(value: unknown): number | undefined {
  if (value === undefined) return 0
  const number = typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) ? (number as number) : undefined
}

/** A picture or the like, rather than an error page or the broken half of an error. */
function isFile({ contentType, body }: RawReply): boolean {
  return (
    body.length > 0 && !/json|html|xml|^text\//i.test(contentType) && body[0] !== 0x7b && body[0] !== 0x3c
  )
}

function unreadable(endpoint: string, { status, body }: RawReply): WeChatError {
  const what =
    body.length === 0
      ? "is empty"
      : body.toString("latin1", 0, 64).trimStart().startsWith("<")
        ? "is a web page"
        : "is not a JSON object"
  return badReply(endpoint, `the answer ${what} (status ${status})`)
}
