import { expect, test } from "vitest"
import { createFamiliarBrowsers, markLife } from "../../src/login/password/familiar-browsers.ts"
import { createRandomBytes } from "../../src/random.ts"
import { createSealer } from "../../src/session/sealer.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"

const secrets = ["5f3a9c1e7b2d4086-a1b2c3d4e5f60718-marks", "8c6f2b1d9e4a7053-b2c3d4e5f6071829-others"]

function start(used = secrets.slice(0, 1)) {
  let now = 1_800_000_000_000
  const sealer = createSealer(createSecretRing(used), createRandomBytes())
  const advance = (ms: number) => {
    now += ms
  }
  return { ...createFamiliarBrowsers(sealer, () => now), advance }
}

test("a browser is familiar with those who have logged in there, and with nobody else", () => {
  const { add, find } = start()
  const marks = add(add(undefined, "alice"), "bob")
  const alices = find(marks, "alice")
  expect(alices).toMatch(/^[\w-]{22}$/)
  expect(find(marks, "alice")).toBe(alices)
  expect(find(marks, "bob")).not.toBe(alices)
  expect(find(marks, "carol")).toBeUndefined()
  expect(find(undefined, "alice")).toBeUndefined()
})

test("two browsers of one person have tries of their own", () => {
  const { add, find } = start()
  const [one, other] = [add(undefined, "alice"), add(undefined, "alice")]
  expect(find(one, "alice")).not.toBe(find(other, "alice"))
})

test("a mark says nothing of whose it is, and nobody can make or change one", () => {
  const { add, find } = start()
  const marks = add(undefined, "alice")
  expect(Buffer.from(marks, "base64url").toString("latin1")).not.toContain("alice")
  const changed = `${marks.slice(0, -2)}${marks.endsWith("AA") ? "BB" : "AA"}`
  for (const other of [changed, "", ".", "....", "x".repeat(5_000), `${".".repeat(6)}${marks}`])
    expect(find(other, "alice")).toBeUndefined()
  const elsewhere = start([secrets[1] as string])
  expect(elsewhere.find(marks, "alice")).toBeUndefined()
})

test("marks live on while the secret is changed, and end after half a year", () => {
  const { add, find, advance } = start([secrets[1] as string])
  const marks = add(undefined, "alice")
  expect(start([...secrets]).find(marks, "alice")).toBeDefined()
  advance(markLife - 1)
  expect(find(marks, "alice")).toBeDefined()
  advance(1)
  expect(find(marks, "alice")).toBeUndefined()
})

test("five people share a browser, and who has not logged in for longest is forgotten", () => {
  const { add, find } = start()
  let marks: string | undefined
  for (const person of ["a", "b", "c", "d", "e", "a", "f"]) marks = add(marks, person)
  expect(["a", "b", "c", "d", "e", "f"].map(person => find(marks, person) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
    true,
    true,
  ])
  expect(marks?.length).toBeLessThan(1_000)
})
