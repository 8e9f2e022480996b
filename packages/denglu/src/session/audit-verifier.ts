import type { Clock } from "../clock.ts"
import {
  digestOfEvents,
  hashOf,
  type ListedEvent,
  readList,
  shortOf,
  writeKey,
} from "../store/audit-chain.ts"
import type { AuditBlock, AuditRecord, AuditStore, EventKey } from "../store/audit-store.ts"
import type { AuditMac } from "./audit-mac.ts"

/** What a look at the whole audit has found. */
export interface AuditVerdict {
  /** Whether everything is as it was written. */
  readonly ok: boolean
  /** The first thing that is not. */
  readonly fault: AuditFault | undefined
  /** Blocks and events that were looked at and found good. */
  readonly blocks: number
  readonly events: number
  /** The last block that was looked at: kept elsewhere, it shows later whether the end of the chain was cut off. */
  readonly head: AuditHead | undefined
  /** What was dropped because its time was over: the last block of it, and its last event. */
  readonly dropped: { readonly n: number; readonly lastAt: number } | undefined
  /** Blocks whose mac could not be checked, because their secret is not in the list any more. */
  readonly unchecked: number
  /** Events that were put into a block more than a minute after their time: no server ran, one stood still, or somebody wrote into the past. */
  readonly late: number
  /** Events of the last two minutes that are in no block yet. */
  readonly waiting: number
}

export interface AuditHead {
  readonly n: number
  readonly hash: string
}

/**
 * What is wrong:
 *
 * - `event_changed`, `event_missing`: it is in block `n`, and is not as it was sealed, or not there.
 * - `event_slipped_in`: it is in no block, though later ones are.
 * - `event_unsealed`: it is older than two minutes and in no block; no server has sealed since.
 * - `block_changed`: block `n` is not as it was made, or does not follow from the one before.
 * - `block_missing`: block `n` is not there, or its list is not.
 * - `block_forged`: block `n` was not made with any secret of ours.
 * - `head_differs`: block `n` is not the one that was expected. `head_missing`: the chain ends before it.
 */
export interface AuditFault {
  readonly kind:
    | "event_changed"
    | "event_missing"
    | "event_slipped_in"
    | "event_unsealed"
    | "block_changed"
    | "block_missing"
    | "block_forged"
    | "head_differs"
    | "head_missing"
  readonly n: number | undefined
  readonly event: EventKey | undefined
}

export interface VerifyOptions {
  readonly store: Pick<
    AuditStore,
    "listAuditBlocks" | "findLastAuditBlock" | "readAuditEvents" | "findAuditEvent"
  >
  readonly mac: AuditMac
  readonly clock: Clock
  /** A head that was kept elsewhere: the chain must still have it. */
  readonly expect?: AuditHead | undefined
  /** Called every hundred blocks with the number of the block that is looked at, and of the last one there was at the beginning. */
  readonly onProgress?: ((n: number, last: number) => void) | undefined
}

/** How old (ms) an event may be that is in no block. */
const patience = 120_000
const lateAfter = 60_000
const blocksAtOnce = 20
const eventsAtOnce = 2_000
/** Events in no block yet that are kept in mind while the chain is gone through; more can't all be late. */
const mostOpen = 100_000
/** Looks at a chain whose beginning is being dropped meanwhile. */
const mostLooks = 5

/**
 * Goes through the whole chain, from its first block to the last, and through all events beside it. Servers may go on writing, sealing and dropping
 * meanwhile. It holds a few thousand events in memory, however many there are.
 */
export async function verifyAudit(options: VerifyOptions): Promise<AuditVerdict> {
  const { store } = options
  for (let looks = 1; ; looks += 1) {
    const verdict = await look(options)
    const n = verdict.fault?.n
    if (n === undefined || looks === mostLooks) return verdict
    // What is missing may have been dropped while we looked at it.
    const [there] = await store.listAuditBlocks(n - 1, 1)
    if (there !== undefined && there.n > n) continue
    if (there?.n === n && there.events === "" && verdict.dropped?.n !== n) continue
    return verdict
  }
}

class Fault extends Error {
  readonly fault: AuditFault

  constructor(kind: AuditFault["kind"], n?: number, event?: EventKey) {
    super(kind)
    const key = event && { userId: event.userId, at: event.at, id: event.id }
    this.fault = { kind, n, event: key }
  }
}

async function look({ store, mac, clock, expect, onProgress }: VerifyOptions): Promise<AuditVerdict> {
  const last = (await store.findLastAuditBlock())?.n ?? 0
  const stream = createEventStream(store)
  const found = { blocks: 0, events: 0, unchecked: 0, late: 0, waiting: 0 }
  let dropped: AuditVerdict["dropped"]
  let previous: AuditBlock | undefined

  async function goThrough(): Promise<void> {
    for (;;) {
      const blocks = await store.listAuditBlocks(previous?.n ?? 0, blocksAtOnce)
      for (const block of blocks) {
        await lookAt(block)
        previous = block
        if (expect?.n === block.n && expect.hash !== block.hash) throw new Fault("head_differs", block.n)
        if (block.n % 100 === 0) onProgress?.(block.n, Math.max(last, block.n))
      }
      if (blocks.length < blocksAtOnce) return
    }
  }

  async function lookAt(block: AuditBlock): Promise<void> {
    const { n, events, previousHash } = block
    if (previous === undefined && events === "") {
      checkBlock(block)
      dropped = { n, lastAt: block.lastAt }
      return
    }
    if (n !== (previous?.n ?? 0) + 1) throw new Fault("block_missing", (previous?.n ?? 0) + 1)
    if (events === "") throw new Fault("block_missing", n)
    if (previousHash !== (previous?.hash ?? "")) throw new Fault("block_changed", n)
    const list = listOf(block)
    const records = await recordsOf(block, list)
    if (digestOfEvents(records) !== block.digest) throw new Fault("block_changed", n)
    checkBlock(block)
    found.blocks += 1
    found.events += records.length
    found.late += records.filter(({ at }) => block.at - at > lateAfter).length
  }

  function checkBlock(block: AuditBlock): void {
    if (hashOf(block) !== block.hash) throw new Fault("block_changed", block.n)
    const verdict = mac.check(block.hash, block.mac)
    if (verdict === "wrong") throw new Fault("block_forged", block.n)
    if (verdict === "unknown") found.unchecked += 1
  }

  async function recordsOf({ n, reached }: AuditBlock, list: readonly ListedEvent[]): Promise<AuditRecord[]> {
    await stream.readTo(reached.at)
    const records: AuditRecord[] = []
    for (const listed of list) {
      const record = stream.take(listed) ?? (await store.findAuditEvent(listed))
      if (record === undefined) throw new Fault("event_missing", n, listed)
      if (shortOf(record) !== listed.short) throw new Fault("event_changed", n, listed)
      records.push(record)
    }
    return records
  }

  /** What is left over when all blocks were gone through. */
  async function lookAtRest(): Promise<void> {
    const now = clock()
    do {
      const left = () => [...stream.open.values()].find(event => now - event.at > patience)
      // Blocks may have come while we looked.
      if (left() !== undefined) await goThrough()
      const event = left()
      if (event === undefined) continue
      const isBefore = previous !== undefined && event.at <= previous.reached.at
      throw new Fault(isBefore ? "event_slipped_in" : "event_unsealed", undefined, event)
    } while (await stream.readMore())
    found.waiting = stream.open.size
  }

  const verdict = (fault: AuditFault | undefined): AuditVerdict => ({
    ok: fault === undefined,
    fault,
    ...found,
    head: previous && { n: previous.n, hash: previous.hash },
    dropped,
  })
  try {
    await goThrough()
    await lookAtRest()
    if (expect !== undefined && expect.n > (previous?.n ?? 0)) throw new Fault("head_missing", expect.n)
    return verdict(undefined)
  } catch (error) {
    if (error instanceof Fault) return verdict(error.fault)
    throw error
  }
}

function listOf({ n, events, count, firstAt, lastAt }: AuditBlock): readonly ListedEvent[] {
  try {
    const list = readList(events)
    const times = list.map(({ at }) => at)
    const [first, last] = [Math.min(...times), Math.max(...times)]
    if (list.length === count && first === firstAt && last === lastAt) return list
  } catch {
    // Not even a list.
  }
  throw new Fault("block_changed", n)
}

/** Events in the order of time, and those of them that no block has named yet. */
function createEventStream(store: Pick<AuditStore, "readAuditEvents">) {
  const open = new Map<string, AuditRecord>()
  let after: EventKey | undefined

  async function readMore(): Promise<boolean> {
    const page = await store.readAuditEvents(after, eventsAtOnce)
    for (const record of page) open.set(writeKey(record), record)
    after = page.at(-1) ?? after
    return page.length > 0
  }

  return {
    open,
    readMore,
    /** Reads all events up to this moment. */
    async readTo(at: number): Promise<void> {
      while (after === undefined || after.at <= at) {
        if (!(await readMore())) return
        const [oldest] = open.values()
        if (open.size > mostOpen) throw new Fault("event_slipped_in", undefined, oldest)
      }
    },
    take(key: EventKey): AuditRecord | undefined {
      const text = writeKey(key)
      const record = open.get(text)
      open.delete(text)
      return record
    },
  }
}
