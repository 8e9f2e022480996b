import type { AuditEvent } from "../audit-store.ts"
import { type Statement, statement } from "./script.ts"

/** The statement that records an event, for the transaction of what it is about. */
export function recordEvent(event: AuditEvent): Statement {
  const { id, at, type, userId, sessionId = null, appid = null, actor, detail } = event
  return statement(
    `INSERT INTO denglu_audit (user_id, at, id, type, session_id, appid, actor, detail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    userId,
    at,
    id,
    type,
    sessionId,
    appid,
    actor,
    detail === undefined ? null : JSON.stringify(detail),
  )
}
