import assert from "node:assert/strict"
import type { Store } from "../store.ts"
import { merge, merging, undo } from "./merging.ts"
import { eventId, logIn, occasion, type StoreCase, start, storeCase, times } from "./store-case.ts"

const number = "+8613800138000"
const other = "+8613900139000"

const person = async (store: Store) => (await logIn(store)).user.id
const numberOf = async (store: Store, userId: string) => (await store.findPhone(userId))?.phone

async function bind(store: Store, userId: string, phone: string) {
  const facts = { countryCode: "86", appid: "shop", verifiedAt: start, smsVerifiedAt: null, proof: "proof" }
  return (await store.bindPhone({ userId, sessionId: "", eventId: eventId(), phone, ...facts })).kind
}

export const phoneMergeCases: readonly StoreCase[] = [
  storeCase("a number goes to the survivor of a merge, and back where it is undone", async store => {
    const [alice, bob] = [await person(store), await person(store)]
    await bind(store, bob, number)
    assert.equal((await store.previewMerge(alice, bob, start)).phone, number)
    const { id } = await merge(store, alice, bob)
    assert.deepEqual([await numberOf(store, alice), await numberOf(store, bob)], [number, undefined])
    assert.equal(await bind(store, bob, other), "gone")
    await undo(store, id)
    assert.deepEqual([await numberOf(store, alice), await numberOf(store, bob)], [undefined, number])
    assert.equal(await bind(store, bob, other), "changed")
  }),

  storeCase(
    "where both have a number a merge is refused, or drops the absorbed user's until it is undone",
    async store => {
      const [alice, bob] = [await person(store), await person(store)]
      await bind(store, alice, number)
      await bind(store, bob, other)
      assert.equal((await store.previewMerge(alice, bob, start)).dropsPhone, true)
      assert.deepEqual(await store.mergeUsers(merging(alice, bob)), { kind: "refused", why: "phone" })
      assert.equal(await numberOf(store, bob), other)
      const { id } = await merge(store, alice, bob, { dropPhone: true })
      assert.equal(await numberOf(store, alice), number)
      assert.equal(await store.findPhoneOwner(other), undefined)
      await undo(store, id)
      assert.deepEqual([await numberOf(store, alice), await numberOf(store, bob)], [number, other])
    },
  ),

  storeCase(
    "a number that is somebody else's by now is left to them where a merge is undone",
    async store => {
      const [alice, bob, carol, dave] = [
        await person(store),
        await person(store),
        await person(store),
        await person(store),
      ]
      await bind(store, alice, number)
      await bind(store, bob, other)
      const dropping = await merge(store, alice, bob, { dropPhone: true })
      assert.equal(await bind(store, carol, other), "bound")
      await undo(store, dropping.id)
      assert.deepEqual([await numberOf(store, bob), await store.findPhoneOwner(other)], [undefined, carol])

      const moving = await merge(store, dave, alice)
      assert.equal(await numberOf(store, dave), number)
      await store.unbindPhone({ userId: dave, ...occasion() })
      assert.equal(await bind(store, bob, number), "bound")
      await undo(store, moving.id)
      assert.deepEqual([await numberOf(store, alice), await store.findPhoneOwner(number)], [undefined, bob])
    },
  ),

  storeCase("a number bound while its user is being merged is the survivor's or nobody's", async store => {
    const phoneOf = (index: number) => `+86137000002${String(index).padStart(2, "0")}`
    const pairs = await times(12, async () => [await person(store), await person(store)] as const)
    const outcomes = await times(12, async index => {
      const [survivor, absorbed] = pairs[index] as (typeof pairs)[number]
      const [bound] = await Promise.all([
        bind(store, absorbed, phoneOf(index)),
        merge(store, survivor, absorbed),
      ])
      return bound
    })
    for (const [index, [survivor, absorbed]] of pairs.entries()) {
      const owner = outcomes[index] === "gone" ? undefined : survivor
      assert.equal(await store.findPhoneOwner(phoneOf(index)), owner)
      assert.equal(await numberOf(store, absorbed), undefined)
    }
  }),
]
