/** A request that the login server made to WeChat, and what came back. */
export interface WeChatExchange {
  readonly method: string
  readonly url: URL
  readonly body: string
  /** `reset`: the connection broke before a reply; `truncated`: in the middle of it. */
  readonly reply:
    | { readonly status: number; readonly contentType: string; readonly body: string }
    | "reset"
    | "truncated"
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Milliseconds since 1970. */
  readonly endedAt: number
}
