import { conformance } from "@denglu/miniprogram/conformance"
import { expect, test } from "vitest"
import { chineseRules } from "../src/conformance/chinese-rules.ts"

test("every rule of the suite has a Chinese name, and nothing else has", () => {
  expect(Object.keys(chineseRules)).toEqual(conformance.map(({ name }) => name))
})
