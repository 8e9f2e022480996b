/** Something that was changed, as the audit keeps it: who, what, when. It holds random ids and words of ours, nothing personal and no secret. */
export interface AuditEvent {
  /** Tells events of one user and one moment apart: at most 64 characters. Derived from what was changed where that has an id. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly type: AuditType
  /** Whom it is about; `""` for what is about nobody. */
  readonly userId: string
  readonly sessionId?: string
  readonly appid?: string
  readonly actor: AuditActor
  /** Words of ours that say more: a reason, the names of fields. Never what somebody wrote. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

/** What is audited, one word a kind of change. */
export type AuditType =
  | "user.created"
  | "user.updated"
  | "user.merged"
  | "user.merge_undone"
  | "user.leaving"
  | "user.restored"
  | "user.purged"
  | "identity.attached"
  | "identity.detached"
  | "unionid.attached"
  | "phone.bound"
  | "phone.unbound"
  | "session.opened"
  | "session.ended"
  | "session_key.replaced"
  | "signing_keys.changed"
  | "app_token.borrowed"
  | "platform.authorized"
  | "platform.unauthorized"
  | "scan.confirmed"
  | "scan.denied"
  | "scan.reported"

/** Who did it: `borrower:` goes before the name of a system that borrows. */
export type AuditActor = "user" | "operator" | "wechat" | "system" | `borrower:${string}`
