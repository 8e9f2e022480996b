import { expect, test } from "vitest"
import { createAvatarUploads } from "../../src/limits/avatar-uploads.ts"

const picture = new Uint8Array([1])

/** Uploads that take as long as the test wants, and how often the budget was asked. */
function start() {
  let taken = 0
  const taking = async () => {
    taken += 1
    return () => {}
  }
  const uploads = createAvatarUploads(taking, { ofAll: 5, ofOne: 2 })
  const ends: (() => void)[] = []
  const hang = (userId: string) =>
    uploads(userId, () => new Promise(resolve => ends.push(() => resolve(picture))))
  return { uploads, hang, ends, taken: () => taken }
}

const once = async () => picture

test("users who send slowly keep themselves out, and nobody else; what is refused costs nothing", async () => {
  const { uploads, hang, ends, taken } = start()
  const slow = [hang("slow"), hang("slow")]
  await expect(uploads("slow", once)).rejects.toMatchObject({ code: "rate_limited" })
  expect(await uploads("other", once)).toBe(picture)
  expect(taken()).toBe(3)
  await Promise.resolve()
  for (const end of ends) end()
  await Promise.all(slow)
  expect(await uploads("slow", once)).toBe(picture)
})

test("where all places are taken others are answered overloaded, until one is free", async () => {
  const { uploads, hang, ends } = start()
  const slow = ["a", "a", "b", "b", "c"].map(hang)
  await expect(uploads("d", once)).rejects.toMatchObject({ code: "overloaded" })
  await Promise.resolve()
  for (const end of ends) end()
  await Promise.all(slow)
  expect(await uploads("d", once)).toBe(picture)
})
