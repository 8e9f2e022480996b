import assert from "node:assert/strict"
import type { Store } from "../store.ts"
import { day, eventId, logIn, minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

/** Uploads: notes the name, and puts it in use. */
async function upload(store: Store, userId: string, name: string, now = start) {
  await store.reserveAvatar({ name, userId, removeAfter: now + 60 * minute })
  return putInUse(store, userId, name, now)
}

function putInUse(store: Store, userId: string, name: string, now = start) {
  const change = { avatarUrl: `https://example.com/${name}` }
  return store.changeProfile({ userId, change, avatar: name, now, actor: "user", eventId: eventId() })
}

function clear(store: Store, userId: string, changedUntil: number, now = start + minute) {
  const fields = ["nickname", "avatarUrl"] as const
  return store.clearProfile({ userId, fields, changedUntil, now, actor: "wechat", eventId: eventId() })
}

async function changesOf(store: Store, userId: string) {
  return (await store.listAuditEvents(userId, 100)).filter(({ type }) => type === "user.updated")
}

export const profileCases: readonly StoreCase[] = [
  storeCase("an avatar comes into use with the profile, and lets go of the one before it", async store => {
    const { user } = await logIn(store)
    const first = await upload(store, user.id, "first", start + 1)
    assert.deepEqual(first, {
      kind: "changed",
      user: { ...user, avatarUrl: "https://example.com/first", updatedAt: start + 1 },
      unused: [],
    })
    const second = await upload(store, user.id, "second", start + 2)
    assert.deepEqual(second.kind === "changed" && second.unused, ["first"])
    assert.deepEqual(await store.listAvatars(user.id), ["first", "second"])
    assert.deepEqual(await store.listUnusedAvatars(start + 2, 10), ["first"])
    await store.forgetAvatar("first")
    assert.deepEqual(await store.listAvatars(user.id), ["second"])
    assert.equal((await changesOf(store, user.id)).length, 2)
  }),

  storeCase("a nickname leaves the avatar in use, another address or none lets go of it", async store => {
    const { user } = await logIn(store)
    const change = (fields: object) =>
      store.changeProfile({ userId: user.id, change: fields, now: start, actor: "user", eventId: eventId() })
    await upload(store, user.id, "one")
    assert.deepEqual((await change({ nickname: "小明" })).kind, "changed")
    assert.deepEqual(await store.listUnusedAvatars(start + day, 10), [])
    const gone = await change({ avatarUrl: null })
    assert.deepEqual(gone.kind === "changed" && gone.unused, ["one"])
    await upload(store, user.id, "two")
    const elsewhere = await change({ avatarUrl: "https://wx.qlogo.cn/0" })
    assert.deepEqual(elsewhere.kind === "changed" && elsewhere.unused, ["one", "two"])
    for (const moment of [start, start - day])
      assert.equal((await putInUse(store, user.id, "two", moment)).kind, "avatar_unknown")
    assert.equal((await store.findUser(user.id))?.avatarUrl, "https://wx.qlogo.cn/0")
  }),

  storeCase(
    "an avatar that is in use can be said again; another user's, or one nobody knows, can't",
    async store => {
      const { user } = await logIn(store)
      const { user: other } = await logIn(store)
      await upload(store, user.id, "mine")
      const again = await putInUse(store, user.id, "mine", start + day)
      assert.deepEqual(again.kind === "changed" && again.unused, [])
      assert.equal((await putInUse(store, other.id, "mine")).kind, "avatar_unknown")
      assert.equal((await putInUse(store, other.id, "nobody's")).kind, "avatar_unknown")
      assert.equal((await store.findUser(other.id))?.avatarUrl, null)
      assert.deepEqual(await changesOf(store, other.id), [])
    },
  ),

  storeCase("an avatar that came too late is unused for good", async store => {
    const { user } = await logIn(store)
    await store.reserveAvatar({ name: "late", userId: user.id, removeAfter: start + minute })
    assert.deepEqual(await store.listUnusedAvatars(start + minute - 1, 10), [])
    assert.deepEqual(await store.listUnusedAvatars(start + minute, 10), ["late"])
    assert.equal((await putInUse(store, user.id, "late", start + minute)).kind, "avatar_unknown")
    assert.equal((await store.findUser(user.id))?.avatarUrl, null)
  }),

  storeCase("of 16 avatars at once one is in use, and every other one is unused", async store => {
    const { user } = await logIn(store)
    const outcomes = await times(16, n => upload(store, user.id, `name${n}`))
    assert.ok(outcomes.every(({ kind }) => kind === "changed"))
    const unused = await store.listUnusedAvatars(start, 100)
    assert.equal(unused.length, 15)
    const [used] = (await store.listAvatars(user.id)).filter(name => !unused.includes(name))
    assert.equal((await store.findUser(user.id))?.avatarUrl, `https://example.com/${used}`)
    assert.equal((await changesOf(store, user.id)).length, 16)
  }),

  storeCase("unused avatars are listed the longest unused first, and no more than asked for", async store => {
    const { user } = await logIn(store)
    for (const [name, at] of [
      ["b", 2],
      ["c", 3],
      ["a", 1],
    ] as const)
      await store.reserveAvatar({ name, userId: user.id, removeAfter: start + at })
    assert.deepEqual(await store.listUnusedAvatars(start + day, 2), ["a", "b"])
  }),

  storeCase("who is gone, is leaving or was merged changes no profile", async store => {
    const { user } = await logIn(store)
    const { user: absorbed } = await logIn(store, { appid: "app2" })
    const merge = { id: "merge", survivorId: user.id, absorbedId: absorbed.id, dropPhone: true } as const
    assert.equal((await store.mergeUsers({ ...merge, actor: "user", now: start })).kind, "merged")
    assert.equal((await upload(store, absorbed.id, "one")).kind, "gone")
    assert.equal((await upload(store, "nobody", "two")).kind, "gone")
    const change = { userId: user.id, now: start, actor: "user", eventId: eventId() } as const
    await store.leaveUser({ ...change, leavesAt: start + day })
    assert.equal((await upload(store, user.id, "three")).kind, "gone")
    assert.deepEqual(await changesOf(store, user.id), [])
    assert.deepEqual(await store.listAvatars(user.id), ["three"])
  }),

  storeCase("clearing a profile takes what there is, once, and no later change", async store => {
    const { user } = await logIn(store)
    assert.equal(await clear(store, user.id, start + day), undefined)
    const nickname = { userId: user.id, change: { nickname: "小明" }, now: start + 5, actor: "user" } as const
    await store.changeProfile({ ...nickname, eventId: eventId() })
    await upload(store, user.id, "bad", start + 5)
    assert.equal(await clear(store, user.id, start + 4), undefined)
    const outcomes = await times(8, () => clear(store, user.id, start + 5))
    const [done, another] = outcomes.filter(outcome => outcome !== undefined)
    assert.deepEqual(done, { cleared: ["nickname", "avatarUrl"], unused: ["bad"] })
    assert.equal(another, undefined)
    const after = await store.findUser(user.id)
    assert.deepEqual([after?.nickname, after?.avatarUrl, after?.updatedAt], [null, null, start + minute])
    const [last] = await changesOf(store, user.id)
    assert.equal(last?.actor, "wechat")
    assert.equal(await clear(store, "nobody", start + day), undefined)
  }),

  storeCase("the names of an erased user's avatars are nobody's, and unused", async store => {
    const { user } = await logIn(store)
    await upload(store, user.id, "used")
    await store.reserveAvatar({ name: "waiting", userId: user.id, removeAfter: start + 2 * day })
    const change = { userId: user.id, now: start, actor: "user" } as const
    await store.leaveUser({ ...change, eventId: eventId(), leavesAt: start + day })
    const erased = await store.eraseUser({ ...change, now: start + day, eventId: eventId() })
    assert.deepEqual(erased, [user.id])
    assert.deepEqual(await store.listAvatars(user.id), [])
    assert.deepEqual(await store.listUnusedAvatars(start + day, 10), ["used"])
    assert.deepEqual(await store.listUnusedAvatars(start + 2 * day, 10), ["used", "waiting"])
  }),
]
