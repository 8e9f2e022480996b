import fc from "fast-check"
import { expect, test } from "vitest"
import { createRandomBytes } from "../../src/random.ts"
import { createSealer } from "../../src/session/sealer.ts"
import { createSecretRing, weaknessOfSecret } from "../../src/session/secret-ring.ts"

const first = "first-0123456789-abcdefghijklmnop-xyz"
const second = "second-9876543210-ponmlkjihgfedcba-zyx"
const sealerOf = (...secrets: string[]) => createSealer(createSecretRing(secrets), createRandomBytes())

test("every text opens again, and twice sealed it never looks the same", () => {
  const sealer = sealerOf(first)
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, binding) => {
      const sealed = sealer.seal(binding, text)
      expect(sealer.open(binding, sealed)).toBe(text)
      expect(sealer.seal(binding, text)).not.toBe(sealed)
    }),
  )
})

test("a text bound to one row does not open in another", () => {
  const sealer = sealerOf(first)
  const sealed = sealer.seal("row 1", "key")
  expect(() => sealer.open("row 2", sealed)).toThrow()
})

test("any changed bit is noticed", () => {
  const sealer = sealerOf(first)
  const bytes = Buffer.from(sealer.seal("row", "key"), "base64url")
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
    expect(() => sealer.open("row", changed.toString("base64url"))).toThrow()
  }
})

test("what an older secret sealed opens as long as the secret is in the list", () => {
  const sealed = sealerOf(first).seal("row", "key")
  expect(sealerOf(second, first).open("row", sealed)).toBe("key")
  expect(sealerOf(second, first).isFresh(sealed)).toBe(false)
  expect(() => sealerOf(second).open("row", sealed)).toThrow(/put the old secret back/)
})

test("fingerprints are equal for equal texts only", () => {
  const sealer = sealerOf(first)
  expect(sealer.fingerprint("a")).toBe(sealer.fingerprint("a"))
  expect(sealer.fingerprint("a")).not.toBe(sealer.fingerprint("b"))
  expect(sealer.fingerprint("a")).toHaveLength(22)
})

test.each([
  ["", /shorter than 32/],
  ["short", /shorter than 32/],
  ["a".repeat(40), /repeats itself/],
  ["change-me-change-me-0123456789-abcdef", /placeholder/],
  ["your-secret-here-0123456789-abcdefghij", /placeholder/],
  ["x0".repeat(600), /longer than 1024/],
])("the secret %s is refused with words that help", (secret, words) => {
  expect(weaknessOfSecret(secret)).toMatch(words)
  expect(() => createSecretRing([secret])).toThrow(TypeError)
})

test("no secret at all is refused too", () => {
  expect(() => createSecretRing([])).toThrow(/openssl rand/)
})
