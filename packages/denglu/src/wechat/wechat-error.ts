import { DengluError, type DengluErrorFacts, type ErrorCode } from "../errors.ts"
import { errcodeEntry } from "./errcodes.ts"

/** How a call to WeChat failed. `overload` and `circuit_open`: on our side, nothing was sent. */
export type WeChatErrorKind = "network" | "timeout" | "bad_reply" | "errcode" | "overload" | "circuit_open"

export interface WeChatErrorFacts {
  /** Name of the endpoint, as in the request. */
  readonly endpoint: string
  readonly kind: WeChatErrorKind
  /** What went wrong, without the endpoint. Must not hold anything WeChat or the client said. */
  readonly detail: string
  readonly errcode?: number
  /** Whether the caller may send the same request again, later. */
  readonly retryable?: boolean
  /** Seconds. */
  readonly retryAfter?: number
  readonly pointer?: string
  /** Only its name, code and syscall are kept: a message could hold the URL, and with it secret and code. */
  readonly cause?: unknown
}

/** A call to WeChat that failed: it didn't come through, or WeChat said no. */
export class WeChatError extends DengluError {
  override readonly name = "WeChatError"
  readonly kind: WeChatErrorKind
  readonly endpoint: string
  readonly errcode: number | undefined
  readonly retryable: boolean

  constructor(code: ErrorCode, facts: WeChatErrorFacts) {
    super(code, baseFacts(facts))
    this.kind = facts.kind
    this.endpoint = facts.endpoint
    this.errcode = facts.errcode
    this.retryable = facts.retryable ?? false
  }
}

/**
 * The error of an answer with an errcode. WeChat's own words are left out, since they may echo what was sent; of them only
 * the rid, the number WeChat's support asks for, is kept.
 */
export function errcodeError(endpoint: string, errcode: number, errmsg?: unknown): WeChatError {
  const { code, meaning, retryable, retryAfter, pointer } = errcodeEntry(errcode, endpoint)
  const rid = ridOf(errmsg)
  return new WeChatError(code, {
    endpoint,
    kind: "errcode",
    errcode,
    detail: `errcode ${errcode} (${meaning})${rid === undefined ? "" : `, rid ${rid}`}`,
    retryable,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(pointer === undefined ? {} : { pointer }),
  })
}

/** The error of an answer nobody can read, or that lacks what it must have. */
export function badReply(endpoint: string, detail: string): WeChatError {
  return new WeChatError("wechat_unreachable", { endpoint, kind: "bad_reply", detail })
}

function baseFacts({ endpoint, detail, retryAfter, pointer, cause }: WeChatErrorFacts): DengluErrorFacts {
  return {
    message: `${endpoint}: ${detail}`,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(cause === undefined ? {} : { cause: reduceCause(cause) }),
  }
}

interface ReducedCause {
  readonly name: string
  readonly code?: string
  readonly syscall?: string
}

/** Name, code and syscall of an error; those of its cause where it has no code itself, as with `fetch failed`. */
export function reduceCause(error: unknown): ReducedCause {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = word(error, "code")
  if (code === undefined && error.cause instanceof Error) return reduceCause(error.cause)
  const syscall = word(error, "syscall")
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(syscall === undefined ? {} : { syscall }),
  }
}

function word(error: Error, key: "code" | "syscall"): string | undefined {
  const value: unknown = Reflect.get(error, key)
  return typeof value === "string" && /^[A-Za-z0-9_]{1,64}$/.test(value) ? value : undefined
}

// `<msg>, rid: 652d44d0-1d0af18b-5b069232`; under /cgi-bin without the comma.
function ridOf(errmsg: unknown): string | undefined {
  if (typeof errmsg !== "string") return undefined
  return /\brid: ([0-9a-f]{8}(?:-[0-9a-f]{8}){2})$/.exec(errmsg)?.[1]
}
