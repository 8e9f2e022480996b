import assert from "node:assert/strict"
import { type Merge, type Store, undoableFor } from "../store.ts"
import { merge, merging, undo } from "./merging.ts"
import { logIn, minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

/** Two users: one in the shop, the other in the club and, by unionid, on a website. */
async function twoUsers(store: Store) {
  const one = await logIn(store, { appid: "shop", openid: "one" })
  const two = await logIn(store, { appid: "club", openid: "two", unionid: "union" })
  const web = await logIn(store, { appid: "website", openid: "web", unionid: "union", now: start + 1 })
  assert.equal(web.user.id, two.user.id)
  return {
    one: one.user.id,
    two: two.user.id,
    sessions: [two.session.id, web.session.id],
    own: one.session.id,
  }
}

const appsOf = async (store: Store, userId: string) =>
  (await store.findUser(userId))?.identities.map(({ appid }) => appid).sort()

export const mergeCases: readonly StoreCase[] = [
  storeCase("a merge moves identities and unionids, and ends the absorbed user's sessions", async store => {
    const { one, two, sessions, own } = await twoUsers(store)
    const request = merging(one, two)
    const outcome = await store.mergeUsers(request)
    assert.equal(outcome.kind, "merged")
    if (outcome.kind !== "merged") return
    const { id, actor, now: at } = request
    assert.deepEqual(
      { ...outcome.merge },
      { id, survivorId: one, absorbedId: two, at, actor, undoneAt: null, isUndoable: true },
    )
    assert.deepEqual([...outcome.endedSessions].sort(), [...sessions].sort())
    assert.deepEqual(await appsOf(store, one), ["club", "shop", "website"])
    assert.deepEqual(await appsOf(store, two), [])
    for (const ended of sessions) assert.equal((await store.findSession(ended))?.revokedReason, "merged")
    assert.equal((await store.findSession(own))?.revokedAt, null)
    const { revocations } = await store.revocationsSince("")
    assert.deepEqual(revocations.map(({ sessionId }) => sessionId).sort(), [...sessions].sort())
    assert.equal((await logIn(store, { appid: "club", openid: "two" })).user.id, one)
    assert.equal((await logIn(store, { appid: "third", unionid: "union" })).user.id, one)
  }),

  storeCase("refresh tokens of the absorbed user are over, those of the survivor go on", async store => {
    const { one, two, sessions, own } = await twoUsers(store)
    await merge(store, one, two)
    const rotation = { counter: 0, now: start + 2 * minute, grace: minute, idle: minute }
    for (const id of sessions) assert.equal((await store.rotateSession({ ...rotation, id })).kind, "revoked")
    assert.equal((await store.rotateSession({ ...rotation, id: own })).kind, "rotated")
  }),

  storeCase("the absorbed user's id leads to the survivor, over merges of merges", async store => {
    const ids = await times(4, async () => (await logIn(store)).user.id)
    const [a, b, c, d] = ids as [string, string, string, string]
    assert.deepEqual((await store.resolveUser(a))?.mergedIds, [])
    await merge(store, b, a)
    await merge(store, d, c, { now: start + 2 * minute })
    await merge(store, d, b, { now: start + 3 * minute })
    for (const id of ids) {
      const found = await store.resolveUser(id)
      assert.equal(found?.id, d)
      assert.equal(found?.identities.length, 4)
      assert.deepEqual(found?.mergedIds, [a, c, b])
    }
    assert.equal(await store.resolveUser("nobody"), undefined)
  }),

  storeCase("a preview says what would happen and changes nothing", async store => {
    const { one, two } = await twoUsers(store)
    const preview = await store.previewMerge(one, two, start + minute)
    assert.equal(preview.survivor?.id, one)
    assert.deepEqual(preview.absorbed?.identities.map(({ appid }) => appid).sort(), ["club", "website"])
    assert.deepEqual(
      [preview.phone, preview.dropsPhone, preview.sessions, preview.refusal],
      [undefined, false, 2, undefined],
    )
    assert.deepEqual(await appsOf(store, two), ["club", "website"])
    assert.equal((await store.previewMerge(one, one, start)).refusal, "same")
    assert.equal((await store.previewMerge(one, "nobody", start)).refusal, "unknown")
    await merge(store, one, two)
    assert.equal((await store.previewMerge(two, one, start)).refusal, "merged")
  }),

  storeCase("a user is not merged with themselves, with nobody, or after they were merged", async store => {
    const { one, two } = await twoUsers(store)
    const third = (await logIn(store)).user.id
    const why = async (survivorId: string, absorbedId: string) => {
      const outcome = await store.mergeUsers(merging(survivorId, absorbedId))
      return outcome.kind === "refused" ? outcome.why : outcome.kind
    }
    assert.equal(await why(one, one), "same")
    assert.equal(await why(one, "nobody"), "unknown")
    assert.equal(await why("nobody", one), "unknown")
    await merge(store, one, two)
    assert.equal(await why(one, two), "merged")
    assert.equal(await why(two, third), "merged")
    assert.deepEqual(
      await store.attachIdentity({
        id: "attach",
        userId: two,
        appid: "website",
        openid: "other",
        unionid: null,
        openPlatform: "default",
        sessionKey: { sealed: "", fingerprint: "" },
        now: start,
      }),
      { kind: "gone" },
    )
  }),

  storeCase(
    "of many merges of the same two at once, whichever way round, exactly one is done",
    async store => {
      const { one, two } = await twoUsers(store)
      const outcomes = await times(16, index =>
        store.mergeUsers(index % 2 === 0 ? merging(one, two) : merging(two, one)),
      )
      const done = outcomes.filter(({ kind }) => kind === "merged")
      assert.equal(done.length, 1)
      for (const outcome of outcomes) if (outcome.kind === "refused") assert.equal(outcome.why, "merged")
      assert.equal((await store.listMergesOf(one)).length, 1)
      assert.equal((await store.resolveUser(one))?.identities.length, 3)
      assert.equal((await store.resolveUser(two))?.identities.length, 3)
    },
  ),

  storeCase("of many merges along a chain at once, all who are done lead to one user", async store => {
    const ids = await times(5, async () => (await logIn(store)).user.id)
    const pairs = ids.flatMap(one => ids.filter(other => other !== one).map(other => [one, other] as const))
    const outcomes = await Promise.all(pairs.map(([one, other]) => store.mergeUsers(merging(one, other))))
    const done = outcomes.filter(({ kind }) => kind === "merged").length
    const found = await Promise.all(ids.map(id => store.resolveUser(id)))
    const left = new Map(found.map(user => [user?.id, user]))
    assert.equal(left.size, ids.length - done)
    const identities = [...left.values()].reduce((sum, user) => sum + (user?.identities.length ?? 0), 0)
    assert.equal(identities, ids.length)
  }),
]

export const undoCases: readonly StoreCase[] = [
  storeCase("an undo gives back what was moved, and ends the sessions that it opened", async store => {
    const { one, two, own } = await twoUsers(store)
    const { id } = await merge(store, one, two)
    const moved = await logIn(store, { appid: "club", openid: "two", now: start + minute + 1 })
    const outcome = await undo(store, id)
    assert.equal(outcome.kind, "undone")
    if (outcome.kind !== "undone") return
    assert.deepEqual(outcome.endedSessions, [moved.session.id])
    assert.equal(outcome.merge.undoneAt, start + 2 * minute)
    assert.equal((await store.findSession(moved.session.id))?.revokedReason, "merge_undone")
    assert.equal((await store.findSession(own))?.revokedAt, null)
    assert.deepEqual(await appsOf(store, one), ["shop"])
    assert.deepEqual(await appsOf(store, two), ["club", "website"])
    const resolved = await store.resolveUser(two)
    assert.deepEqual([resolved?.id, resolved?.mergedIds], [two, []])
    assert.deepEqual((await store.resolveUser(one))?.mergedIds, [])
    assert.equal((await logIn(store, { appid: "club", openid: "two" })).user.id, two)
    assert.equal((await logIn(store, { appid: "third", unionid: "union" })).user.id, two)
    assert.equal((await logIn(store, { appid: "shop", openid: "one" })).user.id, one)
    assert.equal((await merge(store, one, two, { now: start + 3 * minute })).survivorId, one)
  }),

  storeCase("what came to the survivor since stays there, and what left it stays away", async store => {
    const { one, two } = await twoUsers(store)
    const { id } = await merge(store, one, two)
    const late = await logIn(store, { appid: "late", openid: "late", unionid: "other", now: start + minute })
    const lateId = late.user.id
    await merge(store, one, lateId, { now: start + minute + 2 })
    await store.detachIdentity({
      id: "d",
      userId: one,
      appid: "website",
      openid: "web",
      now: start + minute + 3,
    })
    await undo(store, id)
    assert.deepEqual(await appsOf(store, one), ["late", "shop"])
    assert.deepEqual(await appsOf(store, two), ["club"])
    assert.equal((await store.resolveUser(lateId))?.id, one)
  }),

  storeCase("merges of merges are undone in any order", async store => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const [a, b, c] = (await times(3, async () => (await logIn(store)).user.id)) as [string, string, string]
      const merges = [await merge(store, b, a), await merge(store, c, b, { now: start + minute + 1 })]
      for (const [turn, which] of order.entries()) {
        const outcome = await undo(store, merges[which]?.id ?? "", start + (turn + 2) * minute)
        assert.equal(outcome.kind, "undone")
        const left = turn === 0 ? (which === 0 ? [a, c, c] : [b, b, c]) : [a, b, c]
        for (const [index, id] of [a, b, c].entries())
          assert.equal((await store.resolveUser(id))?.id, left[index])
      }
      for (const id of [a, b, c]) assert.equal((await store.resolveUser(id))?.identities.length, 1)
    }
  }),

  storeCase("of many undos at once exactly one is done, and none after 30 days", async store => {
    const { one, two } = await twoUsers(store)
    const { id, at } = await merge(store, one, two)
    const outcomes = await times(16, () => undo(store, id))
    assert.equal(outcomes.filter(({ kind }) => kind === "undone").length, 1)
    for (const outcome of outcomes) if (outcome.kind === "refused") assert.equal(outcome.why, "undone")
    const again = await merge(store, one, two, { now: at })
    const late = await undo(store, again.id, at + undoableFor + 1)
    assert.deepEqual({ ...late }, { kind: "refused", why: "too_late" })
    assert.equal((await undo(store, again.id, at + undoableFor)).kind, "undone")
    assert.deepEqual({ ...(await undo(store, "nothing")) }, { kind: "refused", why: "unknown" })
  }),

  storeCase(
    "what a merge moved is forgotten when it is told to be, and can't be undone then",
    async store => {
      const { one, two } = await twoUsers(store)
      const { id, at } = await merge(store, one, two)
      assert.equal(await store.forgetMoved(at, 10), 0)
      assert.equal(await store.forgetMoved(at + 1, 10), 1)
      assert.equal(await store.forgetMoved(at + 1, 10), 0)
      assert.deepEqual({ ...(await undo(store, id)) }, { kind: "refused", why: "too_late" })
      assert.equal((await store.listMergesOf(two))[0]?.isUndoable, false)
      assert.equal((await store.resolveUser(two))?.id, one)
    },
  ),

  storeCase("merges are listed by user, and by when they were done or undone", async store => {
    const [a, b, c] = (await times(3, async () => (await logIn(store)).user.id)) as [string, string, string]
    const first = await merge(store, b, a, { now: start })
    const second = await merge(store, c, b, { now: start + minute })
    const ids = (merges: readonly Merge[]) => merges.map(({ id }) => id)
    assert.deepEqual(ids(await store.listMergesOf(b)), [second.id, first.id])
    assert.deepEqual(ids(await store.listMergesOf(a)), [first.id])
    assert.deepEqual(ids(await store.listMergesSince(0, 10)), [first.id, second.id])
    assert.deepEqual(ids(await store.listMergesSince(0, 1)), [first.id])
    assert.deepEqual(ids(await store.listMergesSince(start + 1, 10)), [second.id])
    await undo(store, first.id, start + 2 * minute)
    assert.deepEqual(ids(await store.listMergesSince(start + 2 * minute, 10)), [first.id])
    assert.deepEqual(ids(await store.listMergesSince(start + 2 * minute + 1, 10)), [])
  }),
]
