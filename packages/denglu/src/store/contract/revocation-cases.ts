import assert from "node:assert/strict"
import type { Store } from "../store.ts"
import { day, logIn, minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

/** Purges in steps until nothing is left to drop; answers how many it dropped. */
async function purgeAll(store: Store, now: number, limit = 10): Promise<number> {
  let dropped = 0
  for (;;) {
    const inStep = await store.purge(now, minute, limit)
    assert.ok(inStep <= limit)
    dropped += inStep
    if (inStep < limit) return dropped
  }
}

export const revocationCases: readonly StoreCase[] = [
  storeCase("of 64 who revoke a session at once, one is told that it did", async store => {
    const { session } = await logIn(store)
    const answers = await times(64, () => store.revokeSession(session.id, "logout", start + 5))
    assert.equal(answers.filter(Boolean).length, 1)
    const after = await store.findSession(session.id)
    assert.equal(after?.revokedAt, start + 5)
    assert.equal(after?.revokedReason, "logout")
  }),

  storeCase("nobody revokes another user's session, one that is over, or one that never was", async store => {
    const { session } = await logIn(store)
    const other = await logIn(store)
    const { id } = session
    assert.equal(await store.revokeSession(id, "revoked_by_user", start, other.user.id), false)
    assert.equal(await store.revokeSession(id, "logout", session.idleExpiresAt), false)
    assert.equal(await store.revokeSession("nobody", "logout", start), false)
    assert.equal((await store.findSession(id))?.revokedAt, null)
    assert.equal(await store.revokeSession(id, "revoked_by_user", start, session.userId), true)
  }),

  storeCase("all sessions of a user end together, but for the one excepted", async store => {
    const sessions = await times(5, () => logIn(store, { openid: "same" }))
    const bystander = await logIn(store)
    const [kept, ...rest] = sessions.map(({ session }) => session.id)
    const userId = sessions[0]?.user.id ?? ""
    const ended = await store.revokeUserSessions(userId, "logout_everywhere", start, kept)
    assert.deepEqual([...ended].sort(), [...rest].sort())
    assert.deepEqual(
      (await store.listSessions(userId, start)).map(({ id }) => id),
      [kept],
    )
    assert.equal((await store.listSessions(bystander.user.id, start)).length, 1)
    assert.deepEqual(await store.revokeUserSessions("nobody", "logout_everywhere", start), [])
    assert.equal((await store.revokeUserSessions(userId, "logout_everywhere", start)).length, 1)
  }),

  storeCase("lists hold live sessions only, the latest first", async store => {
    const login = (after: number) => logIn(store, { openid: "same", now: start + after })
    const first = await login(0)
    const second = await login(1)
    const third = await login(2)
    await store.revokeSession(second.session.id, "logout", start + 3)
    const ids = (sessions: readonly { readonly id: string }[]) => sessions.map(({ id }) => id)
    const both = [third.session.id, first.session.id]
    assert.deepEqual(ids(await store.listSessions(first.user.id, start + 3)), both)
    assert.deepEqual(ids(await store.listAllSessions(start + 3, 10)), both)
    assert.deepEqual(ids(await store.listAllSessions(start + 3, 1)), [third.session.id])
    assert.deepEqual(ids(await store.listSessions(first.user.id, first.session.idleExpiresAt)), [
      third.session.id,
    ])
    assert.deepEqual(await store.listSessions("nobody", start), [])
  }),

  storeCase("a chain of cursors answers each revocation exactly once, oldest first", async store => {
    const seen: string[] = []
    let cursor = ""
    const expected: string[] = []
    for (let round = 0; round < 5; round += 1) {
      const ids = (await times(7, () => logIn(store))).map(({ session }) => session.id)
      await Promise.all(ids.map(id => store.revokeSession(id, "logout", start + round)))
      expected.push(...ids)
      const page = await store.revocationsSince(cursor)
      assert.equal(page.revocations.length, 7)
      assert.ok(page.revocations.every(({ revokedAt }) => revokedAt === start + round))
      seen.push(...page.revocations.map(({ sessionId }) => sessionId))
      cursor = page.cursor
      assert.deepEqual((await store.revocationsSince(cursor)).revocations, [])
    }
    assert.deepEqual([...seen].sort(), expected.sort())
    assert.equal((await store.revocationsSince("")).revocations.length, 35)
  }),

  storeCase("purge drops what is over, keeps what is not, and never more than asked for", async store => {
    const over = await times(25, () => logIn(store))
    const revoked = await times(5, () => logIn(store, { now: start + 31 * day }))
    const alive = await logIn(store, { now: start + 31 * day })
    const now = start + 31 * day
    for (const { session } of revoked) await store.revokeSession(session.id, "logout", now)
    assert.ok((await purgeAll(store, now)) >= 25)
    for (const { session } of over) assert.equal(await store.findSession(session.id), undefined)
    for (const { session } of revoked) assert.notEqual(await store.findSession(session.id), undefined)
    const before = await store.revocationsSince("")
    assert.equal(before.revocations.length, 5)
    await purgeAll(store, now + minute + 1)
    for (const { session } of revoked) assert.equal(await store.findSession(session.id), undefined)
    assert.notEqual(await store.findSession(alive.session.id), undefined)
    assert.deepEqual((await store.revocationsSince("")).revocations, [])
    assert.equal(await purgeAll(store, now + minute + 1), 0)
  }),

  storeCase("a cursor from before a purge goes on working after it", async store => {
    const first = await logIn(store)
    await store.revokeSession(first.session.id, "logout", start)
    const { cursor } = await store.revocationsSince("")
    await purgeAll(store, start + 2 * minute)
    const second = await logIn(store)
    await store.revokeSession(second.session.id, "logout", start + 2 * minute)
    assert.deepEqual(
      (await store.revocationsSince(cursor)).revocations.map(({ sessionId }) => sessionId),
      [second.session.id],
    )
  }),
]
