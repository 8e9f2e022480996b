import fc from "fast-check"
import { expect, test } from "vitest"
import { maskedPhone, nationalNumber, normalPhone } from "../../src/user/phone-number.ts"

test.each([
  ["86", "13800138000", "+8613800138000", "86"],
  ["86", "19900000000", "+8619900000000", "86"],
  ["886", "0912345678", "+886912345678", "886"],
  ["886", "912345678", "+886912345678", "886"],
  ["852", "51234567", "+85251234567", "852"],
  ["1868", "2911234", "+18682911234", "1"],
  ["1", "8682911234", "+18682911234", "1"],
  ["39", "0612345678", "+390612345678", "39"],
])("+%s %s is %s", async (countryCode, number, phone, country) => {
  expect(await normalPhone(countryCode, number)).toEqual({ phone, countryCode: country })
})

test.each([
  ["86", ""],
  ["86", "138"],
  ["86", "138001380001380"],
  ["999", "1234567"],
  ["86", "138a0138000"],
])("+%s %s is no number", async (countryCode, number) => {
  expect(await normalPhone(countryCode, number)).toBeUndefined()
})

test("what comes out is E.164, whatever goes in, and comes out again the same", async () => {
  const texts = fc.oneof(fc.string({ maxLength: 24 }), fc.stringMatching(/^\d{1,15}$/))
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^\d{1,4}$/), texts, async (countryCode, number) => {
      const normal = await normalPhone(countryCode, number)
      if (normal === undefined) return
      expect(normal.phone).toMatch(/^\+[1-9]\d{3,16}$/)
      expect(normal.phone.startsWith(`+${normal.countryCode}`)).toBe(true)
      expect(await normalPhone(normal.countryCode, nationalNumber(normal))).toEqual(normal)
    }),
    // All zeros: each reading would take one away.
    { numRuns: 2_000, examples: [["530", "0000000"]] },
  )
})

test.each([
  ["86", "+8613800138000", "+86138****8000"],
  ["852", "+85251234567", "+85251****567"],
  ["247", "+24762889", "+2476****89"],
  ["1", "+12025550123", "+1202****0123"],
])("of a number in %s others see %s only as %s", (countryCode, phone, masked) => {
  expect(maskedPhone({ phone, countryCode })).toBe(masked)
})
