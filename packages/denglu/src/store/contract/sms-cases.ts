import assert from "node:assert/strict"
import { keepSmsFor, mostTries, type NewSms } from "../sms-store.ts"
import type { Store } from "../store.ts"
import { day, eventId, logIn, minute, type StoreCase, start, storeCase, times } from "./store-case.ts"
import {
  bindBy,
  byWeChat,
  limits,
  logInBy,
  newSms,
  number,
  opened,
  other,
  right,
  sent,
  smsUser,
  typed,
} from "./texting.ts"

/** What the audit has of a user, in the order of the words. */
const typesOf = async (store: Store, userId: string) =>
  (await store.listAuditEvents(userId, 1_000)).map(({ type }) => type).sort()

const sending: readonly StoreCase[] = [
  storeCase("a number has no more messages than its limits allow, whenever they come", async store => {
    const keep = async (at: number, given: Partial<NewSms> = {}) =>
      store.keepSms(newSms({ createdAt: at, ...given }), limits)
    assert.deepEqual(await keep(start), { kind: "kept" })
    assert.deepEqual(await keep(start + minute - 1), { kind: "too_many", retryAt: start + minute })
    assert.deepEqual(await keep(start, { phone: other }), { kind: "kept" })
    for (let index = 1; index < 5; index += 1) assert.equal((await keep(start + index * minute)).kind, "kept")
    assert.deepEqual(await keep(start + 10 * minute), { kind: "too_many", retryAt: start + 60 * minute })
    for (let index = 0; index < 5; index += 1)
      assert.equal((await keep(start + (65 + index) * minute)).kind, "kept")
    assert.deepEqual(await keep(start + 300 * minute), { kind: "too_many", retryAt: start + day })
    assert.equal((await keep(start + day)).kind, "kept")
  }),

  storeCase("what users ask for counts apart from what anybody asks for, both exactly", async store => {
    const keep = async (purpose: NewSms["purpose"], at = start) =>
      (await store.keepSms(newSms({ purpose, createdAt: at }), limits)).kind
    const purposes = ["login", "bind", "reset", "leave"] as const
    const outcomes = await times(32, index => keep(purposes[index % 4] as NewSms["purpose"]))
    for (const isUsers of [0, 1])
      assert.equal(outcomes.filter((kind, index) => kind === "kept" && index % 2 === isUsers).length, 1)
    for (let index = 1; index < 5; index += 1)
      assert.equal(await keep("login", start + index * minute), "kept")
    assert.equal(await keep("reset", start + 10 * minute), "too_many")
    for (let index = 1; index < 5; index += 1)
      assert.equal(await keep("leave", start + (10 + index) * minute), "kept")
    assert.equal(await keep("bind", start + 20 * minute), "too_many")
  }),

  storeCase("of 32 who want a message for one number at once, one gets it", async store => {
    const outcomes = await times(32, () => store.keepSms(newSms(), limits))
    assert.equal(outcomes.filter(({ kind }) => kind === "kept").length, 1)
    const elsewhere = await times(16, index =>
      store.keepSms(newSms({ phone: `+86137000000${10 + index}` }), limits),
    )
    assert.ok(elsewhere.every(({ kind }) => kind === "kept"))
  }),

  storeCase("what could not be sent is forgotten, and does not count", async store => {
    const sms = newSms()
    assert.equal((await store.keepSms(sms, limits)).kind, "kept")
    await store.dropSms(sms.idDigest)
    await store.dropSms(sms.idDigest)
    assert.deepEqual(await logInBy(store, sms), { kind: "invalid" })
    assert.equal((await store.keepSms(newSms(), limits)).kind, "kept")
  }),

  storeCase("messages are dropped when no limit looks back at them any more", async store => {
    await sent(store)
    await sent(store, { createdAt: start + 1 })
    assert.equal(await store.purge(start + keepSmsFor - 1, 0, 100), 0)
    assert.equal(await store.purge(start + keepSmsFor + 1, 0, 1), 1)
    assert.equal(await store.purge(start + keepSmsFor + 1, 0, 100), 1)
  }),
]

const taking: readonly StoreCase[] = [
  storeCase("digits are good once, for their purpose, until they are over", async store => {
    const { user } = await logIn(store)
    for (const purpose of ["bind", "reset"] as const) {
      const sms = await sent(store, { purpose, userId: purpose === "bind" ? user.id : null })
      assert.deepEqual(await logInBy(store, sms), { kind: "invalid" })
    }
    const login = await sent(store)
    assert.deepEqual(await bindBy(store, login, user.id), { kind: "invalid" })
    const another = (await logIn(store)).user.id
    const binding = await sent(store, { purpose: "bind", userId: user.id })
    assert.deepEqual(await bindBy(store, binding, another), { kind: "invalid" })
    assert.deepEqual(await logInBy(store, login, { now: start + 5 * minute }), { kind: "invalid" })
    assert.deepEqual(await logInBy(store, newSms()), { kind: "invalid" })
    const hash = typed(login, { digits: ["under a new secret", right], now: start + 5 * minute - 1 })
    opened(await store.logInBySms(hash))
    assert.deepEqual(await logInBy(store, login), { kind: "invalid" })
    assert.equal((await store.findPhone(user.id))?.phone, undefined)
  }),

  storeCase("of 64 wrong tries at once no more than five are compared", async store => {
    const sms = await sent(store)
    const wrong = await times(64, () => logInBy(store, sms, { digits: ["wrong"] }))
    assert.ok(wrong.every(({ kind }) => kind === "invalid"))
    assert.deepEqual(await logInBy(store, sms), { kind: "invalid" })
    const next = await sent(store)
    for (let tries = 1; tries < mostTries; tries += 1) await logInBy(store, next, { digits: ["wrong"] })
    opened(await logInBy(store, next))
  }),

  storeCase("of 64 who have the right digits at once, one gets a session", async store => {
    for (const round of ["a new number", "a known number"]) {
      const sms = await sent(store)
      const outcomes = await times(64, () => logInBy(store, sms))
      const sessions = outcomes.filter(({ kind }) => kind === "opened")
      assert.equal(sessions.length, 1, round)
      assert.equal(outcomes.filter(({ kind }) => kind === "invalid").length, 63)
    }
    assert.equal((await store.listAllSessions(start, 100)).length, 2)
  }),
]

const loggingIn: readonly StoreCase[] = [
  storeCase("a number that is nobody's makes a user, each of their beginnings recorded once", async store => {
    const sms = await sent(store)
    const request = typed(sms)
    const { session, user, isNew } = opened(await store.logInBySms(request))
    assert.equal(isNew, true)
    assert.equal(user.id, request.newUserId)
    assert.equal(session.openedBy, "sms")
    assert.equal(session.openid, null)
    assert.deepEqual(
      { ...(await store.findPhone(user.id)) },
      {
        phone: number,
        countryCode: "86",
        appid: "",
        verifiedAt: start,
        smsVerifiedAt: start,
        proof: request.proof,
      },
    )
    assert.deepEqual((await store.findUser(user.id))?.identities, [])
    assert.deepEqual(await typesOf(store, user.id), ["phone.bound", "session.opened", "user.created"])
    const again = await sent(store, { createdAt: start + minute })
    const second = opened(await logInBy(store, again, { now: start + minute }))
    assert.deepEqual([second.user.id, second.isNew], [user.id, false])
    assert.equal((await store.findPhone(user.id))?.smsVerifiedAt, start + minute)
    assert.equal((await store.listSessions(user.id, start)).length, 2)
  }),

  storeCase("of 16 first logins of one number at once, all are of the same user", async store => {
    const messages: NewSms[] = []
    for (let index = 0; index < 16; index += 1) messages.push(await sent(store))
    const outcomes = (await Promise.all(messages.map(sms => logInBy(store, sms)))).map(opened)
    assert.equal(new Set(outcomes.map(({ user }) => user.id)).size, 1)
    assert.equal(outcomes.filter(({ isNew }) => isNew).length, 1)
    assert.equal(await store.findPhoneOwner(number), outcomes[0]?.user.id)
  }),

  storeCase(
    "a number that only WeChat has vouched for, or proved too long ago, opens nothing",
    async store => {
      const { user } = await logIn(store)
      await byWeChat(store, user.id)
      assert.deepEqual(await logInBy(store, await sent(store)), { kind: "untrusted" })
      const old = await smsUser(store, other)
      const later = { now: start + 2 * day, trustedSince: start + 1 }
      const sms = await sent(store, { phone: other, createdAt: start + 2 * day })
      assert.deepEqual(await logInBy(store, sms, later), { kind: "untrusted" })
      assert.deepEqual(await logInBy(store, sms, { ...later, trustedSince: start }), { kind: "invalid" })
      assert.equal((await store.listSessions(old, start)).length, 1)
      assert.equal((await store.listSessions(user.id, start)).length, 1)
      const next = await sent(store, { phone: other, createdAt: start + 2 * day })
      assert.equal(opened(await logInBy(store, next, { ...later, trustedSince: start })).user.id, old)
    },
  ),

  storeCase("who is leaving is not logged in, and their digits stay good for coming back", async store => {
    const userId = await smsUser(store)
    const change = { userId, now: start, actor: "user", eventId: eventId() } as const
    await store.leaveUser({ ...change, leavesAt: start + day })
    const sms = await sent(store)
    assert.deepEqual(await logInBy(store, sms), { kind: "leaving", userId, leavesAt: start + day })
    await store.restoreUser({ ...change, eventId: eventId() })
    assert.equal(opened(await logInBy(store, sms)).user.id, userId)
  }),
]

export const smsCases: readonly StoreCase[] = [...sending, ...taking, ...loggingIn]
