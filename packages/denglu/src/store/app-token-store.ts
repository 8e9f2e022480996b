/** What a store promises about the apps' `access_token`s, which all instances share. */
export interface AppTokenStore {
  /** The `access_token` kept for an app, and who is fetching the next one; `undefined` if nobody has asked for one yet. */
  findAppToken(appid: string): Promise<AppTokenRecord | undefined>

  /**
   * Lets one caller fetch the app's next `access_token`: if the kept one still is `version` (0: there is none yet) and nobody's
   * lease reaches beyond `now`. Answers whether it did: of N callers at once exactly one gets `true`.
   */
  leaseAppToken(appid: string, lease: AppTokenLease): Promise<boolean>

  /**
   * Keeps what the holder of the lease has fetched, as the next version, and ends the lease. Answers that version, or `undefined`
   * if the lease has passed on to another: then nothing changed, however late the holder comes.
   */
  keepAppToken(appid: string, holder: string, token: NewAppToken): Promise<number | undefined>

  /** Ends the holder's lease without a token, so that the next one may try. */
  releaseAppToken(appid: string, holder: string): Promise<void>

  /** Marks the kept token as refused by WeChat, if it still is `version`: whoever fetched a newer one meanwhile is not undone. */
  refuseAppToken(appid: string, version: number): Promise<void>
}

/** An app's `access_token`, which server calls other than the login's carry. */
export interface AppTokenRecord {
  /** How many have been kept so far; 0: none yet. */
  readonly version: number
  /** The token, sealed by `session/sealer.ts`, bound to the appid; `null` before the first. */
  readonly sealed: string | null
  readonly expiresAt: number
  /** WeChat no longer takes it, though it is not over. */
  readonly isRefused: boolean
  /** When a token was last fetched by force, which ends the one before at once; 0: never. */
  readonly forcedAt: number
  /** Until when somebody is fetching the next one; 0: nobody is. */
  readonly leasedUntil: number
}

export interface AppTokenLease {
  /** A name nobody else has ever had: it tells this lease from every other. */
  readonly holder: string
  readonly version: number
  readonly now: number
  readonly until: number
}

export interface NewAppToken {
  readonly sealed: string
  readonly expiresAt: number
  readonly forcedAt: number
}
