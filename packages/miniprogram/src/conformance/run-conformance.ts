import { conformance } from "./conformance.ts"
import { ConformanceFailure, type CreateConformanceClient } from "./conformance-case.ts"

export interface ConformanceResult {
  readonly name: string
  readonly passed: boolean
  /** What was seen where the rule was broken. */
  readonly seen?: string
}

/**
 * Plays all cases with a client, one after another, and answers how each went. For a test runner take
 * {@link conformance} itself: one test a case.
 * @param options.only names of cases; default is all
 * @example
 * ```ts
 * import { createLogin } from "@denglu/miniprogram"
 * import { runConformance } from "@denglu/miniprogram/conformance"
 *
 * const results = await runConformance(({ platform, baseUrl, timeoutMs }) =>
 *   createLogin({ platform, baseUrl, timeout: timeoutMs }))
 * ```
 */
export async function runConformance(
  create: CreateConformanceClient,
  options: { readonly only?: readonly string[] } = {},
): Promise<readonly ConformanceResult[]> {
  const { only } = options
  const results: ConformanceResult[] = []
  for (const { name, run } of conformance) {
    if (only && only.indexOf(name) < 0) continue
    try {
      await run(create)
      results.push({ name, passed: true })
    } catch (thrown) {
      const seen = thrown instanceof ConformanceFailure ? thrown.seen : `threw ${String(thrown)}`
      results.push({ name, passed: false, seen })
    }
  }
  return results
}
