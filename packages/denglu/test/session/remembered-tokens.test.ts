import fc from "fast-check"
import { expect, test } from "vitest"
import { createRememberedTokens } from "../../src/session/remembered-tokens.ts"

test("what is remembered is recalled, and nothing else", () => {
  const remembered = createRememberedTokens<{ readonly of: string }>(1000)
  fc.assert(
    fc.property(fc.string(), fc.string(), (token, other) => {
      remembered.remember(token, { of: token })
      expect(remembered.recall(token)).toEqual({ of: token })
      if (other !== token) expect(remembered.recall(other)?.of ?? other).toBe(other)
    }),
  )
})

test("the newest quarter of the limit is always there, and the table never outgrows its bound", () => {
  const limit = 1000
  const remembered = createRememberedTokens<{ readonly index: number }>(limit)
  let largest = 0
  for (let index = 0; index < 100_000; index += 1) {
    remembered.remember(`token ${index}`, { index })
    largest = Math.max(largest, remembered.size)
  }
  for (let index = 100_000 - limit / 4; index < 100_000; index += 1)
    expect(remembered.recall(`token ${index}`)).toEqual({ index })
  expect(remembered.recall("token 0")).toBeUndefined()
  expect(largest).toBeLessThanOrEqual(limit)
})

test("a token that is asked for stays while others pass", () => {
  const remembered = createRememberedTokens<{ readonly index: number }>(1000)
  remembered.remember("kept", { index: -1 })
  for (let index = 0; index < 50_000; index += 1) {
    remembered.remember(`token ${index}`, { index })
    if (index % 100 === 0) expect(remembered.recall("kept")).toEqual({ index: -1 })
  }
})
