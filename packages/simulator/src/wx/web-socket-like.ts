/** What a `WebSocket` has to have: those of browsers, of Node and of the package ws do. */
export interface WebSocketLike {
  binaryType: string
  send(data: string | ArrayBuffer): void
  close(code?: number, reason?: string): void
  addEventListener(type: "open" | "message" | "close" | "error", listener: (event: SocketEvent) => void): void
}

/** Of each kind of event the part that is read. */
export interface SocketEvent {
  readonly data?: unknown
  readonly code?: number
  readonly reason?: string
  /** What went wrong, where it is told. */
  readonly message?: string
}

/** Starts to connect; throws where that is impossible. */
export type OpenSocket = (
  url: string,
  options: { readonly header: Readonly<Record<string, string>>; readonly protocols: readonly string[] },
) => WebSocketLike
