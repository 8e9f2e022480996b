import type { AuditEvent } from "./audit-store.ts"
import type { AuthorizerRecord, AuthorizerRevocation, NewAuthorization } from "./platform-store.ts"

/** An authorisation as it is after a new one, the same for every engine. `known` is what was there, whatever became of it. */
export function authorized(
  { platformAppid, appid, sealedRefreshToken, ...given }: NewAuthorization,
  known: AuthorizerRecord | undefined,
): AuthorizerRecord {
  // WeChat counts in whole seconds: a millisecond later is after this revocation and before every other.
  const earliest = Math.max(known?.authorizedAt ?? 0, known?.revokedAt == null ? 0 : known.revokedAt + 1)
  return {
    platformAppid,
    appid,
    sealedRefreshToken,
    openPlatform: given.openPlatform ?? known?.openPlatform ?? given.defaultOpenPlatform,
    authorizedAt: Math.max(given.authorizedAt, earliest),
    revokedAt: null,
  }
}

/** What the audit keeps of it. It is about no user. */
export function authorizationEvent(
  type: "platform.authorized" | "platform.unauthorized",
  { platformAppid, appid, audit: { id, at, actor } }: NewAuthorization | AuthorizerRevocation,
): AuditEvent {
  return { id, at, type, userId: "", appid, actor, detail: { platform: platformAppid } }
}
