import { buildBlock, checkBase, readKey, readList, writeKey } from "../audit-chain.ts"
import type { AuditBlock, AuditRecord, EventKey, SealOutcome, SealRequest, Span } from "../audit-store.ts"
import { findEvent, keysIn, keyValues, readEvents } from "./audit-events.ts"
import type { Row } from "./rows.ts"
import { type Dialect, type Script, statement } from "./script.ts"

const headColumns = "n, at, first_at, last_at, count, reached, digest, previous_hash, hash, mac"

/** The one row that those wait for who change the chain; nobody who writes an event does. SQLite lets one write at a time anyway. */
function* lockChain(dialect: Dialect): Script<void> {
  if (dialect !== "sqlite")
    yield statement("SELECT value FROM denglu_counters WHERE name = 'audit' FOR UPDATE")
}

export function* findLastBlock(): Script<AuditBlock | undefined> {
  const { rows } = yield statement(`SELECT ${headColumns} FROM denglu_audit_blocks ORDER BY n DESC LIMIT 1`)
  return rows[0] === undefined ? undefined : readBlock(rows[0])
}

export function* listBlocks(after: number, limit: number): Script<AuditBlock[]> {
  const { rows } = yield statement(
    `SELECT ${headColumns}, events FROM denglu_audit_blocks WHERE n > ? ORDER BY n LIMIT ?`,
    after,
    limit,
  )
  return rows.map(readBlock)
}

/** See `AuditStore.sealAuditEvents`. */
export function* sealEvents(dialect: Dialect, request: SealRequest): Script<SealOutcome> {
  const { until, limit, lateIn } = request
  yield* lockChain(dialect)
  const last = yield* findLastBlock()
  const late = lateIn === undefined || last === undefined ? [] : yield* findLate(dialect, lateIn, last, limit)
  const left = limit - late.length
  const next = left === 0 ? [] : yield* readEvents(dialect, last?.reached, until, left)
  const events = [...late, ...next]
  const reached = next.at(-1) ?? last?.reached
  if (events.length === 0 || reached === undefined) return { sealed: 0, more: false, moreLate: false }
  if (last !== undefined) checkBase(last, request)
  yield* addBlock(buildBlock(last, events, reached, request))
  return { sealed: events.length, more: events.length === limit, moreLate: late.length === limit }
}

function* addBlock(block: AuditBlock): Script<void> {
  yield statement(
    `INSERT INTO denglu_audit_blocks (${headColumns}, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    block.n,
    block.at,
    block.firstAt,
    block.lastAt,
    block.count,
    writeKey(block.reached),
    block.digest,
    block.previousHash,
    block.hash,
    block.mac,
    block.events,
  )
}

/** Blocks looked at for what came late: at least an hour's, and the last ten minutes' also where five thousand logins come each second. */
const recentBlocks = 10_000
/** Keys read in one statement. */
const keysAtOnce = 2_000

/**
 * Events of a span, before what the blocks have reached and in none of them: a statement took its time, or a clock was set back. Only their
 * number is looked at, by the index on their time alone, until it says that there are some.
 */
function* findLate(
  dialect: Dialect,
  { since, until }: Span,
  last: AuditBlock,
  limit: number,
): Script<AuditRecord[]> {
  const { reached } = last
  if (since > reached.at) return []
  const { rows } = yield statement(
    `SELECT n, first_at, last_at, count FROM denglu_audit_blocks
      WHERE n > ? AND last_at >= ? AND first_at < ? ORDER BY n`,
    last.n - recentBlocks,
    since,
    until,
  )
  const blocks = rows as unknown as readonly { n: number; first_at: number; last_at: number; count: number }[]
  const isWhole = (block: (typeof blocks)[number]) => block.first_at >= since && block.last_at < until
  const partly = blocks.filter(block => !isWhole(block)).map(({ n }) => n)
  const listed = (yield* listedIn(partly)).filter(({ at }) => at >= since && at < until).length
  const known = blocks.filter(isWhole).reduce((sum, { count }) => sum + count, listed)
  const { behind } = keysIn(dialect)
  const before = yield statement(
    "SELECT count(*) AS count FROM denglu_audit WHERE at >= ? AND at < ?",
    since,
    Math.min(until, reached.at),
  )
  let found = Number(before.rows[0]?.count)
  if (until > reached.at) {
    const beside = yield statement(
      `SELECT count(*) AS count FROM denglu_audit WHERE at = ? AND NOT (${behind})`,
      reached.at,
      ...keyValues(reached),
    )
    found += Number(beside.rows[0]?.count)
  }
  if (found <= known) return []
  const sealed = new Set((yield* listedIn(blocks.map(({ n }) => n))).map(writeKey))
  return yield* findUnlisted(dialect, { since, until, reached, sealed, limit })
}

/** The lists of blocks, as one. */
function* listedIn(numbers: readonly number[]): Script<EventKey[]> {
  const listed: EventKey[] = []
  for (const n of numbers) {
    const { rows } = yield statement("SELECT events FROM denglu_audit_blocks WHERE n = ?", n)
    const events = rows[0]?.events as string | undefined
    if (events !== undefined && events !== "") listed.push(...readList(events))
  }
  return listed
}

interface Search extends Span {
  readonly reached: EventKey
  readonly sealed: ReadonlySet<string>
  readonly limit: number
}

function* findUnlisted(
  dialect: Dialect,
  { since, until, reached, sealed, limit }: Search,
): Script<AuditRecord[]> {
  const { order, behind } = keysIn(dialect)
  const late: AuditRecord[] = []
  let after: EventKey = { at: since, userId: "", id: "" }
  for (;;) {
    const { rows } = yield statement(
      `SELECT user_id, at, id FROM denglu_audit WHERE at <= ? AND NOT (${behind}) AND ${behind}
        ORDER BY ${order} LIMIT ?`,
      Math.min(until - 1, reached.at),
      ...keyValues(reached),
      ...keyValues(after),
      keysAtOnce,
    )
    for (const row of rows) {
      const key = { userId: row.user_id as string, at: row.at as number, id: row.id as string }
      after = key
      if (sealed.has(writeKey(key))) continue
      const event = yield* findEvent(key)
      if (event !== undefined) late.push(event)
      if (late.length === limit) return late
    }
    if (rows.length < keysAtOnce) return late
  }
}

/** Events dropped in one statement. */
const dropsAtOnce = 50

/** See `AuditStore.dropAuditBlock`. */
export function* dropBlock(dialect: Dialect, before: number): Script<number> {
  const { rows } = yield statement(
    "SELECT n, last_at, (SELECT max(n) FROM denglu_audit_blocks) AS head FROM denglu_audit_blocks WHERE events <> '' ORDER BY n LIMIT 1",
  )
  const [oldest] = rows
  if (oldest === undefined || Number(oldest.last_at) >= before || oldest.n === oldest.head) return 0
  yield* lockChain(dialect)
  const n = oldest.n as number
  const list = yield* listedIn([n])
  for (let from = 0; from < list.length; from += dropsAtOnce) {
    const chunk = list.slice(from, from + dropsAtOnce)
    yield statement(
      `DELETE FROM denglu_audit WHERE ${chunk.map(() => "(user_id = ? AND at = ? AND id = ?)").join(" OR ")}`,
      ...chunk.flatMap(({ userId, at, id }) => [userId, at, id]),
    )
  }
  yield statement("UPDATE denglu_audit_blocks SET events = '' WHERE n = ?", n)
  yield statement("DELETE FROM denglu_audit_blocks WHERE n < ?", n)
  return list.length
}

/** @param row `events` may be left out */
function readBlock(row: Row): AuditBlock {
  return {
    n: row.n as number,
    at: row.at as number,
    firstAt: row.first_at as number,
    lastAt: row.last_at as number,
    count: row.count as number,
    reached: readKey(row.reached as string),
    digest: row.digest as string,
    events: (row.events as string | undefined) ?? "",
    previousHash: row.previous_hash as string,
    hash: row.hash as string,
    mac: row.mac as string,
  }
}
