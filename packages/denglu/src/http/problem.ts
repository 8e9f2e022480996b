import { DengluError, type ErrorCode } from "../errors.ts"
import type { Problem } from "../protocol/problem.ts"
import type { HttpReply } from "./message.ts"
import { problemTable } from "./problem-table.ts"
import type { BodyError } from "./route.ts"

export interface ProblemContext {
  readonly requestId: string
  readonly acceptLanguage: string | undefined
}

/** A request whose body or header is wrong in named places. */
export class InvalidRequestError extends DengluError {
  override readonly name = "InvalidRequestError"
  readonly errors: readonly BodyError[]

  constructor(errors: readonly BodyError[]) {
    super("invalid_request")
    this.errors = errors
  }
}

/** The one place where an error becomes a status and a problem document. What is not a `DengluError` is `internal`. */
export function problemReply(error: unknown, { requestId, acceptLanguage }: ProblemContext): HttpReply {
  const known = error instanceof DengluError ? error : new DengluError("internal")
  const language = preferredLanguage(acceptLanguage)
  const entry = problemTable[known.code]
  const errors = placesOf(known)
  const problem: Problem = {
    type: `urn:denglu:problem:${known.code}`,
    title: entry.title[language],
    status: entry.status,
    code: known.code,
    remedy: entry.remedy[language],
    retryable: entry.retryable ?? false,
    ...(entry.clientAction === undefined ? {} : { client_action: entry.clientAction }),
    request_id: requestId,
    ...(known.restoreUntil === undefined
      ? {}
      : { restore_until: new Date(known.restoreUntil).toISOString() }),
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  }
  return {
    status: entry.status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      "content-language": language === "zh" ? "zh-CN" : "en",
      "cache-control": "no-store",
      ...challenge(known.code, entry.status),
      ...retryAfter(known, entry.status),
      ...(known.allow === undefined ? {} : { allow: known.allow.join(", ") }),
    },
    body: JSON.stringify(problem),
  }
}

function placesOf(error: DengluError): readonly BodyError[] {
  if (error instanceof InvalidRequestError) return error.errors
  if (error.pointer === undefined) return []
  return [{ pointer: error.pointer, detail: error.message === error.code ? "see remedy" : error.message }]
}

/** RFC 6750, section 3: no error code where no token came. */
function challenge(code: ErrorCode, status: number): Readonly<Record<string, string>> {
  if (status !== 401) return {}
  const value = code === "token_missing" ? "" : `, error="invalid_token", error_description="${code}"`
  return { "www-authenticate": `Bearer realm="denglu"${value}` }
}

function retryAfter(error: DengluError, status: number): Readonly<Record<string, string>> {
  if (status !== 503 && status !== 429) return {}
  return { "retry-after": String(Math.max(1, Math.ceil(error.retryAfter ?? 1))) }
}

/** The one of our two languages that `Accept-Language` asks for; English where it says nothing. */
export function preferredLanguage(acceptLanguage: string | undefined): "zh" | "en" {
  return prefersChinese(acceptLanguage) ? "zh" : "en"
}

/** Whether `Accept-Language` weighs Chinese over English (RFC 9110, section 12.5.4). */
function prefersChinese(header: string | undefined): boolean {
  if (header === undefined || !/zh/i.test(header)) return false
  let best = { chinese: false, weight: 0 }
  for (const part of header.slice(0, 256).split(",")) {
    const [tag = "", ...parameters] = part.trim().split(";")
    const chinese = /^zh\b/i.test(tag)
    if (!chinese && !/^(en\b|\*)/i.test(tag)) continue
    const q = parameters
      .map(parameter => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1])
      .find(value => value !== undefined)
    const weight = q === undefined ? 1 : Number(q)
    if (weight > best.weight) best = { chinese, weight }
  }
  return best.chinese
}
