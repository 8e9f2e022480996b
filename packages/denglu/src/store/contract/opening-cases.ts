import assert from "node:assert/strict"
import type { OpenSessionOutcome, OpenSessionRequest, Store } from "../store.ts"
import { merge, undo } from "./merging.ts"
import { day, eventId, logIn, type StoreCase, start, storeCase, times } from "./store-case.ts"

const appid = "wxsim0000000000001"
let count = 0

/** The request to open a session of this user's in a browser. */
function opening(userId: string, given: Partial<OpenSessionRequest> = {}): OpenSessionRequest {
  count += 1
  const { now = start } = given
  const ends = { idleExpiresAt: now + day, absoluteExpiresAt: now + 7 * day }
  const session = { id: `opened${count}`, ...ends, userAgent: "Mozilla/5.0 浏览器 🖥" }
  return { userId, appid, openedBy: "sms", now, session, ...given }
}

const leaving = (userId: string, now = start) =>
  ({ userId, now, actor: "user", eventId: eventId(), leavesAt: now + day }) as const

const ownerOf = (outcome: OpenSessionOutcome) =>
  outcome.kind === "opened" ? outcome.session.userId : outcome.kind

const liveOf = async (store: Store, userId: string, now = start) =>
  (await store.listSessions(userId, now)).map(({ id }) => id).sort()

export const openingCases: readonly StoreCase[] = [
  storeCase("a session opens without an identity, says by what, and lives as others do", async store => {
    const { user } = await logIn(store)
    for (const openedBy of ["sms", "password"] as const) {
      const request = opening(user.id, { openedBy, now: start + 1 })
      const outcome = await store.openSessionOf(request)
      const session = {
        ...request.session,
        userId: user.id,
        appid,
        openid: null,
        counter: 0,
        createdAt: start + 1,
        rotatedAt: start + 1,
        revokedAt: null,
        revokedReason: null,
        openedBy,
      }
      assert.deepEqual(outcome, { kind: "opened", session, user })
      assert.deepEqual({ ...(await store.findSession(session.id)) }, session)
      const rotation = { id: session.id, counter: 0, now: start + 2, grace: 0, idle: day }
      assert.equal((await store.rotateSession(rotation)).kind, "rotated")
      const events = await store.listAuditEvents(user.id, 100)
      assert.deepEqual(
        events.filter(({ sessionId }) => sessionId === session.id),
        [
          {
            id: `${session.id}:opened`,
            at: start + 1,
            type: "session.opened",
            userId: user.id,
            sessionId: session.id,
            appid,
            actor: "user",
            detail: { by: openedBy },
          },
        ],
      )
    }
    assert.equal((await liveOf(store, user.id)).length, 3)
  }),

  storeCase("nobody has no session, and who is leaving gets none", async store => {
    const nobody = opening("nobody")
    assert.deepEqual(await store.openSessionOf(nobody), { kind: "gone" })
    assert.equal(await store.findSession(nobody.session.id), undefined)
    const { user } = await logIn(store)
    await store.leaveUser(leaving(user.id))
    const request = opening(user.id)
    const expected = { kind: "leaving", userId: user.id, leavesAt: start + day }
    assert.deepEqual(await store.openSessionOf(request), expected)
    assert.equal(await store.findSession(request.session.id), undefined)
    const opened = (await store.listAuditEvents(user.id, 100)).filter(({ type }) => type === "session.opened")
    assert.equal(opened.length, 1)
  }),

  storeCase("of who was merged the session is the survivor's, until the merge is undone", async store => {
    const [one, two] = [(await logIn(store)).user, (await logIn(store)).user]
    const { id } = await merge(store, one.id, two.id)
    assert.equal(ownerOf(await store.openSessionOf(opening(two.id))), one.id)
    await undo(store, id)
    assert.equal(ownerOf(await store.openSessionOf(opening(two.id))), two.id)
    await merge(store, one.id, two.id)
    await store.leaveUser(leaving(one.id))
    assert.equal((await store.openSessionOf(opening(two.id))).kind, "leaving")
  }),

  storeCase("no session that opens at the moment of a deletion or a merge outlives it", async store => {
    for (let round = 0; round < 4; round += 1) {
      const [one, two] = [(await logIn(store)).user, (await logIn(store)).user]
      const [outcomes] = await Promise.all([
        times(8, () => store.openSessionOf(opening(two.id))),
        merge(store, one.id, two.id, { id: eventId() }),
      ])
      assert.deepEqual(await liveOf(store, two.id), [])
      for (const outcome of outcomes) assert.ok([one.id, two.id].includes(ownerOf(outcome)))
      const [others] = await Promise.all([
        times(8, () => store.openSessionOf(opening(one.id))),
        store.leaveUser(leaving(one.id)),
      ])
      assert.deepEqual(await liveOf(store, one.id), [])
      for (const outcome of others) assert.ok([one.id, "leaving"].includes(ownerOf(outcome)))
    }
  }),
]
