import { afterEach, expect, test, vi } from "vitest"
import { hasCommand, need } from "./need.ts"

afterEach(() => vi.unstubAllEnvs())

/** A test context that remembers why it was skipped. */
function contextOf() {
  const reasons: (string | undefined)[] = []
  const skip = (note?: string): never => {
    reasons.push(note)
    throw new Error("skipped")
  }
  return { reasons, skip }
}

test("a test whose need is met goes on, in CI too", () => {
  vi.stubEnv("CI", "true")
  const context = contextOf()
  need(context, hasCommand("node"), "the command node")
  expect(context.reasons).toEqual([])
})

test("a test whose need is not met is skipped with the reason on a developer's machine", () => {
  vi.stubEnv("CI", "")
  const context = contextOf()
  expect(() => need(context, hasCommand("no-such-command"), "the command no-such-command")).toThrow("skipped")
  expect(context.reasons).toEqual(["needs the command no-such-command"])
})

test("a test whose need is not met fails in CI", () => {
  vi.stubEnv("CI", "true")
  const context = contextOf()
  expect(() => need(context, false, "the command strace")).toThrow("CI must have the command strace")
  expect(context.reasons).toEqual([])
})
