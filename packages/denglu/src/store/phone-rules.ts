import type { AuditActor } from "./audit-store.ts"
import type { Phone, UnbindPhone } from "./phone-store.ts"
import type { RevocationReason } from "./store.ts"

/** Whether a number is one that was verified in this app alone, in time. */
export function isMeant(had: Phone, { appid, verifiedUntil }: Required<UnbindPhone>["only"]): boolean {
  return had.appid === appid && had.verifiedAt <= verifiedUntil && had.smsVerifiedAt === null
}

/** Why sessions end whose number was taken away. */
export function reasonOf(actor: AuditActor): RevocationReason {
  if (actor === "user") return "revoked_by_user"
  return actor === "wechat" ? "revoked_by_wechat" : "revoked_by_operator"
}
