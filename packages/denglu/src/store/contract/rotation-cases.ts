import assert from "node:assert/strict"
import type { RotateRequest, Store } from "../store.ts"
import { day, logIn, type StoreCase, start, storeCase, times } from "./store-case.ts"

const grace = 30_000
const idle = 30 * day
const ask = (id: string, counter: number, now: number): RotateRequest => ({ id, counter, now, grace, idle })

/** A session, and what happens to it when a counter is presented so many ms after its login. */
async function openSession(store: Store) {
  const { session, user } = await logIn(store)
  const present = (counter: number, after = 1000) =>
    store.rotateSession(ask(session.id, counter, start + after))
  return { id: session.id, user, session, present }
}

export const rotationCases: readonly StoreCase[] = [
  storeCase("the current counter rotates, and the idle end moves with it", async store => {
    const { present, session, user, id } = await openSession(store)
    const outcome = await present(0, day)
    assert.ok(outcome.kind === "rotated")
    assert.deepEqual(
      { ...outcome.session },
      { ...session, counter: 1, rotatedAt: start + day, idleExpiresAt: start + day + idle },
    )
    assert.deepEqual({ ...outcome.user }, { ...user })
    assert.deepEqual(await store.findSession(id), outcome.session)
  }),

  storeCase("64 callers with the current counter: one rotates, the others get its replay", async store => {
    const { present, id } = await openSession(store)
    const outcomes = await times(64, () => present(0))
    assert.equal(outcomes.filter(({ kind }) => kind === "rotated").length, 1)
    assert.equal(outcomes.filter(({ kind }) => kind === "replayed").length, 63)
    assert.equal((await store.findSession(id))?.counter, 1)
  }),

  storeCase(
    "the counter before is replayed up to the very end of the grace, and is reuse after it",
    async store => {
      const within = await openSession(store)
      await within.present(0, 1000)
      const replay = await within.present(0, 1000 + grace)
      assert.ok(replay.kind === "replayed")
      assert.equal(replay.session.counter, 1)
      assert.equal((await within.present(1, 1000 + grace)).kind, "rotated")
      const after = await openSession(store)
      await after.present(0, 1000)
      const reuse = await after.present(0, 1000 + grace + 1)
      assert.ok(reuse.kind === "reused")
      assert.equal(reuse.session.revokedReason, "refresh_reused")
      assert.equal((await after.present(1, 1000 + grace + 2)).kind, "revoked")
    },
  ),

  storeCase("without grace the counter before is reuse at once", async store => {
    const { id, present } = await openSession(store)
    await present(0)
    const outcome = await store.rotateSession({ ...ask(id, 0, start + 1000), grace: 0 })
    assert.equal(outcome.kind, "reused")
  }),

  storeCase("a counter further behind is reuse even within the grace, and is recorded once", async store => {
    const { present, id } = await openSession(store)
    await present(0)
    await present(1)
    const outcomes = await times(8, () => present(0))
    assert.equal(outcomes.filter(({ kind }) => kind === "reused").length, 1)
    assert.equal(outcomes.filter(({ kind }) => kind === "revoked").length, 7)
    const { revocations } = await store.revocationsSince("")
    assert.deepEqual(
      revocations.map(({ sessionId }) => sessionId),
      [id],
    )
  }),

  storeCase("a counter that was never reached, and a session that never was, are unknown", async store => {
    const { present } = await openSession(store)
    assert.equal((await present(1)).kind, "unknown")
    assert.equal((await store.rotateSession(ask("nobody", 0, start))).kind, "unknown")
    assert.equal((await present(0)).kind, "rotated")
  }),

  storeCase("rotation never moves the absolute end, and ends there", async store => {
    const { session } = await openSession(store)
    let now = start
    for (let counter = 0; counter < 6; counter += 1) {
      now = start + (counter + 1) * 29 * day
      const outcome = await store.rotateSession(ask(session.id, counter, now))
      assert.ok(outcome.kind === "rotated")
      assert.equal(outcome.session.absoluteExpiresAt, session.absoluteExpiresAt)
      assert.equal(outcome.session.idleExpiresAt, Math.min(now + idle, session.absoluteExpiresAt))
    }
    const over = await store.rotateSession(ask(session.id, 6, session.absoluteExpiresAt))
    assert.equal(over.kind, "expired")
  }),

  storeCase("a session is over at its idle end, not before", async store => {
    const { session } = await openSession(store)
    const { id, idleExpiresAt } = session
    assert.equal((await store.rotateSession(ask(id, 0, idleExpiresAt))).kind, "expired")
    assert.equal((await store.rotateSession(ask(id, 0, idleExpiresAt - 1))).kind, "rotated")
  }),

  storeCase("against 32 rotations at once, a logout always wins", async store => {
    for (let round = 0; round < 10; round += 1) {
      const { present, id } = await openSession(store)
      const rotations = times(32, () => present(0))
      const ended = store.revokeSession(id, "logout", start + 1000)
      const more = times(32, () => present(0))
      assert.equal(await ended, true)
      await Promise.all([rotations, more])
      const after = await store.findSession(id)
      assert.notEqual(after?.revokedAt, null)
      // The logout may have come before every rotation: then the session never reached 1.
      assert.ok(after?.counter === 0 || after?.counter === 1)
      assert.equal((await present(1)).kind, after.counter === 1 ? "revoked" : "unknown")
      assert.equal((await present(0)).kind, "revoked")
    }
  }),
]
