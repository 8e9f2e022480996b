import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import { root } from "./repository.ts"

// Inside the repository, so that the made-up tests find vitest; git ignores the folder.
mkdirSync(join(root, ".tmp"), { recursive: true })
const folder = mkdtempSync(join(root, ".tmp", "test-run-"))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function npmTest(
  content: string,
  env: Readonly<Record<string, string>> = {},
): {
  readonly last: string | undefined
  readonly code: number | null
  out: string
} {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, "vitest.config.mjs"),
    'export default { test: { include: ["made-up.test.ts"] } }\n',
  )
  writeFileSync(join(folder, "made-up.test.ts"), `import { expect, test } from "vitest"\n${content}\n`)
  const args = [join(root, "scripts", "test.ts"), "--root", folder]
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
  })
  return { last: stdout.trimEnd().split("\n").at(-1), code: status, out: stdout }
}

test("a run that passes ends with its total", () => {
  const { last, code } = npmTest('test("one", () => expect(1).toBe(1))')
  expect([last, code]).toEqual(["1 passed, 0 failed", 0])
})

test("a failure is counted, and the exit code says so", () => {
  const { last, code, out } = npmTest('test("one", () => expect(1).toBe(2))\ntest("two", () => {})')
  expect([last, code]).toEqual(["1 passed, 1 failed", 1])
  expect(out).toMatch(/\nfailed: .*made-up\.test\.ts > one: expected 1 to be 2/)
})

test("a file that does not load is a failure", () => {
  const { last, code } = npmTest('throw new Error("no")')
  expect([last, code]).toEqual(["0 passed, 1 failed", 1])
})

test("a rejection that nobody caught is a failure", () => {
  const { last, code } = npmTest('test("one", async () => { Promise.reject(new Error("no")); await 0 })')
  expect(last).toMatch(/, 1 failed$/)
  expect(code).toBe(1)
})

test("a skip is named with its reason", () => {
  const { last, code, out } = npmTest('test("one", context => context.skip("needs a phone"))')
  expect([last, code]).toEqual(["0 passed, 0 failed, 1 skipped", 0])
  expect(out).toContain("one: needs a phone")
})

const needs = `import { need } from "${join(root, "scripts", "need.ts")}"`
const lacksPostgres = 'test("a", context => need(context, false, "PostgreSQL on 127.0.0.1:5432"))'

test("what the machine lacks is listed once, with the command that brings it", () => {
  const { last, code, out } = npmTest(
    `${needs}\n${lacksPostgres}\n${lacksPostgres}\ntest("b", context => need(context, false, "a phone"))`,
    { CI: "" },
  )
  expect([last, code]).toEqual(["0 passed, 0 failed, 3 skipped", 0])
  expect(out).toMatch(
    /Not found on this machine.*\n {2}PostgreSQL on .* \(2 tests\)\n {6}docker run .*postgres.*\n {2}a phone \(1 test\)\n/,
  )
})

test("in CI the run fails on what the machine lacks, and says the same", () => {
  const { last, code, out } = npmTest(`${needs}\n${lacksPostgres}`, { CI: "true" })
  expect([last, code]).toEqual(["0 passed, 1 failed", 1])
  expect(out).toMatch(/CI must have it:\n {2}PostgreSQL on .* \(1 test\)\n {6}docker run /)
})

test("a skip without a reason fails the run", () => {
  const { code, out } = npmTest('test.skip("one", () => {})')
  expect(out).toContain("NO REASON GIVEN")
  expect(code).toBe(1)
})
