/** A database server of a story's own, which it may stop, kill and freeze. */
export interface DatabaseServer {
  /** What instances are given as their store. */
  readonly url: string
  start(): Promise<void>
  /** As an operator stops it: open connections are ended, what was committed is written. */
  stop(): Promise<void>
  /** At once, with nothing finished: what follows is the recovery from a crash. */
  crash(): Promise<void>
  /** It no longer answers, but its connections stay. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Where a server runs and listens. */
export interface Site {
  readonly address: string
  /** Words in front of a command that make it run there. */
  readonly enter: readonly string[]
}

export const here: Site = { address: "127.0.0.1", enter: [] }
