import assert from "node:assert/strict"
import { noSessionKey, type Store } from "../store.ts"
import { merge, undo } from "./merging.ts"
import { logIn, minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

async function recorded(store: Store, userId: string, ...types: readonly string[]) {
  return (await store.listAuditEvents(userId, 1_000))
    .filter(({ type }) => types.includes(type))
    .map(({ type, at, actor, detail }) => ({ type, at, actor, detail }))
}

export const peopleAuditCases: readonly StoreCase[] = [
  storeCase(
    "a merge and its undo are recorded with both users, and every session that ended",
    async store => {
      const one = (await logIn(store, { appid: "shop" })).user.id
      const two = await logIn(store, { appid: "club", openid: "two" })
      const other = await logIn(store, { appid: "club", openid: "two", now: start + 1 })
      const twoId = two.user.id
      const { id, at } = await merge(store, one, twoId)
      const actor = "operator"
      assert.deepEqual(await recorded(store, one, "user.merged", "session.ended"), [
        { type: "user.merged", at, actor, detail: { absorbed: twoId } },
      ])
      assert.deepEqual(await recorded(store, twoId, "user.merged"), [
        { type: "user.merged", at, actor, detail: { survivor: one } },
      ])
      const ended = (await store.listAuditEvents(twoId, 100)).filter(({ type }) => type === "session.ended")
      assert.deepEqual(
        ended.map(({ sessionId }) => sessionId).sort(),
        [two.session.id, other.session.id].sort(),
      )
      for (const event of ended) assert.deepEqual([event.actor, event.detail], [actor, { reason: "merged" }])
      await undo(store, id)
      const undoneAt = start + 2 * minute
      assert.deepEqual(await recorded(store, one, "user.merge_undone"), [
        { type: "user.merge_undone", at: undoneAt, actor, detail: { absorbed: twoId } },
      ])
      assert.deepEqual(await recorded(store, twoId, "user.merge_undone"), [
        { type: "user.merge_undone", at: undoneAt, actor, detail: { survivor: one } },
      ])
    },
  ),

  storeCase("what is refused records nothing", async store => {
    const one = (await logIn(store, { appid: "shop", openid: "one" })).user.id
    const two = (await logIn(store, { appid: "club", openid: "two" })).user.id
    const count = async () =>
      (await store.listAuditEvents(one, 100)).length + (await store.listAuditEvents(two, 100)).length
    const before = await count()
    const request = { dropPhone: false, actor: "operator", now: start } as const
    await store.mergeUsers({ ...request, id: "m1", survivorId: one, absorbedId: one })
    await store.mergeUsers({ ...request, id: "m2", survivorId: one, absorbedId: "nobody" })
    await store.detachIdentity({ id: "d1", userId: one, appid: "shop", openid: "one", now: start })
    await store.attachIdentity({
      id: "a1",
      userId: one,
      appid: "club",
      openid: "two",
      unionid: null,
      openPlatform: "default",
      sessionKey: noSessionKey,
      now: start,
    })
    assert.equal(await count(), before)
  }),

  storeCase("identities that are attached and detached are recorded once each", async store => {
    const { user } = await logIn(store, { appid: "shop" })
    const identity = { userId: user.id, appid: "website", openid: "web" }
    const attach = (id: string) =>
      store.attachIdentity({
        ...identity,
        id,
        unionid: null,
        openPlatform: "default",
        sessionKey: noSessionKey,
        now: start,
      })
    await attach("a1")
    await attach("a2")
    await store.detachIdentity({ ...identity, id: "d1", now: start + 1 })
    const actor = "user"
    const detail = undefined
    assert.deepEqual(await recorded(store, user.id, "identity.attached", "identity.detached"), [
      { type: "identity.detached", at: start + 1, actor, detail },
      { type: "identity.attached", at: start, actor, detail },
    ])
  }),

  storeCase("logins without a session_key record an identity once, also of many at once", async store => {
    const { user } = await logIn(store, { appid: "shop", unionid: "union" })
    const web = () =>
      logIn(store, { appid: "website", openid: "web", unionid: "union", sessionKey: noSessionKey })
    await times(16, web)
    await web()
    assert.equal((await recorded(store, user.id, "identity.attached")).length, 1)
    assert.equal((await recorded(store, user.id, "session.opened")).length, 18)
    assert.equal(await store.findSessionKeys("website", "web"), undefined)
  }),
]
