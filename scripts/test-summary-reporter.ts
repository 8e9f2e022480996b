import { writeFileSync } from "node:fs"
import { relative } from "node:path"
import type { Reporter, SerializedError, TestModule } from "vitest/node"
import { root } from "./repository.ts"
import type { TestSummary } from "./test-summary.ts"

function summaryOf(modules: readonly TestModule[], unhandled: readonly SerializedError[]): TestSummary {
  let passed = 0
  let failed = unhandled.length
  const skipped: { name: string; reason?: string }[] = []
  const errors: string[] = []
  for (const module of modules) {
    const tests = [...module.children.allTests()]
    const suites = [...module.children.allSuites()]
    failed += module.errors().length + suites.filter(suite => suite.errors().length > 0).length
    for (const test of tests) {
      const result = test.result()
      if (result.state === "passed") passed += 1
      else if (result.state === "failed") {
        failed += 1
        errors.push(...result.errors.slice(0, 1).map(({ message }) => message))
      } else {
        const name = `${relative(root, module.moduleId)} > ${test.fullName}`
        skipped.push(
          result.state === "skipped" && result.note !== undefined ? { name, reason: result.note } : { name },
        )
      }
    }
  }
  return { passed, failed, skipped, errors }
}

/** Writes what the run came to into the file that scripts/test.ts named. */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default class TestSummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.DENGLU_TEST_SUMMARY
    if (file !== undefined) writeFileSync(file, JSON.stringify(summaryOf(modules, unhandled)))
  }
}
