import assert from "node:assert/strict"
import type { Store } from "../store.ts"
import { merge, undo } from "./merging.ts"
import { day, eventId, logIn, occasion, type StoreCase, start, storeCase, times } from "./store-case.ts"
import { appid, bindBy, byWeChat, logInBy, number, opened, other, right, sent, smsUser } from "./texting.ts"

const unbind = (store: Store, userId: string, phoneTrustedSince: number | undefined) =>
  store.unbindPhone({ userId, ...occasion({ actor: "user" }), ways: { phoneTrustedSince } })

export const smsPhoneCases: readonly StoreCase[] = [
  storeCase("a number proved by SMS is a way in, also where WeChat had vouched for it", async store => {
    const { user } = await logIn(store)
    await byWeChat(store, user.id)
    const binding = await sent(store, { purpose: "bind", userId: user.id })
    const proved = { phone: number, countryCode: "86" }
    assert.deepEqual(await bindBy(store, binding, user.id), { kind: "renewed", number: proved })
    assert.equal(opened(await logInBy(store, await sent(store))).user.id, user.id)
    // WeChat's word on top takes nothing away.
    assert.deepEqual(await byWeChat(store, user.id), { kind: "renewed" })
    assert.equal((await store.findPhone(user.id))?.smsVerifiedAt, start)
    const only = { appid, verifiedUntil: start + day }
    const withdrawn = await store.unbindPhone({ userId: user.id, only, ...occasion({ actor: "wechat" }) })
    assert.deepEqual(withdrawn, { kind: "none" })
  }),

  storeCase("another user's number is taken, and nobody is moved by its digits", async store => {
    const owner = await smsUser(store)
    const { user } = await logIn(store)
    const binding = await sent(store, { purpose: "bind", userId: user.id })
    assert.equal((await bindBy(store, binding, user.id)).kind, "taken")
    assert.equal(await store.findPhone(user.id), undefined)
    assert.equal(opened(await logInBy(store, await sent(store))).user.id, owner)
    const nobody = await sent(store, { purpose: "bind", userId: "nobody", phone: other })
    assert.equal((await bindBy(store, nobody, "nobody")).kind, "gone")
  }),

  storeCase("the last way in stays: of number and identity one can go", async store => {
    const alone = await smsUser(store)
    assert.deepEqual(await unbind(store, alone, start), { kind: "last" })
    assert.equal(await store.findPhoneOwner(number), alone)
    const both = await logIn(store, { openid: "both" })
    const userId = both.user.id
    await bindBy(store, await sent(store, { purpose: "bind", userId, phone: other }), userId)
    const detach = (phoneTrustedSince: number | undefined) =>
      store.detachIdentity({
        id: eventId(),
        userId,
        appid,
        openid: "both",
        now: start,
        ways: { phoneTrustedSince },
      })
    assert.deepEqual(await detach(undefined), { kind: "last" })
    assert.deepEqual(await detach(start + 1), { kind: "last" })
    const [detached, unbound] = await Promise.all([detach(start), unbind(store, userId, start)])
    const gone = [detached.kind === "detached", unbound.kind === "unbound"]
    assert.deepEqual(gone.filter(Boolean).length, 1, `${detached.kind} and ${unbound.kind}`)
    assert.deepEqual([detached.kind, unbound.kind].filter(kind => kind === "last").length, 1)
  }),

  storeCase("whoever has digits that went to their own number is there", async store => {
    const userId = await smsUser(store)
    const prove = ({ idDigest }: { readonly idDigest: string }, who = userId) =>
      store.proveBySms({ idDigest, digits: [right], userId: who, now: start })
    const own = await sent(store, { purpose: "leave", userId })
    const another = (await logIn(store)).user.id
    assert.equal(await prove(own, another), false)
    assert.equal((await times(8, () => prove(own))).filter(Boolean).length, 1)
    assert.equal(await prove(await sent(store, { purpose: "leave", userId, phone: other })), false)
    assert.equal(await prove(await sent(store, { purpose: "bind", userId })), false)
    assert.equal(await prove(await sent(store)), false)
  }),

  storeCase("with a number the sessions end that it has opened, and no others", async store => {
    const both = await logIn(store, { openid: "both" })
    const userId = both.user.id
    await bindBy(store, await sent(store, { purpose: "bind", userId }), userId)
    const { session } = opened(await logInBy(store, await sent(store)))
    assert.deepEqual(await unbind(store, userId, start), { kind: "unbound", endedSessions: [session.id] })
    assert.equal((await store.findSession(session.id))?.revokedReason, "revoked_by_user")
    assert.deepEqual(
      (await store.listSessions(userId, start)).map(({ id }) => id),
      [both.session.id],
    )
    assert.deepEqual(await unbind(store, userId, start), { kind: "none" })
  }),

  storeCase(
    "with a number that is changed the sessions end that it has opened, but for the one that asks",
    async store => {
      const both = await logIn(store, { openid: "both" })
      const userId = both.user.id
      await bindBy(store, await sent(store, { purpose: "bind", userId }), userId)
      const bySms = async (phone: string) =>
        opened(await logInBy(store, await sent(store, { phone }))).session.id
      const [asks, old] = [await bySms(number), await bySms(number)]
      const binding = await sent(store, { purpose: "bind", userId, phone: other })
      const proved = { phone: other, countryCode: "86" }
      const changed = await bindBy(store, binding, userId, start, asks)
      assert.deepEqual(changed, { kind: "changed", endedSessions: [old], number: proved })
      assert.equal((await store.findSession(old))?.revokedReason, "revoked_by_user")
      assert.ok((await store.revocationsSince("")).revocations.some(({ sessionId }) => sessionId === old))
      const again = await sent(store, { purpose: "bind", userId, phone: other })
      assert.equal((await bindBy(store, again, userId)).kind, "renewed")
      const third = await bySms(other)
      const byButton = await byWeChat(store, userId, "+8613700137000", both.session.id)
      assert.deepEqual(byButton, { kind: "changed", endedSessions: [asks, third].sort() })
      const left = (await store.listSessions(userId, start)).map(({ id }) => id)
      assert.deepEqual(left, [both.session.id])
    },
  ),

  storeCase("a merge takes a number and its proof along, and an undo gives both back", async store => {
    const { user } = await logIn(store)
    const absorbed = await smsUser(store)
    const { id } = await merge(store, user.id, absorbed)
    const { session, user: found } = opened(await logInBy(store, await sent(store)))
    assert.equal(found.id, user.id)
    const undone = await undo(store, id)
    assert.ok(undone.kind === "undone" && undone.endedSessions.includes(session.id))
    assert.equal(opened(await logInBy(store, await sent(store))).user.id, absorbed)
    const dropping = await smsUser(store, other)
    const dropped = await merge(store, absorbed, dropping, { dropPhone: true })
    await undo(store, dropped.id)
    assert.equal((await store.findPhone(dropping))?.smsVerifiedAt, start)
  }),

  storeCase("what was sent is exported with the user, and erased with them", async store => {
    const userId = await smsUser(store)
    const binding = await sent(store, { purpose: "bind", userId, phone: other, createdAt: start + 1 })
    const held = (await store.exportUser(userId))?.sms.map(sms => ({ ...sms }))
    assert.deepEqual(held, [
      { phone: number, purpose: "login", createdAt: start, usedAt: start },
      { phone: other, purpose: "bind", createdAt: start + 1, usedAt: null },
    ])
    const change = { userId, now: start, actor: "user" } as const
    await store.leaveUser({ ...change, eventId: eventId(), leavesAt: start })
    assert.deepEqual(await store.eraseUser({ ...change, eventId: eventId() }), [userId])
    assert.equal(await store.purge(start + 2 * day, 365 * day, 100), 0)
    assert.equal((await bindBy(store, binding, userId)).kind, "invalid")
    assert.notEqual(await smsUser(store), userId)
  }),

  storeCase("what was used to log in is erased with its user, who has another number since", async store => {
    const userId = await smsUser(store)
    opened(await logInBy(store, await sent(store)))
    const reset = await sent(store, { purpose: "reset" })
    const { idDigest } = reset
    await store.findOwnerBySms({ idDigest, digits: [right], now: start, trustedSince: start })
    await bindBy(store, await sent(store, { purpose: "bind", userId, phone: other }), userId)
    const change = { userId, now: start, actor: "user" } as const
    await store.leaveUser({ ...change, eventId: eventId(), leavesAt: start })
    assert.deepEqual(await store.eraseUser({ ...change, eventId: eventId() }), [userId])
    assert.equal(await store.purge(start + 2 * day, 365 * day, 100), 0)
  }),
]
