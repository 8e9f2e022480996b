import { buildBlock, checkBase, eventOf, readList, recordOf, writeKey } from "./audit-chain.ts"
import type { AuditBlock, AuditRecord, AuditStore, EventKey, SealRequest } from "./audit-store.ts"
import type { MemoryState, RunInMemory } from "./memory-state.ts"

/** The audit of the store in memory. Events are sealed in the order in which they came, so that none is ever late. */
export function auditInMemory(state: MemoryState, run: RunInMemory): AuditStore {
  const blocks: AuditBlock[] = []
  /** So many of the events are in blocks. */
  let sealed = 0

  function seal(request: SealRequest) {
    const { until, limit } = request
    const waiting = state.audit.slice(sealed, sealed + limit)
    const firstTooYoung = waiting.findIndex(({ at }) => at > until)
    const due = firstTooYoung === -1 ? waiting : waiting.slice(0, firstTooYoung)
    if (due.length === 0) return { sealed: 0, more: false, moreLate: false }
    const events = due.map(recordOf).sort(byKey)
    const last = blocks.at(-1)
    if (last !== undefined) checkBase(last, request)
    const latest = events.at(-1) as AuditRecord
    const reached = last !== undefined && byKey(last.reached, latest) > 0 ? last.reached : latest
    blocks.push(buildBlock(last, events, reached, request))
    sealed += due.length
    return { sealed: due.length, more: due.length === limit, moreLate: false }
  }

  function drop(before: number): number {
    const at = blocks.findIndex(({ events }) => events !== "")
    const oldest = blocks[at]
    if (oldest === undefined || oldest.lastAt >= before || oldest === blocks.at(-1)) return 0
    const keys = new Set(readList(oldest.events).map(writeKey))
    state.audit = state.audit.filter(event => !keys.has(writeKey(event)))
    sealed -= keys.size
    blocks.splice(0, at + 1, { ...oldest, events: "" })
    return keys.size
  }

  return {
    recordAuditEvent: event => run(() => void state.audit.push(event)),
    listAuditEvents: (userId, limit, before) =>
      run(() =>
        state.audit
          .filter(event => event.userId === userId)
          .map(recordOf)
          .sort(byKey)
          .reverse()
          .filter(event => before === undefined || byKey(event, { userId, ...before }) < 0)
          .slice(0, limit)
          .map(eventOf),
      ),
    sealAuditEvents: request => run(() => seal(request)),
    listAuditBlocks: (after, limit) => run(() => blocks.filter(({ n }) => n > after).slice(0, limit)),
    findLastAuditBlock: () =>
      run(() => {
        const last = blocks.at(-1)
        return last === undefined ? undefined : { ...last, events: "" }
      }),
    readAuditEvents: (after, limit) =>
      run(() =>
        state.audit
          .map(recordOf)
          .sort(byKey)
          .filter(event => after === undefined || byKey(event, after) > 0)
          .slice(0, limit),
      ),
    findAuditEvent: key =>
      run(() => state.audit.map(recordOf).find(event => writeKey(event) === writeKey(key))),
    dropAuditBlock: before => run(() => drop(before)),
  }
}

function byKey(one: EventKey, other: EventKey): number {
  if (one.at !== other.at) return one.at - other.at
  return compare(one.userId, other.userId) || compare(one.id, other.id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
