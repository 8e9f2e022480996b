import assert from "node:assert/strict"
import { backOff } from "../leaving-store.ts"
import type { LeaveOutcome, Store } from "../store.ts"
import {
  changeProfile,
  day,
  entry,
  eventId,
  logIn,
  minute,
  type StoreCase,
  start,
  storeCase,
  times,
} from "./store-case.ts"

function change(userId: string, now: number) {
  return { userId, now, actor: "user", eventId: eventId() } as const
}

function leave(store: Store, userId: string, now = start, leavesAt = now + 7 * day): Promise<LeaveOutcome> {
  return store.leaveUser({ ...change(userId, now), leavesAt })
}

const restore = (store: Store, userId: string, now: number) => store.restoreUser(change(userId, now))
const erase = (store: Store, userId: string, now: number) => store.eraseUser(change(userId, now))

/** What the audit has of the user but for sessions and how they came to be, the oldest first. */
async function typesOf(store: Store, userId: string): Promise<string[]> {
  const events = await store.listAuditEvents(userId, 1_000)
  return events
    .map(({ type }) => type)
    .filter(type => /^user\.[lrp]/.test(type))
    .reverse()
}

export const leavingCases: readonly StoreCase[] = [
  storeCase("who leaves has no session any more, and gets none", async store => {
    const [first, second] = [await logIn(store, { openid: "same" }), await logIn(store, { openid: "same" })]
    const bystander = await logIn(store)
    const userId = first.user.id
    const outcome = await leave(store, userId)
    assert.equal(outcome.kind, "left")
    assert.ok(outcome.kind === "left")
    assert.equal(outcome.leavesAt, start + 7 * day)
    assert.deepEqual([...outcome.endedSessions].sort(), [first.session.id, second.session.id].sort())
    for (const { session } of [first, second]) {
      const ended = await store.findSession(session.id)
      assert.equal(ended?.revokedAt, start)
      assert.equal(ended?.revokedReason, "account_deleted")
    }
    assert.equal((await store.revocationsSince("")).revocations.length, 2)
    const again = entry({ openid: "same", now: start + minute })
    const leaving = { kind: "leaving", userId, leavesAt: start + 7 * day }
    assert.deepEqual({ ...(await store.logIn(again)) }, leaving)
    assert.equal(await store.findSession(again.session.id), undefined)
    assert.equal(await store.findUser(again.newUserId), undefined)
    assert.equal((await store.findUser(userId))?.leavesAt, start + 7 * day)
    assert.equal((await store.listSessions(bystander.user.id, start)).length, 1)
    assert.deepEqual(await typesOf(store, userId), ["user.leaving"])
  }),

  storeCase("a new identity does not get in by the unionid of who leaves", async store => {
    const { user } = await logIn(store, { appid: "app1", openid: "one", unionid: "union" })
    await leave(store, user.id)
    const other = entry({ appid: "app2", openid: "two", unionid: "union" })
    const outcome = await store.logIn(other)
    assert.equal(outcome.kind, "leaving")
    assert.equal(await store.findUser(other.newUserId), undefined)
    assert.equal(await store.findSession(other.session.id), undefined)
    assert.deepEqual(await store.listSessions(user.id, start), [])
  }),

  storeCase("logins of many at once go on beside one who leaves", async store => {
    const { user } = await logIn(store, { openid: "leaver" })
    await leave(store, user.id)
    const outcomes = await times(40, index =>
      store.logIn(entry({ openid: index % 4 === 0 ? "leaver" : `stayer ${index}` })),
    )
    outcomes.forEach((outcome, index) => {
      assert.equal(outcome.kind, index % 4 === 0 ? "leaving" : "logged_in")
    })
  }),

  storeCase("of 32 who delete one account at once, one is told that it did", async store => {
    const { user } = await logIn(store)
    const outcomes = await times(32, () => leave(store, user.id))
    assert.equal(outcomes.filter(({ kind }) => kind === "left").length, 1)
    assert.equal(outcomes.filter(({ kind }) => kind === "leaving").length, 31)
    assert.deepEqual(await typesOf(store, user.id), ["user.leaving"])
    assert.deepEqual(await leave(store, "nobody"), { kind: "unknown" })
  }),

  storeCase("an earlier end takes the place of a later one, not the other way round", async store => {
    const { user } = await logIn(store)
    await leave(store, user.id)
    const later = await leave(store, user.id, start + 1, start + 9 * day)
    assert.ok(later.kind === "leaving" && later.leavesAt === start + 7 * day)
    const earlier = await leave(store, user.id, start + 2, start + day)
    assert.ok(earlier.kind === "leaving" && earlier.leavesAt === start + day)
    assert.equal((await store.findUser(user.id))?.leavesAt, start + day)
    assert.equal((await store.takeLeft({ now: start + day }))?.userId, user.id)
  }),

  storeCase("of 32 who restore an account one is told that it did, and a login works again", async store => {
    const { user, session } = await logIn(store, { openid: "same" })
    assert.equal(await restore(store, user.id, start), false)
    await leave(store, user.id)
    const restored = await times(32, () => restore(store, user.id, start + day))
    assert.equal(restored.filter(Boolean).length, 1)
    const back = await logIn(store, { openid: "same", now: start + day })
    assert.equal(back.user.id, user.id)
    assert.equal(back.isNew, false)
    assert.equal((await store.findUser(user.id))?.leavesAt, null)
    assert.equal((await store.findSession(session.id))?.revokedReason, "account_deleted")
    assert.deepEqual(await typesOf(store, user.id), ["user.leaving", "user.restored"])
    assert.equal(await store.takeLeft({ now: start + 30 * day }), undefined)
  }),

  storeCase("once the end has come nobody comes back", async store => {
    const { user } = await logIn(store)
    await leave(store, user.id)
    assert.equal(await restore(store, user.id, start + 7 * day), false)
    assert.equal(await erase(store, user.id, start + 7 * day - 1), undefined)
    assert.deepEqual(await erase(store, user.id, start + 7 * day), [user.id])
    assert.equal(await restore(store, user.id, start), false)
  }),

  storeCase("of 32 who take who has left for erasing one gets them, and the next only later", async store => {
    const { user } = await logIn(store)
    await leave(store, user.id, start, start + day)
    assert.equal(await store.takeLeft({ now: start + day - 1 }), undefined)
    let now = start + day
    for (let tries = 1; tries <= 12; tries += 1) {
      const taken = await times(tries === 1 ? 32 : 4, () => store.takeLeft({ now }))
      const [left, ...others] = taken.filter(found => found !== undefined)
      assert.deepEqual({ ...left }, { userId: user.id, leavesAt: start + day, tries })
      assert.equal(others.length, 0)
      assert.equal(await store.takeLeft({ now: now + backOff(tries) - 1, userId: user.id }), undefined)
      now += backOff(tries)
    }
    assert.equal(backOff(12), 6 * 60 * minute)
    assert.deepEqual({ ...(await store.countOverdue(now)) }, { count: 1, oldest: start + day })
    await erase(store, user.id, now)
    assert.deepEqual({ ...(await store.countOverdue(now)) }, { count: 0, oldest: undefined })
    assert.equal(await store.takeLeft({ now: now + day }), undefined)
  }),

  storeCase("many who have left are each taken by one", async store => {
    const people = (await times(10, () => logIn(store))).map(({ user }) => user.id)
    for (const userId of people) await leave(store, userId, start, start + day)
    const taken = await times(10, () => store.takeLeft({ now: start + day }))
    assert.deepEqual(taken.map(left => left?.userId).sort(), [...people].sort())
  }),

  storeCase("who is erased is gone, and the same person is a new user", async store => {
    const first = await logIn(store, { appid: "app1", openid: "one", unionid: "union" })
    await logIn(store, { appid: "app2", openid: "two", unionid: "union" })
    const userId = first.user.id
    const bystander = await logIn(store, { openid: "bystander", unionid: "another" })
    await changeProfile(store, userId, { nickname: "小明", avatarUrl: "https://example.com/a.png" })
    await leave(store, userId, start, start + day)
    const answers = await times(8, () => erase(store, userId, start + day))
    assert.deepEqual(
      answers.filter(ids => ids !== undefined),
      [[userId]],
    )
    assert.equal(await store.findUser(userId), undefined)
    assert.equal(await store.findIdentity("app1", "one"), undefined)
    assert.equal(await store.findIdentity("app2", "two"), undefined)
    assert.equal(await store.findSessionKeys("app1", "one"), undefined)
    assert.equal(await store.findSession(first.session.id), undefined)
    assert.equal(await store.exportUser(userId), undefined)
    assert.deepEqual(await store.revocationsSince("").then(page => page.revocations.length), 2)
    const again = await logIn(store, { appid: "app1", openid: "one", unionid: "union", now: start + day })
    assert.equal(again.isNew, true)
    assert.notEqual(again.user.id, userId)
    const joined = await logIn(store, { appid: "app2", openid: "two", unionid: "union", now: start + day })
    assert.equal(joined.user.id, again.user.id)
    assert.equal((await store.findUser(bystander.user.id))?.identities[0]?.unionid, "another")
  }),

  storeCase("a look for sessions of those who leave ends nobody else's", async store => {
    const { user } = await logIn(store)
    const [bystander, restored] = [await logIn(store), await logIn(store, { openid: "back" })]
    await leave(store, user.id)
    await leave(store, restored.user.id)
    await restore(store, restored.user.id, start + 1)
    await logIn(store, { openid: "back", now: start + 1 })
    assert.deepEqual([...(await store.endSessionsOfLeaving(start, start + 2))], [])
    assert.equal((await store.listSessions(bystander.user.id, start)).length, 1)
    assert.equal((await store.listSessions(restored.user.id, start + 2)).length, 1)
  }),

  storeCase("who was merged into an erased user is erased with them", async store => {
    const one = await logIn(store, { appid: "app1", openid: "one" })
    const two = await logIn(store, { appid: "app2", openid: "two" })
    await changeProfile(store, two.user.id, { nickname: "the other name" })
    const [survivorId, absorbedId] = [one.user.id, two.user.id]
    const merge = { id: "merge", survivorId, absorbedId, dropPhone: true, actor: "user", now: start } as const
    assert.equal((await store.mergeUsers(merge)).kind, "merged")
    assert.deepEqual(await leave(store, absorbedId), { kind: "unknown" })
    await leave(store, survivorId, start, start + day)
    assert.deepEqual(await erase(store, survivorId, start + day), [survivorId, absorbedId])
    assert.equal(await store.findUser(absorbedId), undefined)
    assert.equal(await store.findIdentity("app2", "two"), undefined)
    const undone = await store.undoMerge({ id: "merge", actor: "operator", now: start + day })
    assert.equal(undone.kind, "refused")
  }),

  storeCase(
    "sessions of those who had an identity for a while never name who comes after it",
    async store => {
      const [first, second, third] = (await times(3, index => logIn(store, { openid: `o${index}` }))).map(
        ({ user }) => user.id,
      ) as [string, string, string]
      const merge = (id: string, survivorId: string, absorbedId: string) =>
        store.mergeUsers({ id, survivorId, absorbedId, dropPhone: true, actor: "user", now: start })
      await merge("m1", second, third)
      await merge("m2", first, second)
      const { user, session } = await logIn(store, { openid: "o2", now: start + 1 })
      assert.equal(user.id, first)
      for (const id of ["m2", "m1"])
        assert.equal((await store.undoMerge({ id, actor: "user", now: start + 2 })).kind, "undone")
      await leave(store, third, start + 3, start + 3)
      assert.deepEqual(await erase(store, third, start + 3), [third])
      await logIn(store, { openid: "somebody else", now: start + 4 })
      const left = await store.findSession(session.id)
      assert.equal(left?.userId, first)
      assert.notEqual(left?.openid, "somebody else")
    },
  ),

  storeCase("of deleting, restoring and logging in at once no session of a leaver is left", async store => {
    const people = await times(12, index => logIn(store, { openid: `racer ${index}` }))
    await Promise.all(
      people.flatMap(({ user }, index) => [
        leave(store, user.id, start + 1),
        store.logIn(entry({ openid: `racer ${index}`, now: start + 1 })),
        restore(store, user.id, start + 1),
        store.logIn(entry({ openid: `racer ${index}`, now: start + 1 })),
        leave(store, user.id, start + 2),
      ]),
    )
    await store.endSessionsOfLeaving(start, start + 3)
    for (const [index, { user }] of people.entries()) {
      const { leavesAt } = (await store.findUser(user.id)) ?? { leavesAt: null }
      if (leavesAt !== null) assert.deepEqual(await store.listSessions(user.id, start + 3), [])
      const next = await store.logIn(entry({ openid: `racer ${index}`, now: start + 4 }))
      assert.equal(next.kind, leavesAt === null ? "logged_in" : "leaving")
    }
  }),

  storeCase("an export has everything that is held, and no secret", async store => {
    const given = entry({
      openid: "o'\\\"😀",
      unionid: "union",
      sessionKey: { sealed: "the sealed key", fingerprint: "the fingerprint" },
    })
    const { session } = await logIn(store, given)
    const { userId } = session
    await logIn(store, { openid: given.openid, now: start + 1, sessionKey: given.sessionKey })
    await changeProfile(store, userId, { nickname: "小明" }, start + 2)
    await store.revokeSession(session.id, "logout", start + 3)
    const held = await store.exportUser(userId)
    assert.equal(held?.user.nickname, "小明")
    assert.deepEqual(
      held?.user.identities.map(({ openid, unionid }) => [openid, unionid]),
      [[given.openid, "union"]],
    )
    assert.equal(held?.sessions.length, 2)
    assert.equal(held?.sessions.at(-1)?.revokedReason, "logout")
    assert.equal(held?.phone, undefined)
    assert.doesNotMatch(JSON.stringify(held), /the sealed key|the fingerprint/)
    assert.equal(await store.exportUser("nobody"), undefined)
  }),
]
