import { expect, test } from "vitest"
import { createRandomBytes } from "../../src/random.ts"
import { type Argon2, createPasswordHasher, loadArgon2 } from "../../src/user/password-hasher.ts"

const cost = { memory: 1_024, passes: 1, lanes: 1 }
const random = createRandomBytes()

async function hasher(given: Partial<Parameters<typeof createPasswordHasher>[0]> = {}) {
  const argon2 = await loadArgon2()
  return createPasswordHasher({ cost, atOnce: 2, mostWaiting: 4, random, argon2, ...given })
}

test("a hash is argon2id at the cost that was said, salted, and of its own password only", async () => {
  const { hash, verify } = await hasher()
  const [one, other] = [await hash("three white horses"), await hash("three white horses")]
  expect(one).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(other).not.toBe(one)
  expect(await verify(one, "three white horses")).toBe(true)
  expect(await verify(one, "three white horse")).toBe(false)
  expect(await verify(undefined, "three white horses")).toBe(false)
})

test("what was hashed at another cost is outdated, and is still compared", async () => {
  const old = await (await hasher()).hash("three white horses")
  const dearer = await hasher({ cost: { ...cost, passes: 2 } })
  expect(dearer.isOutdated(old)).toBe(true)
  expect(dearer.isOutdated(await dearer.hash("three white horses"))).toBe(false)
  expect(await dearer.verify(old, "three white horses")).toBe(true)
})

test("two at once, four waiting in their order, and what comes on top is told to come back", async () => {
  const { hash: real } = await loadArgon2()
  const begun: string[] = []
  const ends: (() => void)[] = []
  const argon2: Argon2 = {
    hash: (password, options) => {
      begun.push(password)
      return new Promise(resolve => ends.push(() => resolve(real("x", options))))
    },
    verify: async () => false,
  }
  const starting = hasher({ argon2 })
  await expect.poll(() => ends.length).toBe(1)
  ends.shift()?.()
  const { hash } = await starting
  begun.length = 0
  const working = ["a", "b", "c", "d", "e", "f"].map(password => hash(password))
  await expect(hash("g")).rejects.toMatchObject({ code: "overloaded", retryAfter: 1 })
  expect(begun).toEqual(["a", "b"])
  for (const expected of ["abc", "abcd", "abcde", "abcdef"]) {
    ends.shift()?.()
    await expect.poll(() => begun.join("")).toBe(expected)
  }
  for (const end of ends) end()
  await Promise.all(working)
})
