import { expect, test } from "vitest"
import { redact } from "../../src/cli/redact.ts"

test("secrets are masked at the top and one level below, whatever they are", () => {
  const facts = {
    userId: "u1",
    access_token: "eyJhbGciOi",
    request: { authorization: "Bearer eyJ", path: "/login" },
    phone: { number: "13800138000" },
    list: ["a"],
    nothing: null,
  }
  expect(redact(facts)).toEqual({
    userId: "u1",
    access_token: "[redacted]",
    request: { authorization: "[redacted]", path: "/login" },
    phone: "[redacted]",
    list: ["a"],
    nothing: null,
  })
  expect(facts.access_token).toBe("eyJhbGciOi")
})

test("facts with nothing to mask are not copied", () => {
  const facts = { userId: "u1", app: { appid: "wx1" } }
  expect(redact(facts)).toBe(facts)
})
