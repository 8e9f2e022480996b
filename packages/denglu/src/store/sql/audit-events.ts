import type { AuditEvent } from "../audit-store.ts"
import { type Statement, statement } from "./script.ts"

/** The statement that records an event, for the transaction of what it is about. */
export function recordEvent(event: AuditEvent): Statement {
  return recordEvents([event])
}

/** The statement that records events. Always as many at once makes a statement that is prepared once. */
export function recordEvents(events: readonly AuditEvent[]): Statement {
  return statement(
    `INSERT INTO denglu_audit (user_id, at, id, type, session_id, appid, actor, detail)
      VALUES ${events.map(() => "(?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
    ...events.flatMap(({ id, at, type, userId, sessionId = null, appid = null, actor, detail }) => [
      userId,
      at,
      id,
      type,
      sessionId,
      appid,
      actor,
      detail === undefined ? null : JSON.stringify(detail),
    ]),
  )
}
