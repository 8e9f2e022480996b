/** What a store promises about the audit: what was changed, and the chain that lets nobody change that unnoticed. */
export interface AuditStore {
  /** Records an event of something that changes nothing else in the store. Every other event is written with its change. */
  recordAuditEvent(event: AuditEvent): Promise<void>

  /** A user's events (`""`: those about nobody), the latest first, at most `limit`; with `before` those that come after it in this order. */
  listAuditEvents(userId: string, limit: number, before?: EventPlace): Promise<AuditEvent[]>

  /**
   * Puts events that are in no block yet into the next one, in the order of their keys, at most `limit`. Of N callers at once, on whatever
   * instances, one adds a block and the next builds on it: each event comes into one block. Events are only read, and nobody who writes one waits.
   *
   * Rejects, and adds nothing, with what `check` throws of the block to build on, or if that one's hash is not its own: on what somebody has
   * changed nothing is built.
   */
  sealAuditEvents(request: SealRequest): Promise<SealOutcome>

  /** Blocks in their order, those behind number `after`, at most `limit`. */
  listAuditBlocks(after: number, limit: number): Promise<AuditBlock[]>

  /** The last block, `events` left out as `""`. */
  findLastAuditBlock(): Promise<AuditBlock | undefined>

  /** Events as they stand in the database, in the order of their keys, those behind `after`, at most `limit`. */
  readAuditEvents(after: EventKey | undefined, limit: number): Promise<AuditRecord[]>

  /** One event as it stands in the database. */
  findAuditEvent(key: EventKey): Promise<AuditRecord | undefined>

  /**
   * Drops the oldest block with its events, if all of them are from before `before` and it is not the last one. What is left of it is the
   * anchor of the chain: the block without its list. The anchor before it is dropped too. Answers how many events went; 0: nothing was to do.
   */
  dropAuditBlock(before: number): Promise<number>
}

/** Something that was changed, as the audit keeps it: who, what, when. It holds random ids and words of ours, nothing personal and no secret. */
export interface AuditEvent {
  /** Tells events of one user and one moment apart: at most 96 bytes. Derived from what was changed where that has an id. */
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

/** What is audited, one word a kind of change. The guides say what each means. */
export const auditTypes = [
  "user.created",
  "user.updated",
  "user.merged",
  "user.merge_undone",
  "user.leaving",
  "user.restored",
  "user.purged",
  "identity.attached",
  "identity.detached",
  "unionid.attached",
  "phone.bound",
  "phone.unbound",
  "password.set",
  "password.rehashed",
  "password.removed",
  "session.opened",
  "session.ended",
  "session_key.replaced",
  "signing_keys.changed",
  "app_token.borrowed",
  "platform.authorized",
  "platform.unauthorized",
  "scan.confirmed",
  "scan.denied",
  "scan.reported",
] as const
export type AuditType = (typeof auditTypes)[number]

/** Who did it: `borrower:` goes before the name of a system that borrows. */
export type AuditActor = "user" | "operator" | "wechat" | "system" | `borrower:${string}`

/** What tells events of one user apart. */
export interface EventPlace {
  readonly at: number
  readonly id: string
}

/** What tells all events apart, and gives them their order: by `at`, then `userId`, then `id`, texts byte by byte. */
export interface EventKey extends EventPlace {
  readonly userId: string
}

/** An event as it stands in the database: what is hashed. */
export interface AuditRecord extends EventKey {
  readonly type: string
  readonly sessionId: string | null
  readonly appid: string | null
  readonly actor: string
  /** JSON, as it was written. */
  readonly detail: string | null
}

/** A link of the chain. How its texts are made is said in `audit-chain.ts`. */
export interface AuditBlock {
  /** 1, 2, 3 … */
  readonly n: number
  /** When it was made. */
  readonly at: number
  readonly firstAt: number
  readonly lastAt: number
  /** How many events are in it. */
  readonly count: number
  /** The key up to which events have been put into blocks, in their order. Those behind it come next; those before it came late. */
  readonly reached: EventKey
  /** Digest of the events. */
  readonly digest: string
  /** The list of the events; `""` in the anchor, whose events were dropped. */
  readonly events: string
  /** `""` in the first block. */
  readonly previousHash: string
  readonly hash: string
  /** Whose block it is: an HMAC of the hash. */
  readonly mac: string
}

/** From `since` on, to before `until`: milliseconds since 1970. */
export interface Span {
  readonly since: number
  readonly until: number
}

export interface SealRequest {
  readonly now: number
  /** Events after this moment are left for the next block: some of their time may not be there yet. */
  readonly until: number
  /** Where to look for events that became visible when events after them were in blocks already. `undefined`: nowhere this time. */
  readonly lateIn: Span | undefined
  readonly limit: number
  /** The `mac` of a hash. */
  readonly sign: (hash: string) => string
  /** Throws if nothing may be built on this block. */
  readonly check: (block: AuditBlock) => void
}

export interface SealOutcome {
  /** Events that are in a block now. */
  readonly sealed: number
  /** There may be more that are due. */
  readonly more: boolean
  /** There may be more that came late than this block could take. */
  readonly moreLate: boolean
}
