import type { Clock } from "../clock.ts"
import type { Logger } from "../log.ts"
import type { AuditBlock, AuditStore, Span } from "../store/audit-store.ts"
import type { AuditMac } from "./audit-mac.ts"

/** Puts the events of the audit into blocks, and drops the oldest ones. Any number of instances may do it: the store lets one at a time. */
export interface AuditSealer {
  /** Seals what is due, as many blocks as it takes. */
  seal(): Promise<void>
  /** Seals everything there is, so that nothing waits while no server runs. */
  sealAll(): Promise<void>
  /** Drops the blocks whose time is over, with their events. */
  drop(): Promise<void>
}

export interface AuditSealerOptions {
  readonly store: Pick<AuditStore, "sealAuditEvents" | "findLastAuditBlock" | "dropAuditBlock">
  readonly mac: AuditMac
  readonly clock: Clock
  readonly log: Logger
  /** How long (ms) events are kept. */
  readonly keepFor: number
}

/** How often (ms) {@link AuditSealer.seal} wants to be called. */
export const sealEvery = 5_000
/**
 * Events younger than this (ms) are left for later: a statement of their time may still be under way. No statement takes longer than the answer
 * deadline of 4 seconds.
 */
const settled = 5_000
/** Events that come later all the same, from a process that stood still or a clock that was set back, are looked for so far back (ms). */
const lookBack = 600_000
/** So much (ms) of that is looked at in one call: SQLite counts the events of that time while the event loop waits. All of it comes four times. */
const lookAtOnce = 20_000
/** Another instance's clock may be ahead. */
const endOfTime = Number.MAX_SAFE_INTEGER
/** Events in a block: below 10 ms in SQLite, where sealing and dropping one holds the event loop. */
const eventsInOneBlock = 500
/** Between two blocks (ms), while requests are answered: after a rush very many are due. */
const pauseBetween = 10

export function createAuditSealer(options: AuditSealerOptions): AuditSealer {
  const { store, mac, clock, log, keepFor } = options
  /** Up to when it was looked for late events; `undefined` before the first time. */
  let lookedUntil: number | undefined
  let toldOf = ""

  function check(block: AuditBlock): void {
    const verdict = mac.check(block.hash, block.mac)
    if (verdict === "wrong")
      throw new Error(`block ${block.n} of the audit was not made with our secret: see denglu audit verify`)
    if (verdict === "right" || toldOf === block.hash) return
    toldOf = block.hash
    log.warn(
      { block: block.n },
      "the audit goes on from a block whose secret is not in the list any more: put the old secret behind the new one",
    )
  }

  /** The first time all, also what an earlier server has left: events that were late when it was killed. Then a part each time. */
  async function nextSpan(size: number): Promise<Span> {
    const now = clock()
    if (lookedUntil === undefined) {
      const last = await store.findLastAuditBlock()
      return { since: Math.min(last?.reached.at ?? now, now) - lookBack, until: endOfTime }
    }
    const isWithin = size < lookBack && lookedUntil >= now - lookBack && lookedUntil < now
    const since = isWithin ? lookedUntil : now - lookBack
    return { since, until: since + size < now ? since + size : endOfTime }
  }

  async function sealUntil(age: number, span: Span, pause: number): Promise<void> {
    // Not with each block: while a look at very many events goes on, as many new ones may come.
    let lateIn: Span | undefined = span
    for (;;) {
      const now = clock()
      const request = { now, until: now - age, lateIn, limit: eventsInOneBlock, sign: mac.sign, check }
      const { more, moreLate } = await store.sealAuditEvents(request)
      if (!moreLate) lateIn = undefined
      if (!more) break
      await later(pause)
    }
    lookedUntil = span.until
  }

  return {
    seal: async () => sealUntil(settled, await nextSpan(lookAtOnce), pauseBetween),
    sealAll: async () => sealUntil(0, await nextSpan(lookBack), 0),
    async drop() {
      while ((await store.dropAuditBlock(clock() - keepFor)) > 0) await later(pauseBetween)
    },
  }
}

/** Whoever waits goes first. */
function later(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
