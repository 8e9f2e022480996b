import type { Deadline } from "./deadline.ts"
import type { RawReply } from "./read-reply.ts"

/** A request, ready to be sent. */
export interface Outgoing {
  readonly method: "GET" | "POST"
  /** Path and query. */
  readonly target: string
  readonly headers: Record<string, string>
  readonly body: string | null
  /** Bytes the answer may have. */
  readonly limit: number
}

/** Why there is no answer. */
export interface SendFailure {
  readonly failure: "timeout" | "network" | "too_large"
  /** `false` only where WeChat surely saw nothing of the request. */
  readonly sent: boolean
  readonly cause?: unknown
}

/** How sending went. */
export type Sent = { readonly raw: RawReply } | SendFailure

/** Sends a request and never throws. */
export type Send = (outgoing: Outgoing, deadline: Deadline) => Promise<Sent>
