/** A key that signs access tokens, its private half sealed. */
export interface SigningKeyRecord {
  readonly kid: string
  /** `next` is published ahead of its time, `current` signs, `previous` only verifies. */
  readonly status: "next" | "current" | "previous"
  /** JSON of the public JWK. */
  readonly publicJwk: string
  /** The private key, sealed by `session/sealer.ts`, bound to the kid. */
  readonly sealedPrivateKey: string
  readonly createdAt: number
  /** When it took its present status. */
  readonly statusSince: number
}
