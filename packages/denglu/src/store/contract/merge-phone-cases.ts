import assert from "node:assert/strict"
import type { Store } from "../store.ts"
import { merge, merging, undo } from "./merging.ts"
import { day, logIn, minute, type StoreCase, start, storeCase } from "./store-case.ts"

let count = 0

/** A user in an app of their own, with a phone number if one is given. */
async function someone(store: Store, phone?: string): Promise<string> {
  count += 1
  const userId = (await logIn(store, { appid: `app${count}` })).user.id
  if (phone !== undefined) assert.equal(await bind(store, userId, phone), "bound")
  return userId
}

async function bind(store: Store, userId: string, phone: string) {
  count += 1
  const facts = {
    countryCode: "86",
    appid: "shop",
    verifiedAt: start,
    smsVerifiedAt: null,
    proof: `proof of ${phone}`,
  }
  const binding = { ...facts, userId, sessionId: "", phone, eventId: `bind${count}` }
  return (await store.bindPhone(binding)).kind
}

const one = "+8613800138001"
const other = "+8613800138002"

export const mergePhoneCases: readonly StoreCase[] = [
  storeCase(
    "a survivor without a phone number gets the absorbed user's, and an undo gives it back",
    async store => {
      const [survivor, absorbed] = [await someone(store), await someone(store, one)]
      const before = await store.findPhone(absorbed)
      const preview = await store.previewMerge(survivor, absorbed, start)
      assert.deepEqual([preview.phone, preview.dropsPhone], [one, false])
      const { id } = await merge(store, survivor, absorbed)
      assert.deepEqual(await store.findPhone(survivor), before)
      assert.equal(await store.findPhone(absorbed), undefined)
      assert.equal(await bind(store, absorbed, other), "gone")
      await undo(store, id)
      assert.deepEqual(await store.findPhone(absorbed), before)
      assert.equal(await store.findPhone(survivor), undefined)
    },
  ),

  storeCase(
    "where both have a number the absorbed user's goes only if that is said, and comes back",
    async store => {
      const [survivor, absorbed] = [await someone(store, one), await someone(store, other)]
      const before = await store.findPhone(absorbed)
      const preview = await store.previewMerge(survivor, absorbed, start)
      assert.deepEqual([preview.phone, preview.dropsPhone, preview.refusal], [other, true, undefined])
      const refused = await store.mergeUsers(merging(survivor, absorbed))
      assert.deepEqual({ ...refused }, { kind: "refused", why: "phone" })
      assert.equal((await store.findPhone(absorbed))?.phone, other)
      const { id } = await merge(store, survivor, absorbed, { dropPhone: true })
      assert.equal((await store.findPhone(survivor))?.phone, one)
      assert.equal(await store.findPhoneOwner(other), undefined)
      await undo(store, id)
      assert.equal((await store.findPhone(survivor))?.phone, one)
      assert.deepEqual(await store.findPhone(absorbed), before)
    },
  ),

  storeCase(
    "a number that is somebody's by now, or that the survivor has given up, does not come back",
    async store => {
      const survivor = await someone(store, one)
      const absorbed = await someone(store, other)
      const third = await someone(store)
      const dropped = await merge(store, survivor, absorbed, { dropPhone: true })
      assert.equal(await bind(store, third, other), "bound")
      await undo(store, dropped.id)
      assert.equal(await store.findPhoneOwner(other), third)
      assert.equal(await store.findPhone(absorbed), undefined)

      const [taker, giver] = [await someone(store), await someone(store, "+8613800138003")]
      const moved = await merge(store, taker, giver)
      assert.equal(await bind(store, taker, "+8613800138004"), "changed")
      await undo(store, moved.id)
      assert.equal((await store.findPhone(taker))?.phone, "+8613800138004")
      assert.equal(await store.findPhone(giver), undefined)
    },
  ),

  storeCase(
    "of a merge and a binding of the same number at once, the number has one user, who is not the absorbed one",
    async store => {
      for (let round = 0; round < 8; round += 1) {
        const phone = `+86138001390${round}0`
        const [survivor, absorbed] = [await someone(store), await someone(store)]
        const [, outcome] = await Promise.all([
          store.mergeUsers(merging(survivor, absorbed)),
          bind(store, absorbed, phone),
        ])
        const owner = await store.findPhoneOwner(phone)
        assert.equal(owner, outcome === "bound" ? survivor : undefined)
      }
    },
  ),

  storeCase(
    "whoever is leaving is neither merged nor given identities, and a merge of the same moment is one or the other",
    async store => {
      const leave = (userId: string) =>
        store.leaveUser({
          userId,
          now: start,
          leavesAt: start + 15 * day,
          actor: "user",
          eventId: `leave ${userId}`,
        })
      const [survivor, absorbed] = [await someone(store), await someone(store)]
      await leave(absorbed)
      for (const pair of [[survivor, absorbed] as const, [absorbed, survivor] as const]) {
        assert.equal((await store.previewMerge(...pair, start)).refusal, "leaving")
        assert.deepEqual(
          { ...(await store.mergeUsers(merging(...pair))) },
          { kind: "refused", why: "leaving" },
        )
      }
      await store.restoreUser({ userId: absorbed, now: start + minute, actor: "user", eventId: "restore" })
      assert.equal((await store.mergeUsers(merging(survivor, absorbed))).kind, "merged")
      for (let round = 0; round < 8; round += 1) {
        const [stays, goes] = [await someone(store), await someone(store)]
        const [merged, left] = await Promise.all([store.mergeUsers(merging(stays, goes)), leave(goes)])
        assert.equal(merged.kind === "merged", left.kind === "unknown")
      }
    },
  ),
]
