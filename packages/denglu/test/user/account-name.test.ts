import { expect, test } from "vitest"
import { accountName, readAccount } from "../../src/user/account-name.ts"

test.each([
  ["alice", "alice"],
  ["  Alice.Liddell-1 ", "alice.liddell-1"],
  ["ＡＬＩＣＥ", "alice"],
  ["alice@example.com", "alice@example.com"],
  ["王小明", "王小明"],
  ["K2b", "k2b"],
])("%j is the name %j", (typed, name) => {
  expect(accountName(typed)).toBe(name)
})

test.each([
  "",
  "al",
  "王明",
  ".alice",
  "alice.",
  "13800138000",
  "a b c",
  "аlice",
  "αlice",
  "ali\u200dce",
  // Radicals, which look like 民, 户 and 食.
  "\u2ea0王小",
  "王\u2ebe小",
  "王小\u2ee0",
  "a".repeat(65),
])("%j is no name", typed => {
  expect(accountName(typed)).toBeUndefined()
})

test.each([
  ["13800138000", "+8613800138000"],
  ["138 0013-8000", "+8613800138000"],
  ["+86 138 0013 8000", "+8613800138000"],
  ["+1 (415) 555-2671", "+14155552671"],
  ["＋８６１３８００１３８０００", "+8613800138000"],
])("%j is the number %j", async (typed, phone) => {
  expect(await readAccount(typed)).toEqual({ kind: "phone", phone })
})

test.each(["23800138000", "+0", "+861", "138001380001", "!", "+86138001380O0"])(
  "%j is neither",
  async typed => {
    expect(await readAccount(typed)).toBeUndefined()
  },
)
