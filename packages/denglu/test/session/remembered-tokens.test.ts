import fc from "fast-check"
import { expect, test } from "vitest"
import { createRememberedTokens } from "../../src/session/remembered-tokens.ts"
import type { VerifiedToken } from "../../src/session/verified-token.ts"

const saying = (userId: string, index = 0): VerifiedToken => ({
  userId,
  appid: "wxsim0000000000001",
  sessionId: `session of ${userId}`,
  expiresAt: 1_800_000_000 + index,
})

test("what is remembered is recalled, and nothing else", () => {
  const remembered = createRememberedTokens(1000)
  const userOf = (token: string) => Buffer.from(token).toString("hex")
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.option(fc.string(), { nil: undefined }),
      (token, other, openid) => {
        const verified = { ...saying(userOf(token)), ...(openid === undefined ? {} : { openid }) }
        remembered.remember(token, verified)
        expect(remembered.recall(token)).toEqual(verified)
        if (other !== token) expect(remembered.recall(other)?.userId ?? userOf(other)).toBe(userOf(other))
      },
    ),
  )
})

test("the newest quarter of the limit is always there, and the table never outgrows its bound", () => {
  const limit = 1000
  const remembered = createRememberedTokens(limit)
  let largest = 0
  for (let index = 0; index < 100_000; index += 1) {
    remembered.remember(`token ${index}`, saying("someone", index))
    largest = Math.max(largest, remembered.size)
  }
  for (let index = 100_000 - limit / 4; index < 100_000; index += 1)
    expect(remembered.recall(`token ${index}`)).toEqual(saying("someone", index))
  expect(remembered.recall("token 0")).toBeUndefined()
  expect(largest).toBeLessThanOrEqual(limit)
})

test("a token that is asked for stays while others pass", () => {
  const remembered = createRememberedTokens(1000)
  remembered.remember("kept", saying("kept", -1))
  for (let index = 0; index < 50_000; index += 1) {
    remembered.remember(`token ${index}`, saying("someone", index))
    if (index % 100 === 0) expect(remembered.recall("kept")).toEqual(saying("kept", -1))
  }
})
