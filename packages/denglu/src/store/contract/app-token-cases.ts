import assert from "node:assert/strict"
import type { Store } from "../store.ts"
import { minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

const appid = "wxsim0000000000001"
const lease = (store: Store, holder: string, version = 0, now = start) =>
  store.leaseAppToken(appid, { holder, version, now, until: now + 10_000 })
const token = { sealed: "sealed token", expiresAt: start + 120 * minute, forcedAt: 0 }

export const appTokenCases: readonly StoreCase[] = [
  storeCase("of many who want to fetch an access_token one may, and all find what it kept", async store => {
    assert.equal(await store.findAppToken(appid), undefined)
    const taken = await times(64, index => lease(store, `holder ${index}`))
    assert.equal(taken.filter(Boolean).length, 1)
    const holder = `holder ${taken.indexOf(true)}`
    assert.equal((await store.findAppToken(appid))?.leasedUntil, start + 10_000)
    assert.equal(await store.keepAppToken(appid, "somebody else", token), undefined)
    assert.equal(await store.keepAppToken(appid, holder, token), 1)
    assert.deepEqual(
      { ...(await store.findAppToken(appid)) },
      { version: 1, ...token, isRefused: false, leasedUntil: 0 },
    )
    // A second answer under the same lease, and a lease for what is there already, change nothing.
    assert.equal(await store.keepAppToken(appid, holder, { ...token, sealed: "again" }), undefined)
    assert.equal(await lease(store, "late"), false)
    assert.equal(await store.findAppToken("wxsim0000000000002"), undefined)
  }),

  storeCase("a lease that is over passes on, and its holder's answer comes too late", async store => {
    assert.equal(await lease(store, "slow"), true)
    assert.equal(await lease(store, "hasty", 0, start + 9_999), false)
    assert.equal(await lease(store, "next", 0, start + 10_000), true)
    assert.equal(await store.keepAppToken(appid, "slow", { ...token, sealed: "old" }), undefined)
    await store.releaseAppToken(appid, "slow")
    assert.equal(await lease(store, "third", 0, start + 10_001), false)
    assert.equal(await store.keepAppToken(appid, "next", token), 1)
    assert.equal((await store.findAppToken(appid))?.sealed, token.sealed)
  }),

  storeCase("a lease given back may be taken at once", async store => {
    assert.equal(await lease(store, "one"), true)
    await store.releaseAppToken(appid, "one")
    assert.equal(await lease(store, "two"), true)
  }),

  storeCase("only the token that is kept now can be refused", async store => {
    await lease(store, "one")
    await store.keepAppToken(appid, "one", token)
    await store.refuseAppToken(appid, 0)
    assert.equal((await store.findAppToken(appid))?.isRefused, false)
    await store.refuseAppToken(appid, 1)
    assert.equal((await store.findAppToken(appid))?.isRefused, true)
    await lease(store, "two", 1)
    const forcedAt = start + 1
    assert.equal(await store.keepAppToken(appid, "two", { ...token, sealed: "newer", forcedAt }), 2)
    await store.refuseAppToken(appid, 1)
    const kept = await store.findAppToken(appid)
    assert.equal(kept?.isRefused, false)
    assert.equal(kept?.sealed, "newer")
    assert.equal(kept?.forcedAt, forcedAt)
  }),
]
