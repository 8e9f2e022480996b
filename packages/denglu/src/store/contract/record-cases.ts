import assert from "node:assert/strict"
import type { SigningKeyRecord } from "../store.ts"
import { logIn, type StoreCase, start, storeCase, times } from "./store-case.ts"

export const userCases: readonly StoreCase[] = [
  storeCase("a profile changes only where it is told to, and null clears", async store => {
    const { user } = await logIn(store)
    const change = (fields: Parameters<typeof store.updateUser>[1], after: number) =>
      store.updateUser(user.id, fields, start + after)
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
    assert.equal(await store.updateUser("nobody", { nickname: "x" }, start), undefined)
    assert.equal(await store.findUser("nobody"), undefined)
  }),

  storeCase("a login answers the profile as it is now", async store => {
    const { user } = await logIn(store, { openid: "same" })
    await store.updateUser(user.id, { nickname: "小明" }, start + 1)
    assert.equal((await logIn(store, { openid: "same" })).user.nickname, "小明")
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
    assert.equal(await store.replaceSigningKeys([], [newer, older]), true)
    assert.deepEqual(
      (await store.listSigningKeys()).map(record => ({ ...record })),
      [older, newer],
    )
  }),

  storeCase("signing keys are replaced only by who knows the present ones", async store => {
    await store.replaceSigningKeys([], [key("a", "current", start), key("b", "next", start)])
    assert.equal(await store.replaceSigningKeys([], [key("c", "current", start)]), false)
    assert.equal(await store.replaceSigningKeys(["a"], [key("c", "current", start)]), false)
    assert.equal(await store.replaceSigningKeys(["a", "x"], [key("c", "current", start)]), false)
    assert.equal((await store.listSigningKeys()).length, 2)
    assert.equal(await store.replaceSigningKeys(["b", "a"], [key("c", "current", start)]), true)
    assert.deepEqual(
      (await store.listSigningKeys()).map(({ kid }) => kid),
      ["c"],
    )
  }),

  storeCase("of 16 who replace the signing keys at once, one does", async store => {
    const answers = await times(16, index =>
      store.replaceSigningKeys([], [key(`k${index}`, "current", start)]),
    )
    assert.equal(answers.filter(Boolean).length, 1)
    assert.equal((await store.listSigningKeys()).length, 1)
  }),
]
