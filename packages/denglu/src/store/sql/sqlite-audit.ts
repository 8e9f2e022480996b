import type { DatabaseSync } from "node:sqlite"
import { recordOf } from "../audit-chain.ts"
import type { AuditEvent } from "../audit-store.ts"

/** Records an event inside the transaction of what it is about. */
export type RecordOnSqlite = (event: AuditEvent) => void

export function prepareRecord(database: DatabaseSync): RecordOnSqlite {
  const record = database.prepare(`
    INSERT INTO audit (user_id, at, id, type, session_id, appid, actor, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  return event => {
    const { userId, at, id, type, sessionId, appid, actor, detail } = recordOf(event)
    record.run(userId, at, id, type, sessionId, appid, actor, detail)
  }
}
