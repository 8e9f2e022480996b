/** One request to WeChat's server API, as an endpoint describes it and a {@link Caller} sends it. */
export interface WeChatRequest {
  /** Name of the endpoint, `jscode2session`: for messages and metrics. */
  readonly endpoint: string
  readonly method: "GET" | "POST"
  readonly path: string
  /** Parameters of the URL, not yet encoded. They hold secrets, so they're never part of a message. */
  readonly query?: Readonly<Record<string, string>>
  readonly json?: object
  /**
   * What may be sent again after WeChat was reached. `never`: nothing. `busy`: the request, once, where WeChat said that
   * it is busy (errcode -1) and so did nothing. A connection that never came about is retried in either case.
   */
  readonly retry: "never" | "busy"
  /** Default is `json`. With `bytes`, an answer that isn't JSON is handed over as it is. */
  readonly accept?: "json" | "bytes"
  /** Bytes the answer may have. Default is 64 KiB for `json`, 4 MiB for `bytes`. */
  readonly bodyLimit?: number
}

/** What WeChat answered, errcode 0 or none. `json` where the answer was a JSON object, `bytes` where it was anything else. */
export interface WeChatReply {
  readonly json?: Record<string, unknown>
  readonly bytes?: Uint8Array
  readonly contentType: string
}

/** The way to WeChat. */
export interface Caller {
  /**
   * Sends the request and answers what WeChat said.
   * @throws WeChatError for everything else: an errcode, a deadline passed, an unreadable answer.
   */
  call(request: WeChatRequest): Promise<WeChatReply>
  /** Ends the connections. Calls under way are awaited. */
  close(): Promise<void>
}
