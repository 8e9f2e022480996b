import assert from "node:assert/strict"
import type { SigningKeyRecord } from "../store.ts"
import {
  changeProfile,
  entry,
  logIn,
  logInWith,
  minute,
  occasion,
  type StoreCase,
  start,
  storeCase,
  times,
} from "./store-case.ts"

export const userCases: readonly StoreCase[] = [
  storeCase("a profile changes only where it is told to, and null clears", async store => {
    const { user } = await logIn(store)
    const change = (fields: Parameters<typeof changeProfile>[2], after: number) =>
      changeProfile(store, user.id, fields, start + after)
    assert.deepEqual(
      { ...(await change({ nickname: "小明" }, 1)) },
      { ...user, nickname: "小明", updatedAt: start + 1 },
    )
    await change({ avatarUrl: "https://example.com/a.png" }, 2)
    assert.deepEqual(
      { ...(await change({ nickname: null }, 3)) },
      { ...user, avatarUrl: "https://example.com/a.png", updatedAt: start + 3 },
    )
    const again = await store.findUser(user.id)
    assert.equal(again?.nickname, null)
    assert.equal(again?.avatarUrl, "https://example.com/a.png")
    assert.equal(await changeProfile(store, "nobody", { nickname: "x" }), undefined)
    assert.equal(await store.findUser("nobody"), undefined)
  }),

  storeCase("a login answers the profile as it is now", async store => {
    const { user } = await logIn(store, { openid: "same" })
    await changeProfile(store, user.id, { nickname: "小明" }, start + 1)
    assert.equal((await logIn(store, { openid: "same" })).user.nickname, "小明")
  }),
]

export const identityCases: readonly StoreCase[] = [
  storeCase("an identity is found with its user, by app and openid together", async store => {
    const given = entry({ openid: "o1", unionid: "union" })
    const { user } = await logInWith(store, given)
    const { appid, openPlatform } = given
    assert.deepEqual(
      { ...(await store.findIdentity(appid, "o1")) },
      { appid, openid: "o1", unionid: "union", openPlatform, createdAt: start, userId: user.id },
    )
    const other = await logIn(store, { appid: "wxsim0000000000002", openid: "o2", unionid: "union" })
    assert.equal(other.user.id, user.id)
    assert.equal((await store.findIdentity("wxsim0000000000002", "o2"))?.userId, user.id)
    assert.equal(await store.findIdentity("wxsim0000000000002", "o1"), undefined)
    assert.equal(await store.findIdentity(appid, "O1"), undefined)
    assert.equal(await store.findIdentity(appid, "o1 "), undefined)
  }),
]

export const seenCases: readonly StoreCase[] = [
  storeCase("a key is seen once until it expires, and then once again", async store => {
    const until = start + minute
    assert.equal(await store.seeOnce("a", until, start), true)
    assert.equal(await store.seeOnce("a", until, start), false)
    assert.equal(await store.seeOnce("a", until + minute, until - 1), false)
    assert.equal(await store.seeOnce("A", until, start), true)
    assert.equal(await store.seeOnce("a ", until, start), true)
    assert.equal(await store.seeOnce("a", until + minute, until), true)
    assert.equal(await store.seeOnce("a", until + minute, until + 1), false)
  }),

  storeCase("of 64 who see a key at once, one is the first, also where an old mark is over", async store => {
    for (const now of [start, start + minute]) {
      const answers = await times(64, () => store.seeOnce("key", now + minute, now))
      assert.equal(answers.filter(Boolean).length, 1)
    }
  }),

  storeCase("of 8 keys that 8 callers each see at once, each is seen by one", async store => {
    const answers = await times(64, async index => ({
      key: index % 8,
      first: await store.seeOnce(`key${index % 8}`, start + minute, start),
    }))
    const seen = answers.filter(({ first }) => first).map(({ key }) => key)
    assert.deepEqual(seen.sort(), [0, 1, 2, 3, 4, 5, 6, 7])
  }),

  storeCase("a purge drops marks that are over, in steps, and leaves the others", async store => {
    await times(5, index => store.seeOnce(`old${index}`, start + 1, start))
    await store.seeOnce("young", start + minute, start)
    assert.equal(await store.purge(start, minute, 100), 0)
    assert.equal(await store.purge(start + 1, minute, 3), 3)
    assert.equal(await store.purge(start + 1, minute, 3), 2)
    assert.equal(await store.seeOnce("young", start + minute, start + 1), false)
    assert.equal(await store.seeOnce("old0", start + minute, start + 1), true)
  }),
]

export const sessionKeyCases: readonly StoreCase[] = [
  storeCase("a session_key is replaced only by who knows the present one", async store => {
    const appid = "wxsim0000000000001"
    await logIn(store, { openid: "same", sessionKey: { sealed: "sealed 1", fingerprint: "a" } })
    const replace = (expected: string, sealed: string, fingerprint: string, openid = "same") =>
      store.replaceSessionKey(appid, openid, expected, { sealed, fingerprint }, start + 1)
    const keys = async (openid = "same") => ({ ...(await store.findSessionKeys(appid, openid)) })
    assert.equal(await replace("SEALED 1", "sealed 2", "b"), false)
    assert.equal(await replace("sealed 1", "sealed 2", "b", "nobody"), false)
    assert.equal(await replace("sealed 1", "sealed 2", "b"), true)
    assert.equal(await replace("sealed 1", "sealed 3", "c"), false)
    assert.deepEqual(await keys(), { current: "sealed 2", previous: "sealed 1", changedAt: start + 1 })
    await logIn(store, { openid: "same", sessionKey: { sealed: "again", fingerprint: "b" }, now: start + 2 })
    assert.equal((await keys()).current, "sealed 2")
  }),

  storeCase("of 16 who replace a session_key at once, one does", async store => {
    await logIn(store, { openid: "same", sessionKey: { sealed: "first", fingerprint: "first" } })
    const answers = await times(16, index =>
      store.replaceSessionKey(
        "wxsim0000000000001",
        "same",
        "first",
        { sealed: `sealed ${index}`, fingerprint: `${index}` },
        start,
      ),
    )
    assert.equal(answers.filter(Boolean).length, 1)
    const keys = await store.findSessionKeys("wxsim0000000000001", "same")
    assert.equal(keys?.current, `sealed ${answers.indexOf(true)}`)
    assert.equal(keys?.previous, "first")
  }),
]

function key(kid: string, status: SigningKeyRecord["status"], createdAt: number): SigningKeyRecord {
  return {
    kid,
    status,
    publicJwk: JSON.stringify({ kty: "OKP", kid }),
    sealedPrivateKey: `sealed ${kid}`,
    createdAt,
    statusSince: createdAt + 1,
  }
}

export const keyCases: readonly StoreCase[] = [
  storeCase("signing keys come back as they were put in, oldest first", async store => {
    assert.deepEqual(await store.listSigningKeys(), [])
    const older = key("older", "current", start)
    const newer = key("newer", "next", start + 1)
    assert.equal(await store.replaceSigningKeys([], [newer, older], occasion()), true)
    assert.deepEqual(
      (await store.listSigningKeys()).map(record => ({ ...record })),
      [older, newer],
    )
  }),

  storeCase("signing keys are replaced only by who knows the present ones", async store => {
    await store.replaceSigningKeys([], [key("a", "current", start), key("b", "next", start)], occasion())
    assert.equal(await store.replaceSigningKeys([], [key("c", "current", start)], occasion()), false)
    assert.equal(await store.replaceSigningKeys(["a"], [key("c", "current", start)], occasion()), false)
    assert.equal(await store.replaceSigningKeys(["a", "x"], [key("c", "current", start)], occasion()), false)
    assert.equal((await store.listSigningKeys()).length, 2)
    assert.equal(await store.replaceSigningKeys(["b", "a"], [key("c", "current", start)], occasion()), true)
    assert.deepEqual(
      (await store.listSigningKeys()).map(({ kid }) => kid),
      ["c"],
    )
  }),

  storeCase("of 16 who replace the signing keys at once, one does", async store => {
    const answers = await times(16, index =>
      store.replaceSigningKeys([], [key(`k${index}`, "current", start)], occasion()),
    )
    assert.equal(answers.filter(Boolean).length, 1)
    assert.equal((await store.listSigningKeys()).length, 1)
  }),
]
