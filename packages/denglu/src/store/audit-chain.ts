import { digestOf, shortDigestOf } from "./audit-digest.ts"
import type { AuditBlock, AuditEvent, AuditRecord, EventKey, SealRequest } from "./audit-store.ts"

/*
 * The chain, exactly. All texts are UTF-8, SHA-256 digests stand in base64url (43 characters), and `\n` stands between lines.
 *
 * - The form of an event is the JSON of [user_id, at, id, type, session_id, appid, actor, detail], with no spaces; what is NULL in the database is
 *   null, and detail is a text there, so it is one here.
 * - The digest of a block is SHA-256 over the forms of its events, one a line, in the order of its list.
 * - Its list is the JSON of [[user_id, at, id, short], …], short being the first 16 characters of SHA-256 over the form. By it one can
 *   say which event is not as it was; what can't be forged is the digest.
 * - Its hash is SHA-256 over the lines: `denglu audit 1`, previous_hash, n, at, first_at, last_at, count, reached, digest; reached is
 *   the JSON of [user_id, at, id].
 * - Its mac is the first eight hexadecimal digits that name the secret, a dot, and HMAC-SHA-256 over the hash in base64url: `session/audit-mac.ts`.
 */

/** An event in the form that is hashed. */
function formOf(event: AuditRecord): string {
  const { userId, at, id, type, sessionId, appid, actor, detail } = event
  return JSON.stringify([userId, at, id, type, sessionId, appid, actor, detail])
}

/** An event of a block's list. */
export interface ListedEvent extends EventKey {
  /** Short digest of its form. */
  readonly short: string
}

export function writeKey({ userId, at, id }: EventKey): string {
  return JSON.stringify([userId, at, id])
}

/** @throws Error if it is not what {@link writeKey} makes */
export function readKey(text: string): EventKey {
  return keyOf(JSON.parse(text))
}

/** The events of a list. @throws Error if it is not a list */
export function readList(events: string): readonly ListedEvent[] {
  const entries: unknown = JSON.parse(events)
  if (!Array.isArray(entries)) throw new Error("not a list of events")
  return entries.map(entry => {
    const [, , , short] = entry as readonly unknown[]
    if (typeof short !== "string") throw new Error("not a list of events")
    return { ...keyOf(entry), short }
  })
}

function keyOf(entry: unknown): EventKey {
  if (!Array.isArray(entry)) throw new Error("not the key of an event")
  const [userId, at, id] = entry as readonly unknown[]
  if (typeof userId !== "string" || typeof at !== "number" || typeof id !== "string")
    throw new Error("not the key of an event")
  return { userId, at, id }
}

/** Digest of events in the order of their list. */
export function digestOfEvents(events: readonly AuditRecord[]): string {
  return digestOf(events.map(formOf))
}

export function shortOf(event: AuditRecord): string {
  return shortDigestOf(formOf(event))
}

/** The hash that a block must have. */
export function hashOf(block: Omit<AuditBlock, "events" | "hash" | "mac">): string {
  const { previousHash, n, at, firstAt, lastAt, count, reached, digest } = block
  const numbers = [n, at, firstAt, lastAt, count].map(String)
  return digestOf(["denglu audit 1", previousHash, ...numbers, writeKey(reached), digest])
}

/** The block of these events, which must not be none, on top of the previous one. */
export function buildBlock(
  previous: Pick<AuditBlock, "n" | "hash"> | undefined,
  events: readonly AuditRecord[],
  reached: EventKey,
  { now, sign }: Pick<SealRequest, "now" | "sign">,
): AuditBlock {
  const times = events.map(({ at }) => at)
  const forms = events.map(formOf)
  const { userId, at, id } = reached
  const unhashed = {
    n: (previous?.n ?? 0) + 1,
    at: now,
    firstAt: times.reduce((one, other) => Math.min(one, other)),
    lastAt: times.reduce((one, other) => Math.max(one, other)),
    count: events.length,
    reached: { userId, at, id },
    digest: digestOf(forms),
    previousHash: previous?.hash ?? "",
  }
  const hash = hashOf(unhashed)
  const list = events.map((event, index) => [
    event.userId,
    event.at,
    event.id,
    shortDigestOf(forms[index] as string),
  ])
  return { ...unhashed, events: JSON.stringify(list), hash, mac: sign(hash) }
}

/** Refuses to build on a block that is not what it was. @throws Error */
export function checkBase(block: AuditBlock, { check }: Pick<SealRequest, "check">): void {
  if (hashOf(block) !== block.hash)
    throw new Error(`block ${block.n} of the audit is not as it was made: see denglu audit verify`)
  check(block)
}

/** What stands in the database, as an event. */
export function eventOf(record: AuditRecord): AuditEvent {
  const { userId, at, id, type, sessionId, appid, actor, detail } = record
  return {
    id,
    at,
    type: type as AuditEvent["type"],
    userId,
    ...(sessionId === null ? {} : { sessionId }),
    ...(appid === null ? {} : { appid }),
    actor: actor as AuditEvent["actor"],
    ...(detail === null ? {} : { detail: JSON.parse(detail) as NonNullable<AuditEvent["detail"]> }),
  }
}

/** An event as it stands in a database. */
export function recordOf(event: AuditEvent): AuditRecord {
  const { id, at, type, userId, sessionId = null, appid = null, actor, detail } = event
  return {
    userId,
    at,
    id,
    type,
    sessionId,
    appid,
    actor,
    detail: detail === undefined ? null : JSON.stringify(detail),
  }
}
