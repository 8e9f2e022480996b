import type { AuditStore } from "../audit-store.ts"
import { dropBlock, findLastBlock, listBlocks, sealEvents } from "./audit-blocks.ts"
import { findEvent, listEventsOf, readEvents, recordOne } from "./audit-events.ts"
import type { ScriptRunner } from "./script.ts"

/** The audit of SQLite, PostgreSQL and MySQL. */
export function auditByScripts({ write, read }: ScriptRunner): AuditStore {
  return {
    recordAuditEvent: event => write(() => recordOne(event)),
    listAuditEvents: (userId, limit, before) => read(() => listEventsOf(userId, limit, before)),
    sealAuditEvents: request => write(dialect => sealEvents(dialect, request)),
    listAuditBlocks: (after, limit) => read(() => listBlocks(after, limit)),
    findLastAuditBlock: () => read(findLastBlock),
    readAuditEvents: (after, limit) =>
      read(dialect => readEvents(dialect, after, Number.MAX_SAFE_INTEGER, limit)),
    findAuditEvent: key => read(() => findEvent(key)),
    dropAuditBlock: before => write(dialect => dropBlock(dialect, before)),
  }
}
