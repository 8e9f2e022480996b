import { afterEach, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
afterEach(() => harness.close())

test("an error nobody expected is a 500 whose request_id stands in the log, and whose message stands nowhere", async () => {
  harness = await startHarness()
  const { status, body } = harness.login.problem(new Error("the planted detail"))
  const { code, request_id: requestId } = JSON.parse(body)
  expect([status, code]).toEqual([500, "internal"])
  expect(harness.logged.join()).toContain(requestId)
  expect(body + harness.logged.join()).not.toContain("planted")
})

test("a body that is neither JSON nor a form is told so, though curl -d calls it a form", async () => {
  harness = await startHarness()
  const answer = await harness.send("POST", "/login", {
    body: "garbage",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  })
  expect([answer.status, answer.body.errors]).toEqual([
    400,
    [{ pointer: "", detail: "the body is not JSON" }],
  ])
})
