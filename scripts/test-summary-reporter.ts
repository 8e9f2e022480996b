import { writeFileSync } from "node:fs"
import { relative } from "node:path"
import type { Reporter, SerializedError, TestModule } from "vitest/node"
import { root } from "./repository.ts"
import type { TestSummary } from "./test-summary.ts"

function summaryOf(modules: readonly TestModule[], unhandled: readonly SerializedError[]): TestSummary {
  let passed = 0
  const failures = unhandled.map(({ message }) => ({ name: "an error that nobody caught", message }))
  const skipped: { name: string; reason?: string }[] = []
  for (const module of modules) {
    const file = relative(root, module.moduleId)
    for (const { message } of module.errors()) failures.push({ name: file, message })
    for (const suite of module.children.allSuites()) {
      const [error] = suite.errors()
      if (error !== undefined) failures.push({ name: `${file} > ${suite.fullName}`, message: error.message })
    }
    for (const test of module.children.allTests()) {
      const name = `${file} > ${test.fullName}`
      const result = test.result()
      if (result.state === "passed") passed += 1
      else if (result.state === "failed") failures.push({ name, message: result.errors[0]?.message ?? "" })
      else {
        skipped.push(
          result.state === "skipped" && result.note !== undefined ? { name, reason: result.note } : { name },
        )
      }
    }
  }
  return { passed, failed: failures.length, skipped, failures }
}

/** Writes what the run came to into the file that scripts/test.ts named. */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default class TestSummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.DENGLU_TEST_SUMMARY
    if (file !== undefined) writeFileSync(file, JSON.stringify(summaryOf(modules, unhandled)))
  }
}
