import { decodeProtectedHeader } from "jose"
import { afterEach, expect, test } from "vitest"
import { planRotation } from "../../src/session/key-rotation.ts"
import type { SigningKeyRecord } from "../../src/store/store.ts"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness | undefined
afterEach(() => harness?.close())

const kids = async (): Promise<string[]> => {
  const answer = await harness?.send("GET", "/.well-known/jwks.json")
  return answer?.body.keys.map((key: { kid: string }) => key.kid) ?? []
}
const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? ""

test("the next key is published before it signs, and the previous one after it has", async () => {
  harness = await startHarness()
  const before = await harness.logIn("alice")
  const published = await kids()
  await harness.login.keys.rotate()
  const after = await harness.logIn("alice")
  expect(published).toContain(kidOf(after.access_token))
  expect(kidOf(after.access_token)).not.toBe(kidOf(before.access_token))
  expect(await kids()).toContain(kidOf(before.access_token))
  expect((await harness.send("GET", "/me", { token: before.access_token })).status).toBe(200)
})

test("a rotation tells its listeners which key signs now", async () => {
  harness = await startHarness()
  const heard: string[] = []
  harness.login.on("signing_keys.rotated", ({ currentKid }) => heard.push(currentKid))
  await harness.login.keys.rotate()
  const { access_token: token } = await harness.logIn("alice")
  expect(heard).toEqual([kidOf(token)])
})

const key = (kid: string, status: SigningKeyRecord["status"], statusSince: number): SigningKeyRecord => ({
  kid,
  status,
  statusSince,
  publicJwk: "{}",
  sealedPrivateKey: "",
  createdAt: 0,
})
const plan = (keys: SigningKeyRecord[], now: number, force = false) =>
  planRotation(keys, {
    now,
    force,
    rotateEvery: 1000,
    keepPrevious: 100,
    createKey: status => key("new", status, now),
  })?.map(({ kid, status }) => `${kid} ${status}`)

test.each([
  ["an empty ring gets a current and a next key", [], 0, ["new current", "new next"]],
  ["nothing is due", [key("a", "current", 0), key("b", "next", 0)], 999, undefined],
  [
    "the turn is due",
    [key("a", "current", 0), key("b", "next", 0)],
    1000,
    ["a previous", "b current", "new next"],
  ],
  ["a missing next key is made", [key("a", "current", 0)], 1, ["a current", "new next"]],
  ["a next key without a current one is promoted", [key("b", "next", 0)], 1, ["b current", "new next"]],
  [
    "a previous key verifies as long as it must",
    [key("p", "previous", 0), key("a", "current", 50), key("b", "next", 50)],
    100,
    undefined,
  ],
  [
    "a previous key goes when its last token is over",
    [key("p", "previous", 0), key("a", "current", 50), key("b", "next", 50)],
    101,
    ["a current", "b next"],
  ],
])("%s", (_name, keys, now, expected) => {
  expect(plan(keys, now)).toEqual(expected)
})

test("a forced rotation keeps the previous keys that are still needed", () => {
  const keys = [key("p", "previous", 90), key("a", "current", 95), key("b", "next", 95)]
  expect(plan(keys, 100, true)).toEqual(["p previous", "a previous", "b current", "new next"])
})
