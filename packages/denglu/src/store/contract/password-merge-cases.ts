import assert from "node:assert/strict"
import type { Store } from "../store.ts"
import { merge, undo } from "./merging.ts"
import { day, logIn, minute, occasion, type StoreCase, start, storeCase, times } from "./store-case.ts"

let count = 0

/** A user with a password, who has logged in by it. */
async function person(store: Store, account?: string) {
  const { user } = await logIn(store)
  count += 1
  const hash = `hash ${count}`
  const asked = occasion({ actor: "user" })
  if (account !== undefined)
    await store.setPassword({ userId: user.id, account, hash, expected: null, ...asked })
  return { id: user.id, hash }
}

function open(store: Store, userId: string, hash: string, now = start) {
  count += 1
  const ends = { idleExpiresAt: now + day, absoluteExpiresAt: now + 7 * day }
  const session = { id: `merged by password ${count}`, ...ends, userAgent: "" }
  return store.openSessionByPassword({ userId, hash, appid: "shop", now, session })
}

const accountOf = async (store: Store, userId: string) => (await store.findPassword({ userId }))?.account
const ownerOf = async (store: Store, account: string) => (await store.findPassword({ account }))?.userId

export const passwordMergeCases: readonly StoreCase[] = [
  storeCase("a password goes to a survivor who has none, and back where the merge is undone", async store => {
    const [alice, bob] = [await person(store), await person(store, "bob")]
    const { id } = await merge(store, alice.id, bob.id)
    assert.deepEqual(await ownerOf(store, "bob"), alice.id)
    const opened = await open(store, alice.id, bob.hash, start + minute)
    assert.equal(opened.kind, "opened")
    const outcome = await undo(store, id)
    assert.equal(await ownerOf(store, "bob"), bob.id)
    assert.equal((await open(store, alice.id, bob.hash)).kind, "changed")
    // Whoever came in by it is bob, and no longer alice.
    assert.deepEqual(
      outcome.kind === "undone" && opened.kind === "opened" && outcome.endedSessions,
      opened.kind === "opened" && [opened.session.id],
    )
  }),

  storeCase(
    "where both have a password the survivor's stays, and the other is of no use until it is undone",
    async store => {
      const [alice, bob] = [await person(store, "alice"), await person(store, "bob")]
      const { id } = await merge(store, alice.id, bob.id)
      assert.deepEqual([await accountOf(store, alice.id), await ownerOf(store, "bob")], ["alice", undefined])
      assert.equal((await open(store, bob.id, bob.hash)).kind, "changed")
      const survivors = await open(store, alice.id, alice.hash, start + minute)
      await undo(store, id)
      assert.deepEqual([await accountOf(store, alice.id), await accountOf(store, bob.id)], ["alice", "bob"])
      assert.equal((await open(store, bob.id, bob.hash, start + 3 * minute)).kind, "opened")
      if (survivors.kind === "opened")
        assert.equal((await store.findSession(survivors.session.id))?.revokedAt, null)
    },
  ),

  storeCase(
    "what is another's by now, or was chosen anew, is left alone where a merge is undone",
    async store => {
      const [alice, bob, carol] = [
        await person(store, "alice"),
        await person(store, "bob"),
        await person(store),
      ]
      const dropping = await merge(store, alice.id, bob.id)
      const asked = occasion({ now: start + minute, actor: "user" })
      const chosen = { userId: carol.id, account: "bob", hash: "carol's", expected: null, ...asked }
      assert.equal((await store.setPassword(chosen)).kind, "set")
      await undo(store, dropping.id)
      assert.deepEqual([await accountOf(store, bob.id), await ownerOf(store, "bob")], [undefined, carol.id])

      const moving = await merge(store, bob.id, carol.id)
      const anew = { userId: bob.id, account: undefined, hash: "anew", expected: undefined }
      assert.equal((await store.setPassword({ ...anew, ...occasion({ now: start + 90_000 }) })).kind, "set")
      await undo(store, moving.id)
      assert.deepEqual([await accountOf(store, carol.id), await ownerOf(store, "bob")], [undefined, bob.id])
    },
  ),

  storeCase("a password chosen while its user is being merged is the survivor's or nobody's", async store => {
    const pairs = await times(12, async () => [await person(store), await person(store)] as const)
    const outcomes = await times(12, async index => {
      const [survivor, absorbed] = pairs[index] as (typeof pairs)[number]
      const request = { userId: absorbed.id, account: `name${index}`, hash: `chosen${index}`, expected: null }
      const [chosen] = await Promise.all([
        store.setPassword({ ...request, ...occasion({ actor: "user" }) }),
        merge(store, survivor.id, absorbed.id),
      ])
      return chosen.kind
    })
    for (const [index, [survivor]] of pairs.entries())
      assert.equal(await ownerOf(store, `name${index}`), outcomes[index] === "gone" ? undefined : survivor.id)
  }),
]
