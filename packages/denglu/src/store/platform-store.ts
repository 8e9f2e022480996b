/** What a store promises about third-party platforms (第三方平台) and the mini programs that have authorised them. */
export interface PlatformStore {
  /**
   * Keeps a platform's `component_verify_ticket`, unless one is kept that WeChat made later: tickets that come twice, late or out
   * of order change nothing. Answers whether it is the one kept now.
   */
  keepPlatformTicket(platformAppid: string, ticket: PlatformTicket): Promise<boolean>

  /** The ticket kept for a platform; `undefined` if none has come yet. */
  findPlatformTicket(platformAppid: string): Promise<PlatformTicket | undefined>

  /**
   * Keeps what a mini program has granted a platform. One that is there is replaced and is live again, unless it was made with the same
   * `codeDigest`: then nothing changes, also if it has been revoked since. Of N callers at once with the same new digest exactly one gets
   * `isChanged`.
   *
   * `authorizedAt` never goes back, and lies after the revocation that it ends.
   */
  keepAuthorizer(authorization: NewAuthorization): Promise<KeptAuthorization>

  /**
   * Replaces the refresh token of a live authorisation, if it still is `expected` (its sealed text). Answers whether it did: of N callers at once with the
   * same expectation exactly one gets `true`, and none undoes an authorisation that came meanwhile.
   */
  replaceRefreshToken(
    platformAppid: string,
    appid: string,
    expected: string,
    sealedRefreshToken: string,
  ): Promise<boolean>

  /**
   * Ends an authorisation that is live and not younger than `revokedAt`: its refresh token is gone, and the `access_token` kept under
   * `tokenName` counts as refused. Answers whether it did: of N callers at once exactly one gets `true`.
   */
  revokeAuthorizer(revocation: AuthorizerRevocation): Promise<boolean>

  /** The authorisations of a mini program, of every platform, live or not; the latest `authorizedAt` first. */
  findAuthorizers(appid: string): Promise<AuthorizerRecord[]>

  /** What was made with the authorisation code of this digest, whatever became of it. */
  findAuthorizerByCode(platformAppid: string, codeDigest: string): Promise<AuthorizerRecord | undefined>

  /** Every authorisation of a platform, live or not, by appid. */
  listAuthorizers(platformAppid: string): Promise<AuthorizerRecord[]>
}

/** A `component_verify_ticket`. */
export interface PlatformTicket {
  /** Sealed by `session/sealer.ts`. */
  readonly sealed: string
  /** When WeChat made it, to the second. */
  readonly issuedAt: number
  readonly receivedAt: number
}

/** That a mini program lets a platform act for it. */
export interface AuthorizerRecord {
  readonly platformAppid: string
  readonly appid: string
  /** The `authorizer_refresh_token`, sealed by `session/sealer.ts`; `null` when revoked, or if WeChat gave none. */
  readonly sealedRefreshToken: string | null
  /** Name of the open-platform account within which a `unionid` of the mini program means the same person. */
  readonly openPlatform: string
  readonly authorizedAt: number
  readonly revokedAt: number | null
}

export interface NewAuthorization {
  readonly platformAppid: string
  readonly appid: string
  readonly sealedRefreshToken: string | null
  /** `undefined`: as it was, or {@link defaultOpenPlatform} for a new one. */
  readonly openPlatform: string | undefined
  readonly defaultOpenPlatform: string
  /** Tells the authorisation code apart from others; `null` if it came about without one. */
  readonly codeDigest: string | null
  /** By WeChat's clock, as far as it is known. */
  readonly authorizedAt: number
  readonly audit: PlatformAudit
}

export interface KeptAuthorization {
  readonly isChanged: boolean
  readonly authorizer: AuthorizerRecord
}

export interface AuthorizerRevocation {
  readonly platformAppid: string
  readonly appid: string
  /** By WeChat's clock. */
  readonly revokedAt: number
  /** Under which name the `access_token` of the mini program is kept. */
  readonly tokenName: string
  readonly audit: PlatformAudit
}

/** What the audit says of a change of an authorisation. */
export interface PlatformAudit {
  readonly id: string
  readonly at: number
  readonly actor: "wechat" | "operator"
}
