import assert from "node:assert/strict"
import type { NewAuthorization } from "../platform-store.ts"
import type { Store } from "../store.ts"
import { minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

const platformAppid = "wxsimplatform00001"
const appid = "wxsim0000000000007"
const tokenName = `${appid}@${platformAppid}`
let audits = 0
const audit = (at = start) => {
  audits += 1
  return { id: `audit${audits}`, at, actor: "wechat" as const }
}
const ticket = (issuedAt: number, sealed = `ticket of ${issuedAt}`) => ({
  sealed,
  issuedAt,
  receivedAt: issuedAt + 500,
})
const authorize = (store: Store, given: Partial<NewAuthorization> = {}) =>
  store.keepAuthorizer({
    platformAppid,
    appid,
    sealedRefreshToken: "sealed",
    openPlatform: undefined,
    defaultOpenPlatform: appid,
    codeDigest: "digest",
    authorizedAt: start,
    audit: audit(),
    ...given,
  })
const revoke = (store: Store, revokedAt: number) =>
  store.revokeAuthorizer({ platformAppid, appid, revokedAt, tokenName, audit: audit() })
const live = {
  platformAppid,
  appid,
  sealedRefreshToken: "sealed",
  openPlatform: appid,
  authorizedAt: start,
  revokedAt: null,
}
/** Without the prototype that some drivers give a row. */
const plain = (records: readonly object[]) => records.map(record => ({ ...record }))

export const platformCases: readonly StoreCase[] = [
  storeCase(
    "of a platform's tickets the one that was made last is kept, in whatever order they come",
    async store => {
      assert.equal(await store.findPlatformTicket(platformAppid), undefined)
      const minutes = [3, 1, 9, 4, 7, 2, 8, 5, 6, 0]
      await times(40, index =>
        store.keepPlatformTicket(platformAppid, ticket(start + (minutes[index % 10] as number) * minute)),
      )
      const last = ticket(start + 9 * minute)
      assert.deepEqual({ ...(await store.findPlatformTicket(platformAppid)) }, last)
      assert.equal(await store.keepPlatformTicket(platformAppid, ticket(start)), false)
      assert.equal(await store.keepPlatformTicket(platformAppid, last), false)
      assert.equal(await store.keepPlatformTicket(platformAppid, ticket(start + 10 * minute)), true)
      assert.equal(await store.findPlatformTicket("wxsimplatform00002"), undefined)
    },
  ),

  storeCase("of many who keep one authorisation one does, and all are told the same", async store => {
    const kept = await times(32, index => authorize(store, { sealedRefreshToken: `sealed ${index}` }))
    assert.equal(kept.filter(({ isChanged }) => isChanged).length, 1)
    const sealed = new Set(kept.map(({ authorizer }) => authorizer.sealedRefreshToken))
    assert.equal(sealed.size, 1)
    const [found] = await store.findAuthorizers(appid)
    assert.deepEqual({ ...found }, { ...live, sealedRefreshToken: [...sealed][0] })
    assert.deepEqual(await store.findAuthorizerByCode(platformAppid, "digest"), found)
    assert.equal(await store.findAuthorizerByCode(platformAppid, "another"), undefined)
    assert.equal(await store.findAuthorizerByCode("wxsimplatform00002", "digest"), undefined)
  }),

  storeCase(
    "an authorisation that comes again with another code replaces the refresh token, and keeps the open platform",
    async store => {
      await authorize(store, { openPlatform: "company" })
      const { isChanged, authorizer } = await authorize(store, {
        codeDigest: "another",
        sealedRefreshToken: "new",
        authorizedAt: start - minute,
      })
      assert.equal(isChanged, true)
      assert.deepEqual({ ...authorizer }, { ...live, openPlatform: "company", sealedRefreshToken: "new" })
      const moved = await authorize(store, { codeDigest: null, openPlatform: "other" })
      assert.equal(moved.authorizer.openPlatform, "other")
      // What came without a code is never taken for what came before.
      assert.equal((await authorize(store, { codeDigest: null })).isChanged, true)
    },
  ),

  storeCase("an authorisation ends once, and its code does not bring it back", async store => {
    await store.leaseAppToken(tokenName, { holder: "one", version: 0, now: start, until: start + minute })
    await store.keepAppToken(tokenName, "one", {
      sealed: "token",
      expiresAt: start + 120 * minute,
      forcedAt: 0,
    })
    assert.equal(await revoke(store, start), false)
    await authorize(store)
    assert.equal(await revoke(store, start - 1_000), false)
    assert.equal((await store.findAppToken(tokenName))?.isRefused, false)
    const revoked = await times(32, () => revoke(store, start + minute))
    assert.equal(revoked.filter(Boolean).length, 1)
    assert.equal((await store.findAppToken(tokenName))?.isRefused, true)
    const ended = { ...live, sealedRefreshToken: null, revokedAt: start + minute }
    assert.deepEqual(plain(await store.listAuthorizers(platformAppid)), [ended])
    const again = await authorize(store)
    assert.equal(again.isChanged, false)
    // Each change is audited once, and nothing else is.
    const audited = await store.listAuditEvents("", 100)
    assert.deepEqual(audited.map(({ type }) => type).sort(), ["platform.authorized", "platform.unauthorized"])
    for (const { appid: about, actor, detail } of audited)
      assert.deepEqual([about, actor, detail], [appid, "wechat", { platform: platformAppid }])
    assert.deepEqual({ ...again.authorizer }, ended)
  }),

  storeCase(
    "a new authorisation begins after the end of the one before, whatever clock it goes by",
    async store => {
      await authorize(store)
      await revoke(store, start + minute)
      const { authorizer } = await authorize(store, { codeDigest: "another", authorizedAt: start })
      assert.equal(authorizer.authorizedAt, start + minute + 1)
      assert.equal(authorizer.revokedAt, null)
      // The same end, told once more.
      assert.equal(await revoke(store, start + minute), false)
      assert.equal(await revoke(store, start + minute + 1_000), true)
    },
  ),

  storeCase(
    "of many who got a new refresh token one replaces the old one, and none a newer authorisation's",
    async store => {
      await authorize(store)
      const replaced = await times(32, index =>
        store.replaceRefreshToken(platformAppid, appid, "sealed", `next ${index}`),
      )
      assert.equal(replaced.filter(Boolean).length, 1)
      const next = `next ${replaced.indexOf(true)}`
      assert.equal((await store.findAuthorizers(appid))[0]?.sealedRefreshToken, next)
      await authorize(store, { codeDigest: "another", sealedRefreshToken: "newest" })
      assert.equal(await store.replaceRefreshToken(platformAppid, appid, next, "late"), false)
      await revoke(store, start + minute)
      assert.equal(await store.replaceRefreshToken(platformAppid, appid, "newest", "late"), false)
      assert.equal((await store.findAuthorizers(appid))[0]?.sealedRefreshToken, null)
    },
  ),

  storeCase("platforms and mini programs are kept apart", async store => {
    const other = "wxsimplatform00002"
    const neighbour = "wxsim0000000000008"
    await authorize(store)
    await authorize(store, { platformAppid: other, authorizedAt: start + minute })
    await authorize(store, { appid: neighbour })
    assert.deepEqual(
      (await store.findAuthorizers(appid)).map(found => found.platformAppid),
      [other, platformAppid],
    )
    assert.deepEqual(
      (await store.listAuthorizers(platformAppid)).map(found => found.appid),
      [appid, neighbour],
    )
    await revoke(store, start + minute)
    assert.equal((await store.findAuthorizers(neighbour))[0]?.revokedAt, null)
    assert.equal((await store.listAuthorizers(other))[0]?.revokedAt, null)
  }),
]
