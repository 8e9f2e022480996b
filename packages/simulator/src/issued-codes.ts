import type { Membership } from "./world.ts"

/** What a person allows a website or an official account to know of them. */
export type OauthScope = "snsapi_base" | "snsapi_userinfo" | "snsapi_login"

/** What a web page gets for its code. */
export interface OauthGrant {
  readonly accessToken: string
  readonly refreshToken: string
  readonly scope: OauthScope
  /** The page was only shown as a preview (快照页): the openid is a virtual one. */
  readonly isSnapshotUser: boolean
}

export interface IssuedCode {
  readonly membership: Membership
  readonly expiresAt: number
  used: boolean
}

export interface IssuedOauthCode extends IssuedCode {
  readonly grant: OauthGrant
}

export type Redeemed = Membership | "unknown" | "used"
export type RedeemedOauth =
  | { readonly membership: Membership; readonly grant: OauthGrant }
  | "unknown"
  | "used"
  | "of_mini_program"
