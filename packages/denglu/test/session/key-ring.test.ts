import { expect, test } from "vitest"
import { createRandomBytes } from "../../src/random.ts"
import { openKeyRing } from "../../src/session/key-ring.ts"
import { createSealer } from "../../src/session/sealer.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { Store } from "../../src/store/store.ts"

const secret = "kZ3vQ8xN1mT6bR4yW9cJ2hL7pS5dF0gA"
const now = 1_800_000_000_000

function open(store: Store, onRotated: (kid: string) => void = () => {}) {
  const random = createRandomBytes()
  return openKeyRing({
    store,
    sealer: createSealer(createSecretRing([secret]), random),
    clock: () => now,
    random,
    rotateEvery: 1e9,
    keepPrevious: 1e6,
    onRotated,
  })
}

/** A store in which somebody else is faster, once: `first` happens before the first replacement. */
function overtaken(store: Store, first: () => Promise<unknown>): Store {
  let isFirst = true
  return {
    ...store,
    async replaceSigningKeys(...args) {
      if (isFirst) {
        isFirst = false
        await first()
      }
      return store.replaceSigningKeys(...args)
    },
  }
}

test("a forced rotation is not lost to a process that only dropped an outlived key", async () => {
  const store = createMemoryStore()
  await open(store)
  const records = await store.listSigningKeys()
  const outlived = { ...(records[0] as (typeof records)[0]), kid: "outlived", status: "previous" } as const
  const occasion = { now, eventId: "e", actor: "system" } as const
  const kids = records.map(({ kid }) => kid)
  expect(await store.replaceSigningKeys(kids, [...records, outlived], occasion)).toBe(true)
  const rotated: string[] = []
  const dropped = () =>
    store.replaceSigningKeys([...kids, "outlived"], records, { ...occasion, eventId: "f" })
  const ring = await open(overtaken(store, dropped), kid => rotated.push(kid))
  const before = ring.current().kid
  expect(await ring.rotate(true)).toBe(true)
  expect(ring.current().kid).not.toBe(before)
  expect(rotated).toEqual([ring.current().kid])
})

test("two forced rotations at once are one: the key that both wanted away is away", async () => {
  const store = createMemoryStore()
  const other = await open(store)
  const ring = await open(overtaken(store, () => other.rotate(true)))
  const before = ring.current().kid
  await ring.rotate(true)
  expect(ring.current().kid).toBe(other.current().kid)
  expect((await store.listSigningKeys()).map(({ kid, status }) => [kid === before, status])).toContainEqual([
    true,
    "previous",
  ])
  expect(await store.listSigningKeys()).toHaveLength(3)
})
