import { eventOf, recordOf } from "../audit-chain.ts"
import type { AuditEvent, AuditRecord, EventKey, EventPlace } from "../audit-store.ts"
import type { Row } from "./rows.ts"
import { type Dialect, type Script, type Statement, statement } from "./script.ts"

const eventColumns = "user_id, at, id, type, session_id, appid, actor, detail"

/** The statement that records an event, for the transaction of what it is about. */
export function recordEvent(event: AuditEvent): Statement {
  return recordEvents([event])
}

/** The statement that records events. Always as many at once makes a statement that is prepared once. */
export function recordEvents(events: readonly AuditEvent[]): Statement {
  return statement(
    `INSERT INTO denglu_audit (${eventColumns})
      VALUES ${events.map(() => "(?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
    ...events
      .map(recordOf)
      .flatMap(({ userId, at, id, type, sessionId, appid, actor, detail }) => [
        userId,
        at,
        id,
        type,
        sessionId,
        appid,
        actor,
        detail,
      ]),
  )
}

export function* recordOne(event: AuditEvent): Script<void> {
  yield recordEvent(event)
}

export function* listEventsOf(
  userId: string,
  limit: number,
  before: EventPlace | undefined,
): Script<AuditEvent[]> {
  const behind = before === undefined ? "" : "AND (at < ? OR (at = ? AND id < ?))"
  const { rows } = yield statement(
    `SELECT ${eventColumns} FROM denglu_audit WHERE user_id = ? ${behind} ORDER BY at DESC, id DESC LIMIT ?`,
    userId,
    ...(before === undefined ? [] : [before.at, before.at, before.id]),
    limit,
  )
  return rows.map(row => eventOf(readRecord(row)))
}

/** Events behind a key and not after a moment, in the order of their keys. */
export function* readEvents(
  dialect: Dialect,
  after: EventKey | undefined,
  until: number,
  limit: number,
): Script<AuditRecord[]> {
  const { order, behind } = keysIn(dialect)
  const { rows } = yield statement(
    `SELECT ${eventColumns} FROM denglu_audit WHERE at <= ? ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY ${order} LIMIT ?`,
    until,
    ...(after === undefined ? [] : keyValues(after)),
    limit,
  )
  return rows.map(readRecord)
}

export function* findEvent({ userId, at, id }: EventKey): Script<AuditRecord | undefined> {
  const { rows } = yield statement(
    `SELECT ${eventColumns} FROM denglu_audit WHERE user_id = ? AND at = ? AND id = ?`,
    userId,
    at,
    id,
  )
  return rows[0] === undefined ? undefined : readRecord(rows[0])
}

/**
 * How keys are ordered and compared: byte by byte, which PostgreSQL must be told. `behind` wants {@link keyValues}. The comparison of `at`
 * by itself is what goes by an index.
 */
export function keysIn(dialect: Dialect) {
  const bytewise = dialect === "postgres" ? ' COLLATE "C"' : ""
  const [userId, id] = [`user_id${bytewise}`, `id${bytewise}`]
  return {
    order: `at, ${userId}, ${id}`,
    behind: `at >= ? AND (at > ? OR ${userId} > ? OR (user_id = ? AND ${id} > ?))`,
  }
}

export function keyValues({ userId, at, id }: EventKey) {
  return [at, at, userId, userId, id] as const
}

function readRecord(row: Row): AuditRecord {
  return {
    userId: row.user_id as string,
    at: row.at as number,
    id: row.id as string,
    type: row.type as string,
    sessionId: row.session_id as string | null,
    appid: row.appid as string | null,
    actor: row.actor as string,
    detail: row.detail as string | null,
  }
}
