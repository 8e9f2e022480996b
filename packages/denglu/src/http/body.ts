import { DengluError } from "../errors.ts"
import type { HttpRequest, ParsedBody } from "./message.ts"
import { InvalidRequestError } from "./problem.ts"
import type { Route } from "./route.ts"

/** One for all: making one costs as much as reading a body. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** How long (ms) a body may take to arrive, and one of bytes: a picture, over a phone's connection. */
export const bodyDeadline = 10_000
export const bytesDeadline = 30_000

/** The most a body may hold, in bytes. */
export const bodyLimit = 16_384

/**
 * Reads and checks a route's body.
 *
 * JSON is read whatever `Content-Type` says, because `curl -d` and many tutorials leave it wrong; a form
 * (`code=…`, from tutorials that copy jQuery's habit) is read as an object of texts.
 *
 * @throws DengluError `invalid_request` with the places that are wrong, `payload_too_large`
 */
export async function readBody(route: Route, request: HttpRequest): Promise<unknown> {
  if (route.bodyErrors === undefined || route.bodyAs === "picture") return undefined
  if (route.bodyAs === "text") return textOf(await request.body(route.bodyLimit ?? bodyLimit))
  const value = await parse(request, route.bodyOptional === true)
  const errors = route.bodyErrors(value)
  if (errors.length > 0) throw new InvalidRequestError(errors)
  return value
}

/** What middleware in front has parsed is written again: routes of this kind don't mind the spelling. */
function textOf(body: ParsedBody): string {
  if ("text" in body) return body.text
  const { parsed } = body
  return parsed instanceof Uint8Array ? utf8.decode(parsed) : JSON.stringify(parsed)
}

async function parse(request: HttpRequest, optional: boolean): Promise<unknown> {
  const body = await request.body(bodyLimit)
  if ("parsed" in body) return body.parsed
  const text = body.text.charCodeAt(0) === 0xfeff ? body.text.slice(1) : body.text
  if (text.trim() === "") {
    if (optional) return {}
    throw new InvalidRequestError([{ pointer: "", detail: "the body is empty" }])
  }
  if (
    /^application\/x-www-form-urlencoded/i.test(request.header("content-type") ?? "") &&
    !/^\s*[{["]/.test(text) &&
    text.includes("=")
  )
    return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidRequestError([{ pointer: "", detail: "the body is not JSON" }])
  }
}

/** Collects a body chunk by chunk and stops at the limit. As a text, bytes that are not UTF-8 are refused. */
export function createBodyCollector(limit: number) {
  const chunks: Uint8Array[] = []
  let length = 0
  const bytes = () => (chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks))
  return {
    add(chunk: Uint8Array): void {
      length += chunk.byteLength
      if (length > limit) throw new DengluError("payload_too_large")
      chunks.push(chunk)
    },
    bytes,
    text(): string {
      try {
        return utf8.decode(bytes())
      } catch {
        throw new InvalidRequestError([{ pointer: "", detail: "the body is not UTF-8" }])
      }
    },
  }
}

/** What a body that did not arrive whole, or not in time, is answered. */
export function incompleteBody(): InvalidRequestError {
  return new InvalidRequestError([{ pointer: "", detail: "the body did not arrive whole" }])
}

/** What a body of bytes is answered that middleware in front has read and kept in a shape of its own. */
export function bodyIsRead(): InvalidRequestError {
  return new InvalidRequestError([
    { pointer: "", detail: "middleware in front has read the body; mount the login before it" },
  ])
}
