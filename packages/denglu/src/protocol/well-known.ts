import { type Static, Type } from "typebox"

/** `GET /.well-known/jwks.json` (RFC 7517): the keys that access tokens verify with. */
export const JwksReply = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal("OKP"),
      crv: Type.Literal("Ed25519"),
      x: Type.String(),
      kid: Type.String(),
      alg: Type.Literal("EdDSA"),
      use: Type.Literal("sig"),
    }),
  ),
})
export type JwksReply = Static<typeof JwksReply>

/**
 * `GET /.well-known/revocations?since=&wait=`: ids of sessions revoked within one access-token life, for services that have no
 * store. The ids are random and say nothing. With the `cursor` of the last answer as `since`, only what is newer;
 * with `wait` (seconds, at most 25) the answer is held back until there is something newer.
 */
export const RevocationsReply = Type.Object({
  cursor: Type.String(),
  revocations: Type.Array(
    Type.Object({ sid: Type.String(), revoked_at: Type.Integer({ description: "Seconds since 1970" }) }),
  ),
})
export type RevocationsReply = Static<typeof RevocationsReply>
