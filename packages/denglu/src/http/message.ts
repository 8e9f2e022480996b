/** A request as the routes see it, whatever server it came through. */
export interface HttpRequest {
  readonly method: string
  /** Path without query and without the base path. */
  readonly path: string
  /** What stands behind the `?`, undecoded; `""` if nothing does. */
  readonly query: string
  header(name: string): string | undefined
  /** The peer's address as the socket has it; `undefined` if the server doesn't say. */
  readonly address: string | undefined
  /**
   * The body: a text, or a value that middleware in front has parsed already.
   * @throws DengluError `payload_too_large` beyond `limit` bytes, `invalid_request` if it does not arrive whole.
   */
  body(limit: number): Promise<ParsedBody>
  /**
   * The body as it is, for pictures.
   * @throws DengluError as {@link body}; `invalid_request` too if middleware in front has made something else of it
   */
  bytes(limit: number): Promise<Uint8Array>
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

export type ParsedBody = { readonly text: string } | { readonly parsed: unknown }

/** An answer, ready to be written. */
export interface HttpReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Values of `Set-Cookie`, each a header of its own. */
  readonly cookies?: readonly string[]
  readonly body: string
}

/** What a route answers: a text, a stream of them, or bytes. */
export interface RouteReply extends Omit<HttpReply, "body"> {
  readonly body: string | Uint8Array<ArrayBuffer> | TextStream
}

/** A body that comes bit by bit, for as long as somebody reads it: the signal aborts when the client goes away. */
export type TextStream = (signal: AbortSignal) => AsyncIterable<string>
