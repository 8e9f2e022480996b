/** What a test run came to. */
export interface TestSummary {
  readonly passed: number
  /** Tests, files that didn't load, and errors that nobody caught. */
  readonly failed: number
  readonly skipped: readonly { readonly name: string; readonly reason?: string }[]
  /** What failed, and what it said. */
  readonly failures: readonly { readonly name: string; readonly message: string }[]
}

/** The line that ends every run: `12 passed, 0 failed`, and `, 1 skipped` where something was. */
export function totalLine({ passed, failed, skipped }: TestSummary): string {
  const total = `${passed} passed, ${failed} failed`
  return skipped.length === 0 ? total : `${total}, ${skipped.length} skipped`
}

/** One line for a failure, so that the end of a long log says what to look for. */
export function failureLine({ name, message }: TestSummary["failures"][number]): string {
  const [first = ""] = message.split("\n", 1)
  return `failed: ${name}: ${first.slice(0, 200)}`
}
