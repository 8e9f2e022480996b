import assert from "node:assert/strict"
import { digestOfEvents, hashOf, readList, writeKey } from "../audit-chain.ts"
import type { AuditBlock, AuditEvent, AuditRecord, SealRequest } from "../audit-store.ts"
import type { Store } from "../store.ts"
import { eventId, minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

function seal(store: Store, given: Partial<SealRequest> = {}) {
  return store.sealAuditEvents({
    now: start + minute,
    until: start + minute,
    lateIn: { since: (given.now ?? start) - 10 * minute, until: Number.MAX_SAFE_INTEGER },
    limit: 1_000,
    sign: hash => `mac of ${hash}`,
    check: () => {},
    ...given,
  })
}

async function record(store: Store, given: Partial<AuditEvent> = {}): Promise<AuditEvent> {
  const event = {
    id: eventId(),
    at: start,
    type: "user.updated",
    userId: "u",
    actor: "user",
    ...given,
  } as const
  await store.recordAuditEvent(event)
  return event
}

/** All events in all blocks, by their keys, after everything about the chain was found as it should be. */
async function checkedChain(store: Store): Promise<string[]> {
  const blocks = await store.listAuditBlocks(0, 1_000)
  const keys: string[] = []
  let previous: AuditBlock | undefined
  for (const block of blocks) {
    const events: AuditRecord[] = []
    for (const listed of readList(block.events)) {
      keys.push(writeKey(listed))
      events.push((await store.findAuditEvent(listed)) as AuditRecord)
    }
    assert.equal(block.n, (previous?.n ?? 0) + 1)
    assert.equal(block.previousHash, previous?.hash ?? "")
    assert.equal(block.digest, digestOfEvents(events))
    assert.equal(block.hash, hashOf(block))
    assert.equal(block.mac, `mac of ${block.hash}`)
    assert.equal(block.count, events.length)
    assert.equal(block.firstAt, Math.min(...events.map(({ at }) => at)))
    assert.equal(block.lastAt, Math.max(...events.map(({ at }) => at)))
    previous = block
  }
  assert.deepEqual(await store.findLastAuditBlock(), previous && { ...previous, events: "" })
  return keys
}

export const auditChainCases: readonly StoreCase[] = [
  storeCase("of 8 who seal at once, each event comes into one block, in their order", async store => {
    const odd = ["", "u", "U", "u ", "汉字", "~", "_"]
    const events = await times(140, index =>
      record(store, { userId: odd[index % odd.length] as string, at: start + (index % 4) }),
    )
    await times(8, async () => {
      while ((await seal(store, { limit: 9 })).more);
    })
    assert.deepEqual(await seal(store), { sealed: 0, more: false, moreLate: false })
    const keys = await checkedChain(store)
    assert.deepEqual([...keys].sort(), events.map(writeKey).sort())
    const ordered = keys.map(text => JSON.parse(text)[1] as number)
    if (store.engine !== "memory")
      assert.deepEqual(
        ordered,
        [...ordered].sort((one, other) => one - other),
      )
    const read: AuditRecord[] = []
    for (;;) {
      const page = await store.readAuditEvents(read.at(-1), 50)
      if (page.length === 0) break
      read.push(...page)
    }
    assert.deepEqual(read.map(writeKey).sort(), [...keys].sort())
  }),

  storeCase("events of the last moments wait, and those that came late are found", async store => {
    const [early, young] = [await record(store), await record(store, { at: start + 1 })]
    assert.equal((await seal(store, { until: start })).sealed, 1)
    assert.deepEqual(await checkedChain(store), [writeKey(early)])
    assert.equal((await seal(store)).sealed, 1)
    const late = await record(store, { at: start - 9 * minute })
    // In memory nothing is ever late: what comes is sealed in the order in which it came.
    if (store.engine !== "memory") assert.equal((await seal(store, { lateIn: undefined })).sealed, 0)
    if (store.engine !== "memory")
      for (const lateIn of [
        { since: start - 10 * minute, until: late.at },
        { since: late.at + 1, until: start + minute },
      ])
        assert.equal((await seal(store, { lateIn })).sealed, 0)
    assert.equal((await seal(store, { lateIn: { since: late.at, until: late.at + 1 } })).sealed, 1)
    assert.equal((await seal(store)).sealed, 0)
    assert.deepEqual(await checkedChain(store), [early, young, late].map(writeKey))
    if (store.engine === "memory") return
    await record(store, { at: start - 11 * minute })
    assert.equal((await seal(store)).sealed, 0)
  }),

  storeCase("a clock that was set back by an hour keeps nothing from being sealed", async store => {
    const before = await record(store, { at: start })
    await seal(store)
    const [now, until] = [start - 59 * minute, start - 59 * minute]
    const after = await times(30, index => record(store, { at: start - 60 * minute + index }))
    while ((await seal(store, { now, until, limit: 8 })).more);
    const again = await record(store, { at: start + 1 })
    await seal(store)
    assert.deepEqual((await checkedChain(store)).sort(), [before, ...after, again].map(writeKey).sort())
  }),

  storeCase("nothing is built on a block that is refused, and no event is lost by it", async store => {
    await record(store)
    await seal(store)
    const waiting = await record(store, { at: start + 1 })
    const refuse = () => {
      throw new Error("refused")
    }
    await assert.rejects(seal(store, { check: refuse }), { message: "refused" })
    assert.equal((await checkedChain(store)).length, 1)
    await seal(store)
    assert.equal((await checkedChain(store)).at(-1), writeKey(waiting))
  }),

  storeCase(
    "the oldest blocks go with their events, the last one stays, and the one before is the anchor",
    async store => {
      for (const at of [0, 1, 2, 3]) {
        await times(60, () => record(store, { at: start + at }))
        await seal(store)
      }
      const blocks = await store.listAuditBlocks(0, 10)
      assert.equal(await store.dropAuditBlock(start), 0)
      assert.equal(await store.dropAuditBlock(start + 1), 60)
      assert.equal(await store.dropAuditBlock(start + 1), 0)
      assert.deepEqual(await store.listAuditBlocks(0, 1), [{ ...blocks[0], events: "" }])
      const dropped = await times(8, () => store.dropAuditBlock(start + minute))
      assert.ok(dropped.every(count => count === 0 || count === 60))
      while ((await store.dropAuditBlock(start + minute)) > 0);
      assert.deepEqual(await store.listAuditBlocks(0, 10), [{ ...blocks[2], events: "" }, blocks[3]])
      assert.equal((await store.readAuditEvents(undefined, 1_000)).length, 60)
      await record(store, { at: start + 4 })
      await seal(store)
      assert.equal((await store.findLastAuditBlock())?.n, 5)
    },
  ),
]
