import { shortDigestOf } from "./audit-digest.ts"
import type { AuditActor, AuditEvent, AuditType } from "./audit-store.ts"
import type { LogInEntry, Occasion, RevocationReason, Session, SigningKeyRecord } from "./store.ts"

/** What else than a session a login has brought about. */
export interface LogInChanges {
  /** The user was created. */
  readonly isNew: boolean
  /** A new identity joined a user who was known by its unionid. */
  readonly joined: boolean
  /** A known identity got the unionid it had lacked. */
  readonly broughtUnionid: boolean
}

/**
 * The events of a login. Their ids are made of ids that the login has anyway: a session opens once, a user is created once, and a login brings
 * one identity.
 */
export function eventsOfLogIn(entry: LogInEntry, userId: string, changes: LogInChanges): AuditEvent[] {
  const { now, appid, session } = entry
  const event = (id: string, type: AuditType): AuditEvent => ({
    id,
    at: now,
    type,
    userId,
    sessionId: session.id,
    appid,
    actor: "user",
  })
  return [
    ...(changes.isNew ? [event(`${userId}:created`, "user.created")] : []),
    ...(changes.joined ? [event(`${session.id}:attached`, "identity.attached")] : []),
    ...(changes.broughtUnionid ? [event(`${session.id}:unionid`, "unionid.attached")] : []),
    event(`${session.id}:opened`, "session.opened"),
  ]
}

/** The event of a session's end. */
export function endedEvent(
  { id, userId, appid }: Pick<Session, "id" | "userId" | "appid">,
  reason: RevocationReason,
  now: number,
  actor: AuditActor = actorOf[reason],
): AuditEvent {
  return {
    id: `${id}:ended`,
    at: now,
    type: "session.ended",
    userId,
    sessionId: id,
    appid,
    actor,
    detail: { reason },
  }
}

/** Who ends a session for this reason, where nothing else is said. */
export const actorOf: Readonly<Record<RevocationReason, AuditActor>> = {
  logout: "user",
  logout_everywhere: "user",
  revoked_by_user: "user",
  revoked_by_operator: "operator",
  revoked_by_wechat: "wechat",
  account_deleted: "user",
  password_changed: "user",
  refresh_reused: "system",
  merged: "system",
  merge_undone: "system",
}

/**
 * The id of the event of a replaced `session_key`. A sealed text is never made twice, for there is chance in it, so that its digest is an id.
 */
export function keyReplacedId(sealed: string): string {
  return `${shortDigestOf(sealed)}:session_key`
}

/** What the event of a changed profile says: which fields were given, never what. */
export function updatedDetail(change: { readonly nickname?: unknown; readonly avatarUrl?: unknown }) {
  const fields = [
    ...(change.nickname === undefined ? [] : ["nickname"]),
    ...(change.avatarUrl === undefined ? [] : ["avatar_url"]),
  ]
  return { fields }
}

/** The event of a changed set of signing keys. */
export function keysChangedEvent(
  keys: readonly SigningKeyRecord[],
  { now, eventId, actor }: Occasion,
): AuditEvent {
  const current = keys.find(({ status }) => status === "current")
  return {
    id: eventId,
    at: now,
    type: "signing_keys.changed",
    userId: "",
    actor,
    ...(current === undefined ? {} : { detail: { current: current.kid } }),
  }
}
