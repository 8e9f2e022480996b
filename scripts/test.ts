import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { whatIsLacking } from "./how-to-get.ts"
import { lackingIn } from "./need.ts"
import { root } from "./repository.ts"
import { failureLine, type TestSummary, totalLine } from "./test-summary.ts"

/**
 * `npm test`: vitest with its arguments passed through, and at the end the skips with their reasons, the failures and one line
 * `N passed, N failed` for whoever reads only that. A skip without a reason fails the whole run. What the machine lacks is listed once
 * each, with the command that brings it.
 */
const args = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), "denglu-tests-"))
const file = join(folder, "summary.json")
console.log(`Node ${process.version}`)

const reporter = join(root, "scripts", "test-summary-reporter.ts")
const own = args.some(arg => arg.startsWith("--reporter")) ? [] : ["--reporter=default"]
const { status } = spawnSync("vitest", ["run", ...args, ...own, `--reporter=${reporter}`], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, DENGLU_TEST_SUMMARY: file },
})

/** A run that ended without a summary crashed: that is one failure, never nothing. */
const crashed: TestSummary = { passed: 0, failed: 1, skipped: [], failures: [] }
const summary = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TestSummary) : crashed
rmSync(folder, { recursive: true, force: true })

/** With a filter by name, vitest counts what it left out as skipped. */
const filtered = args.some(arg => /^(-t|--testNamePattern)/.test(arg))
const unexplained = filtered ? [] : summary.skipped.filter(skip => skip.reason === undefined)
if (!filtered) {
  for (const { name, reason } of summary.skipped)
    console.log(`skipped: ${name}: ${reason ?? "NO REASON GIVEN"}`)
}
for (const failure of summary.failures) console.log(failureLine(failure))
const said = [
  ...summary.skipped.map(({ reason }) => reason ?? ""),
  ...summary.failures.map(({ message }) => message),
]
const lacking = said.flatMap(lackingIn)
if (lacking.length > 0) {
  console.log(
    process.env.CI === "true"
      ? "\nNot found on this machine, and CI must have it:"
      : "\nNot found on this machine, so that tests were skipped (with CI=true they fail):",
  )
  for (const line of whatIsLacking(lacking)) console.log(line)
}
if (unexplained.length > 0)
  console.log("A skip carries its reason: context.skip(reason), see CONTRIBUTING.md.")
process.exitCode = status === 0 && summary.failed === 0 && unexplained.length === 0 ? 0 : status || 1
console.log(totalLine(summary))
