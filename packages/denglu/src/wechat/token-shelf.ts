/** Where the instances keep an app's access_token, and agree on who fetches the next one. Every method may reject with `store_unavailable`. */
export interface TokenShelf {
  find(): Promise<KeptToken>
  /** Lets the caller fetch the next one, for so many ms, if the kept one still is `version` and nobody else does. */
  lease(version: number, forMs: number): Promise<boolean>
  /** Keeps what was fetched under the lease; `undefined` if the lease has passed on. */
  keep(token: FetchedToken): Promise<number | undefined>
  /** Ends the lease without a token. */
  release(): Promise<void>
  /** WeChat no longer takes the token, if it still is `version`. */
  refuse(version: number): Promise<void>
}

export interface FetchedToken {
  readonly token: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** When one was last fetched by force; 0: never. */
  readonly forcedAt: number
}

export interface KeptToken extends FetchedToken {
  /** 0: there is none yet, and the rest means nothing. */
  readonly version: number
  readonly isRefused: boolean
}
