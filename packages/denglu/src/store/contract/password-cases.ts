import assert from "node:assert/strict"
import type { OpenByPassword, RegisterUser, SetPassword } from "../password-store.ts"
import type { Store } from "../store.ts"
import { merge } from "./merging.ts"
import {
  day,
  eventId,
  logIn,
  minute,
  occasion,
  type StoreCase,
  start,
  storeCase,
  times,
} from "./store-case.ts"

const appid = "wxsim0000000000001"
let count = 0

function newSession(now: number) {
  count += 1
  const ends = { idleExpiresAt: now + day, absoluteExpiresAt: now + 7 * day }
  return { id: `byPassword${count}`, ...ends, userAgent: "Mozilla/5.0 浏览器 🖥" }
}

function registration(account: string, given: Partial<RegisterUser> = {}): RegisterUser {
  count += 1
  const { now = start } = given
  const ids = { userId: `registered${count}`, hash: `hash${count}` }
  return { ...ids, account, appid, now, session: newSession(now), ...given }
}

/** Registers, and fails the case if it does not come about. Answers the user's id and what is kept of their password. */
async function register(store: Store, account: string) {
  const request = registration(account)
  const outcome = await store.registerUser(request)
  assert.equal(outcome.kind, "opened")
  return { id: request.userId, hash: request.hash, sessionId: request.session.id }
}

function opening(userId: string, hash: string, given: Partial<OpenByPassword> = {}): OpenByPassword {
  const { now = start } = given
  return { userId, hash, appid, now, session: newSession(now), ...given }
}

function choosing(userId: string, hash: string, given: Partial<SetPassword> = {}): SetPassword {
  const asked = occasion({ now: start + minute, actor: "user" })
  return { userId, account: undefined, hash, expected: undefined, ...asked, ...given }
}

const person = async (store: Store) => (await logIn(store)).user.id
const liveOf = async (store: Store, userId: string) =>
  (await store.listSessions(userId, start + minute)).map(({ id }) => id).sort()

const eventsOf = async (store: Store, userId: string) =>
  (await store.listAuditEvents(userId, 100))
    .map(({ type, at, actor, detail }) => ({ type, at, actor, ...(detail && { detail }) }))
    .filter(({ type }) => type.startsWith("password.") || type === "user.created")

function bindPhone(store: Store, userId: string, phone: string) {
  const facts = { countryCode: "86", appid, verifiedAt: start, proof: "proof", smsVerifiedAt: null }
  return store.bindPhone({ userId, sessionId: "", eventId: eventId(), phone, ...facts })
}

export const passwordCases: readonly StoreCase[] = [
  storeCase("who registers is a user with a session, found by the account name", async store => {
    const request = registration("小明.ming")
    const outcome = await store.registerUser(request)
    const { userId: id, hash, session } = request
    const user = { id, nickname: null, avatarUrl: null, createdAt: start, updatedAt: start, leavesAt: null }
    assert.deepEqual(outcome, {
      kind: "opened",
      user,
      isNew: true,
      session: {
        ...session,
        userId: id,
        appid,
        openid: null,
        counter: 0,
        createdAt: start,
        rotatedAt: start,
        revokedAt: null,
        revokedReason: null,
        openedBy: "password",
      },
    })
    const record = { userId: id, account: "小明.ming", hash, changedAt: start }
    assert.deepEqual({ ...(await store.findPassword({ account: "小明.ming" })) }, record)
    assert.deepEqual({ ...(await store.findPassword({ userId: id })) }, record)
    assert.equal(await store.findPassword({ account: "小明" }), undefined)
    assert.deepEqual({ ...(await store.findUser(id)) }, { ...user, identities: [] })
    assert.deepEqual(await liveOf(store, id), [session.id])
    assert.deepEqual(
      (await eventsOf(store, id)).sort((one, other) => one.type.localeCompare(other.type)),
      [
        { type: "password.set", at: start, actor: "user", detail: { outcome: "registered" } },
        { type: "user.created", at: start, actor: "user" },
      ],
    )
  }),

  storeCase(
    "of 32 who register one name at once exactly one gets it, and nobody else is there",
    async store => {
      const requests = Array.from({ length: 32 }, () => registration("alice"))
      const outcomes = await times(32, index => store.registerUser(requests[index] as RegisterUser))
      assert.equal(outcomes.filter(({ kind }) => kind === "opened").length, 1)
      const winner = requests[outcomes.findIndex(({ kind }) => kind === "opened")]
      assert.equal((await store.findPassword({ account: "alice" }))?.userId, winner?.userId)
      for (const request of requests) {
        const isThere = (await store.findUser(request.userId)) !== undefined
        assert.equal(isThere, request === winner)
        assert.equal((await store.findSession(request.session.id)) !== undefined, request === winner)
      }
    },
  ),

  storeCase("a session opens only for the password that was compared", async store => {
    const { id, hash } = await register(store, "alice")
    const outcome = await store.openSessionByPassword(opening(id, hash))
    assert.equal(outcome.kind, "opened")
    assert.equal((await store.openSessionByPassword(opening(id, "another"))).kind, "changed")
    assert.equal((await store.openSessionByPassword(opening("nobody", hash))).kind, "changed")
    const session = outcome.kind === "opened" ? outcome.session : undefined
    assert.deepEqual([session?.userId, session?.openid, session?.openedBy], [id, null, "password"])
  }),

  storeCase(
    "a change of password ends the other sessions, and no login with the old one outlives it",
    async store => {
      const { id, hash, sessionId } = await register(store, "alice")
      const [opened, changed] = await Promise.all([
        times(16, () => store.openSessionByPassword(opening(id, hash))),
        store.setPassword(
          choosing(id, "next", {
            expected: hash,
            ending: { reason: "password_changed", exceptId: sessionId },
          }),
        ),
      ])
      assert.equal(changed.kind, "set")
      const late = await store.openSessionByPassword(opening(id, hash))
      assert.equal(late.kind, "changed")
      assert.deepEqual(await liveOf(store, id), [sessionId])
      const ids = opened.flatMap(outcome => (outcome.kind === "opened" ? [outcome.session.id] : []))
      if (changed.kind === "set") assert.deepEqual([...changed.endedSessions].sort(), ids.sort())
      for (const ended of ids)
        assert.equal((await store.findSession(ended))?.revokedReason, "password_changed")
    },
  ),

  storeCase("of 16 who change one password at once exactly one does", async store => {
    const { id, hash } = await register(store, "alice")
    const outcomes = await times(16, index =>
      store.setPassword(choosing(id, `next${index}`, { expected: hash })),
    )
    const kinds = outcomes.map(({ kind }) => kind)
    assert.equal(kinds.filter(kind => kind === "set").length, 1)
    assert.equal(kinds.filter(kind => kind === "changed").length, 15)
    assert.equal((await store.findPassword({ userId: id }))?.hash, `next${kinds.indexOf("set")}`)
  }),

  storeCase("a first password needs a name or a phone number to log in by", async store => {
    const alice = await person(store)
    const none = choosing(alice, "hash", { expected: null })
    assert.equal((await store.setPassword(none)).kind, "nameless")
    await bindPhone(store, alice, "+8613800138000")
    assert.equal(await store.findPassword({ phone: "+8613800138000" }), undefined)
    assert.deepEqual(await store.setPassword(none), { kind: "set", isFirst: true, endedSessions: [] })
    const record = { userId: alice, account: null, hash: "hash", changedAt: start + minute }
    assert.deepEqual({ ...(await store.findPassword({ phone: "+8613800138000" })) }, record)
    assert.equal((await store.setPassword({ ...none, ...occasion() })).kind, "changed")
    assert.equal((await liveOf(store, alice)).length, 1)
  }),

  storeCase("another's account name is taken, and everybody keeps what they had", async store => {
    const [alice, bob] = [await register(store, "alice"), await register(store, "bob")]
    const taken = await store.setPassword(choosing(bob.id, "next", { account: "alice" }))
    assert.equal(taken.kind, "taken")
    assert.equal((await store.findPassword({ userId: bob.id }))?.account, "bob")
    assert.equal((await store.findPassword({ userId: bob.id }))?.hash, bob.hash)
    const renamed = await store.setPassword(choosing(bob.id, "next", { account: "robert" }))
    assert.equal(renamed.kind, "set")
    assert.equal(await store.findPassword({ account: "bob" }), undefined)
    const swapped = await Promise.all([
      store.setPassword(choosing(alice.id, "a", { account: "robert" })),
      store.setPassword(choosing(bob.id, "b", { account: "alice" })),
    ])
    assert.deepEqual(
      swapped.map(({ kind }) => kind),
      ["taken", "taken"],
    )
    assert.equal((await store.findPassword({ account: "alice" }))?.userId, alice.id)
  }),

  storeCase("of 16 users who want one account name exactly one gets it", async store => {
    const people = await times(16, () => person(store))
    const outcomes = await times(16, index =>
      store.setPassword(
        choosing(people[index] as string, `hash${index}`, { account: "alice", expected: null }),
      ),
    )
    assert.equal(outcomes.filter(({ kind }) => kind === "set").length, 1)
    const winner = people[outcomes.findIndex(({ kind }) => kind === "set")]
    assert.equal((await store.findPassword({ account: "alice" }))?.userId, winner)
  }),

  storeCase("nobody who is gone, leaves or was merged is given a password", async store => {
    const [alice, bob] = [await person(store), await person(store)]
    const change = { now: start, actor: "user", eventId: eventId(), leavesAt: start + day } as const
    await store.leaveUser({ userId: alice, ...change })
    await merge(store, await person(store), bob)
    for (const userId of ["nobody", alice, bob])
      assert.equal((await store.setPassword(choosing(userId, "hash", { account: "name" }))).kind, "gone")
    assert.equal(await store.findPassword({ account: "name" }), undefined)
  }),

  storeCase("who is leaving does not come in by password", async store => {
    const { id, hash } = await register(store, "alice")
    const change = { now: start, actor: "user", eventId: eventId(), leavesAt: start + day } as const
    await store.leaveUser({ userId: id, ...change })
    const outcome = await store.openSessionByPassword(opening(id, hash))
    assert.deepEqual(outcome, { kind: "leaving", userId: id, leavesAt: start + day })
  }),

  storeCase("a hash is replaced once, and only the one that was expected", async store => {
    const { id, hash } = await register(store, "alice")
    const replaced = await times(16, index =>
      store.rehashPassword({ userId: id, expected: hash, hash: `next${index}`, ...occasion() }),
    )
    assert.equal(replaced.filter(Boolean).length, 1)
    const record = await store.findPassword({ userId: id })
    assert.deepEqual([record?.hash, record?.changedAt], [`next${replaced.indexOf(true)}`, start])
    const events = await eventsOf(store, id)
    assert.equal(events.filter(({ type }) => type === "password.rehashed").length, 1)
  }),

  storeCase(
    "a password is taken away once, with the sessions it opened, but never the last way in",
    async store => {
      const { id: alone } = await register(store, "alone")
      const remove = (userId: string, exceptId?: string) =>
        store.removePassword({ userId, ...occasion({ actor: "user" }), ...(exceptId && { exceptId }) })
      assert.deepEqual(await remove(alone), { kind: "last" })

      const { user, session } = await logIn(store)
      await store.setPassword(choosing(user.id, "hash", { account: "alice" }))
      const [kept, ended] = [opening(user.id, "hash"), opening(user.id, "hash")]
      await store.openSessionByPassword(kept)
      await store.openSessionByPassword(ended)
      const outcomes = await times(8, () => remove(user.id, kept.session.id))
      assert.equal(outcomes.filter(({ kind }) => kind === "none").length, 7)
      assert.deepEqual(
        outcomes.find(({ kind }) => kind === "removed"),
        { kind: "removed", endedSessions: [ended.session.id] },
      )
      assert.deepEqual(await liveOf(store, user.id), [kept.session.id, session.id].sort())
      assert.equal(await store.findPassword({ account: "alice" }), undefined)
      const events = await eventsOf(store, user.id)
      assert.equal(events.filter(({ type }) => type === "password.removed").length, 1)
    },
  ),

  storeCase(
    "an export has the account name and never the hash; an erased user leaves neither",
    async store => {
      const { id } = await register(store, "alice")
      const data = await store.exportUser(id)
      assert.deepEqual(data?.password, { account: "alice", changedAt: start })
      assert.equal((await store.exportUser(await person(store)))?.password, undefined)
      const change = { userId: id, now: start, actor: "user", eventId: eventId() } as const
      await store.leaveUser({ ...change, leavesAt: start })
      await store.eraseUser({ ...change, eventId: eventId() })
      assert.equal(await store.findPassword({ account: "alice" }), undefined)
      assert.equal((await store.registerUser(registration("alice"))).kind, "opened")
    },
  ),
]
