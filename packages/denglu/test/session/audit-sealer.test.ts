import { expect, test } from "vitest"
import { createAuditMac } from "../../src/session/audit-mac.ts"
import { createAuditSealer, sealEvery } from "../../src/session/audit-sealer.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import type { SealRequest, Span } from "../../src/store/audit-store.ts"
import { minute, start } from "../../src/store/contract/store-case.ts"
import { openStore } from "../../src/store/open-store.ts"

const mac = createAuditMac(createSecretRing(["5f3a9c1e7b2d4086-a1b2c3d4e5f60718-audit"]))

/** A sealer over SQLite, and where it looked for what came late. */
async function watched() {
  const store = await openStore("sqlite::memory:")
  const asked: (Span | undefined)[] = []
  const clock = { now: start }
  const sealer = createAuditSealer({
    store: {
      findLastAuditBlock: () => store.findLastAuditBlock(),
      dropAuditBlock: before => store.dropAuditBlock(before),
      sealAuditEvents(request: SealRequest) {
        asked.push(request.lateIn)
        return store.sealAuditEvents(request)
      },
    },
    mac,
    clock: () => clock.now,
    log: { info() {}, warn() {}, error() {} },
    keepFor: 1_000 * minute,
  })
  const record = (count: number, at: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        store.recordAuditEvent({
          id: `${at} ${index}`,
          at,
          type: "user.updated",
          userId: `u${index % 7}`,
          actor: "user",
        }),
      ),
    )
  return { store, sealer, clock, asked, record }
}

test("however many blocks are due, what came late is looked for once", async () => {
  const { store, sealer, clock, asked, record } = await watched()
  await record(2_300, start)
  clock.now = start + minute
  await sealer.seal()
  expect(asked.map(span => span !== undefined)).toEqual([true, false, false, false, false])
  expect((await store.listAuditBlocks(0, 100)).map(({ count }) => count)).toEqual([500, 500, 500, 500, 300])
  await store.close()
})

test("of more late ones than a block takes none is left", async () => {
  const { store, sealer, clock, record } = await watched()
  await record(1, start)
  clock.now = start + minute
  await sealer.seal()
  await record(2_500, start - minute)
  await sealer.sealAll()
  const blocks = await store.listAuditBlocks(0, 100)
  expect(blocks.reduce((sum, { count }) => sum + count, 0)).toBe(2_501)
  await store.close()
})

test("a part of the last ten minutes at a time, and each moment of them three times at least", async () => {
  const { store, sealer, clock, asked } = await watched()
  await sealer.seal()
  asked.length = 0
  const moment = start + 15 * minute
  let looks = 0
  while (clock.now < moment + 10 * minute) {
    clock.now += sealEvery
    await sealer.seal()
    const span = asked.at(-1) as Span
    expect(Math.min(span.until, clock.now) - span.since).toBeLessThanOrEqual(20_000)
    if (moment >= span.since && moment < Math.min(span.until, clock.now)) looks += 1
  }
  expect(looks).toBeGreaterThanOrEqual(3)
  await store.close()
})

test("an event that came late is sealed within three minutes", async () => {
  const { store, sealer, clock, record } = await watched()
  await record(1, start)
  clock.now = start + minute
  await sealer.seal()
  await record(1, start - 7 * minute)
  for (let passed = 0; passed < 3 * minute; passed += sealEvery) {
    clock.now += sealEvery
    await sealer.seal()
  }
  const blocks = await store.listAuditBlocks(0, 100)
  expect(blocks.map(({ count }) => count)).toEqual([1, 1])
  await store.close()
})
