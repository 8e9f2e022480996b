import assert from "node:assert/strict"
import type { Phone } from "../phone-store.ts"
import type { Store } from "../store.ts"
import { eventId, logIn, minute, occasion, type StoreCase, start, storeCase, times } from "./store-case.ts"

const appid = "wxsim0000000000001"
const number = "+8613800138000"
const other = "+8613900139000"

async function person(store: Store): Promise<string> {
  return (await logIn(store)).user.id
}

function verified(phone: string, given: Partial<Phone> = {}): Phone {
  return { phone, countryCode: "86", appid, verifiedAt: start, smsVerifiedAt: null, proof: "proof", ...given }
}

async function bind(store: Store, userId: string, phone: string, given: Partial<Phone> = {}) {
  const binding = { userId, sessionId: "", eventId: eventId(), ...verified(phone, given) }
  return (await store.bindPhone(binding)).kind
}

function unbind(store: Store, userId: string, only?: { appid: string; verifiedUntil: number }) {
  return store.unbindPhone({ userId, ...occasion({ actor: "wechat" }), ...(only && { only }) })
}

export const phoneCases: readonly StoreCase[] = [
  storeCase("a phone number is its user's, and is found by both", async store => {
    const alice = await person(store)
    assert.equal(await store.findPhone(alice), undefined)
    assert.equal(await store.findPhoneOwner(number), undefined)
    assert.equal(await bind(store, alice, number), "bound")
    assert.deepEqual({ ...(await store.findPhone(alice)) }, verified(number))
    assert.equal(await store.findPhoneOwner(number), alice)
    assert.equal(await bind(store, "nobody", other), "gone")
    assert.equal(await store.findPhoneOwner(other), undefined)
  }),

  storeCase("a number verified again by its own user is renewed", async store => {
    const alice = await person(store)
    await bind(store, alice, number)
    const later = { verifiedAt: start + minute, appid: "wxsim0000000000002", proof: "another" }
    assert.equal(await bind(store, alice, number, later), "renewed")
    assert.deepEqual({ ...(await store.findPhone(alice)) }, verified(number, later))
  }),

  storeCase("another user's number is taken, and everybody keeps what they had", async store => {
    const [alice, bob, carol] = [await person(store), await person(store), await person(store)]
    await bind(store, alice, number)
    await bind(store, bob, other)
    assert.equal(await bind(store, bob, number, { verifiedAt: start + 1 }), "taken")
    assert.equal(await bind(store, carol, number), "taken")
    assert.deepEqual({ ...(await store.findPhone(alice)) }, verified(number))
    assert.deepEqual({ ...(await store.findPhone(bob)) }, verified(other))
    assert.equal(await store.findPhone(carol), undefined)
    assert.equal(await store.findPhoneOwner(number), alice)
  }),

  storeCase("another number takes the place of the first, which is free from then on", async store => {
    const [alice, bob] = [await person(store), await person(store)]
    await bind(store, alice, number)
    assert.equal(await bind(store, alice, other), "changed")
    assert.equal((await store.findPhone(alice))?.phone, other)
    assert.equal(await store.findPhoneOwner(number), undefined)
    assert.equal(await bind(store, bob, number), "bound")
  }),

  storeCase(
    "of 32 users who want one number exactly one gets it, who had one before included",
    async store => {
      const people = await times(32, () => person(store))
      const before = (index: number) => `+8613700000${String(index).padStart(3, "0")}`
      for (const [index, userId] of people.entries())
        if (index % 2 === 0) await bind(store, userId, before(index))
      const outcomes = await times(32, index => bind(store, people[index] as string, number))
      assert.equal(outcomes.filter(outcome => outcome === "taken").length, 31)
      const winner = outcomes.findIndex(outcome => outcome !== "taken")
      assert.equal(outcomes[winner], winner % 2 === 0 ? "changed" : "bound")
      assert.equal(await store.findPhoneOwner(number), people[winner])
      for (const [index, userId] of people.entries()) {
        const kept = index === winner ? number : index % 2 === 0 ? before(index) : undefined
        assert.equal((await store.findPhone(userId))?.phone, kept)
      }
    },
  ),

  storeCase("two who want each other's number at once keep their own, and no one is lost", async store => {
    const [alice, bob] = [await person(store), await person(store)]
    await bind(store, alice, number)
    await bind(store, bob, other)
    const outcomes = await Promise.all([bind(store, alice, other), bind(store, bob, number)])
    assert.deepEqual(outcomes, ["taken", "taken"])
    assert.equal(await store.findPhoneOwner(number), alice)
    assert.equal(await store.findPhoneOwner(other), bob)
  }),

  storeCase("one user who sends 16 numbers at once has one of them, and the others are free", async store => {
    const alice = await person(store)
    const sent = Array.from({ length: 16 }, (_, index) => `+86137000001${String(index).padStart(2, "0")}`)
    const outcomes = await times(16, index => bind(store, alice, sent[index] as string))
    assert.equal(outcomes.filter(outcome => outcome === "bound").length, 1)
    assert.equal(outcomes.filter(outcome => outcome === "changed").length, 15)
    const owners = await Promise.all(sent.map(phone => store.findPhoneOwner(phone)))
    assert.equal(owners.filter(owner => owner === alice).length, 1)
    assert.equal(sent[owners.indexOf(alice)], (await store.findPhone(alice))?.phone)
  }),

  storeCase("of many who take a number away one does, and it is free", async store => {
    const [alice, bob] = [await person(store), await person(store)]
    await bind(store, alice, number)
    const removed = await times(16, () => unbind(store, alice))
    assert.equal(removed.filter(({ kind }) => kind === "unbound").length, 1)
    assert.equal(await store.findPhone(alice), undefined)
    assert.equal(await bind(store, bob, number), "bound")
    assert.equal((await unbind(store, alice)).kind, "none")
    assert.equal(await store.findPhoneOwner(number), bob)
  }),

  storeCase("a number is taken away only if it is from the app and the time that are meant", async store => {
    const alice = await person(store)
    await bind(store, alice, number)
    const meaning = async (only: Parameters<typeof unbind>[2]) => (await unbind(store, alice, only)).kind
    assert.equal(await meaning({ appid: "wxsim0000000000002", verifiedUntil: start + 1 }), "none")
    assert.equal(await meaning({ appid, verifiedUntil: start - 1 }), "none")
    assert.equal((await store.findPhone(alice))?.phone, number)
    assert.equal(await meaning({ appid, verifiedUntil: start }), "unbound")
    assert.equal(await store.findPhone(alice), undefined)
  }),

  storeCase(
    "each change of a number is recorded once, without the number; what changed nothing is not",
    async store => {
      const [alice, bob] = [await person(store), await person(store)]
      const recorded = async (userId: string) =>
        (await store.listAuditEvents(userId, 100)).filter(({ type }) => type.startsWith("phone.")).reverse()
      await bind(store, alice, number, { verifiedAt: start + 1 })
      await bind(store, alice, number, { verifiedAt: start + 2 })
      await bind(store, bob, number, { verifiedAt: start + 3 })
      await bind(store, alice, other, { verifiedAt: start + 4 })
      await bind(store, "nobody", number, { verifiedAt: start + 5 })
      const asked = { userId: alice, ...occasion({ now: start + 6, actor: "wechat" }) }
      await store.unbindPhone(asked)
      await store.unbindPhone({ ...asked, ...occasion({ now: start + 7 }) })
      const bound = { type: "phone.bound", userId: alice, appid, actor: "user" }
      assert.deepEqual(
        (await recorded(alice)).map(({ id, ...event }) => ({ ...event, hasId: id.length > 0 })),
        [
          { ...bound, at: start + 1, detail: { outcome: "bound" }, hasId: true },
          { ...bound, at: start + 2, detail: { outcome: "renewed" }, hasId: true },
          { ...bound, at: start + 4, detail: { outcome: "changed" }, hasId: true },
          { type: "phone.unbound", userId: alice, actor: "wechat", at: start + 6, hasId: true },
        ],
      )
      assert.equal((await recorded(alice)).at(-1)?.id, asked.eventId)
      assert.deepEqual([await recorded(bob), await recorded("nobody")], [[], []])
    },
  ),
]
