import assert from "node:assert/strict"
import type { SetPassword } from "../password-store.ts"
import type { NewSms } from "../sms-store.ts"
import type { Store } from "../store.ts"
import type { WaysOn } from "../ways-in.ts"
import { day, eventId, logIn, occasion, type StoreCase, start, storeCase, times } from "./store-case.ts"
import { appid, byWeChat, logInBy, other, right, sent, smsUser } from "./texting.ts"

const trustedSince = start - day
const passwords: WaysOn = { phoneTrustedSince: undefined, passwords: true }

const prove = (store: Store, { idDigest }: NewSms, digits = right, now = start) =>
  store.findOwnerBySms({ idDigest, digits: [digits], now, trustedSince })

function choose(store: Store, userId: string, given: Partial<SetPassword> = {}) {
  const asked = { account: undefined, hash: "hash", expected: undefined, ...occasion({ actor: "user" }) }
  return store.setPassword({ userId, ...asked, ...given })
}

const detach = async (store: Store, userId: string, ways?: WaysOn) => {
  const [identity] = (await store.findUser(userId))?.identities ?? []
  const { openid = "" } = identity ?? {}
  const request = { id: eventId(), userId, appid, openid, now: start }
  return (await store.detachIdentity({ ...request, ...(ways && { ways }) })).kind
}

const unbind = async (store: Store, userId: string) =>
  (await store.unbindPhone({ userId, ways: passwords, ...occasion({ actor: "user" }) })).kind

export const passwordProofCases: readonly StoreCase[] = [
  storeCase(
    "digits for a new password say whose number it is, once, and are good for nothing else",
    async store => {
      const alice = await smsUser(store)
      const sms = await sent(store, { purpose: "reset" })
      assert.deepEqual(await logInBy(store, sms), { kind: "invalid" })
      assert.deepEqual(await prove(store, sms, "wrong"), { kind: "invalid" })
      const outcomes = await times(16, () => prove(store, sms))
      assert.equal(outcomes.filter(({ kind }) => kind === "proved").length, 1)
      assert.equal(outcomes.filter(({ kind }) => kind === "invalid").length, 15)
      assert.deepEqual(
        outcomes.find(({ kind }) => kind === "proved"),
        { kind: "proved", userId: alice },
      )
      assert.deepEqual(await prove(store, await sent(store)), { kind: "invalid" })
    },
  ),

  storeCase(
    "digits for a new password prove nothing of a number that is nobody's, or not known to be theirs still",
    async store => {
      assert.deepEqual(await prove(store, await sent(store, { purpose: "reset" })), { kind: "unknown" })
      const { user } = await logIn(store)
      await byWeChat(store, user.id, other)
      const sms = await sent(store, { purpose: "reset", phone: other })
      assert.deepEqual(await prove(store, sms), { kind: "untrusted" })
    },
  ),

  storeCase("a password with a name is a way in, beside which the last identity may go", async store => {
    const { user } = await logIn(store, { appid })
    await choose(store, user.id, { account: "alice" })
    assert.equal(await detach(store, user.id), "last")
    assert.equal(await detach(store, user.id, passwords), "detached")
    const removal = { userId: user.id, ways: passwords, ...occasion({ actor: "user" }) } as const
    assert.deepEqual(await store.removePassword(removal), { kind: "last" })
  }),

  storeCase("a password without a name is a way in together with the number, and keeps it", async store => {
    const { user } = await logIn(store, { appid })
    await byWeChat(store, user.id)
    await choose(store, user.id)
    assert.equal(await detach(store, user.id, passwords), "detached")
    assert.equal(await unbind(store, user.id), "last")
    await choose(store, user.id, { account: "alice" })
    assert.equal(await unbind(store, user.id), "unbound")
  }),

  storeCase("an identity of an app that is not configured any more is no way in", async store => {
    const { user } = await logIn(store, { appid })
    await choose(store, user.id, { account: "alice" })
    const removal = { userId: user.id, ...occasion({ actor: "user" }) } as const
    const appids = ["wx00000000000000ff"]
    assert.deepEqual(await store.removePassword({ ...removal, ways: { ...passwords, appids } }), {
      kind: "last",
    })
    assert.equal(await detach(store, user.id, { ...passwords, appids }), "detached")
    const second = (await logIn(store, { appid })).user
    await choose(store, second.id, { account: "bob" })
    const ways = { ...passwords, appids: [...appids, appid] }
    const removed = await store.removePassword({ ...removal, userId: second.id, ways })
    assert.equal(removed.kind, "removed")
    assert.equal(await detach(store, second.id, { ...ways, appids }), "last")
  }),

  storeCase("of an identity and a password that are taken away at once, one stays", async store => {
    const people = await times(8, async () => (await logIn(store, { appid })).user.id)
    for (const [index, userId] of people.entries()) await choose(store, userId, { account: `name${index}` })
    for (const userId of people) {
      const removal = { userId, ways: passwords, ...occasion({ actor: "user" }) } as const
      const [identity, password] = await Promise.all([
        detach(store, userId, passwords),
        store.removePassword(removal),
      ])
      assert.equal([identity, password.kind].filter(kind => kind === "last").length, 1)
    }
  }),
]
