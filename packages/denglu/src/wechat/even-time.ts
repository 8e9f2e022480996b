/** Milliseconds of a clock that only runs forward. */
export type Elapsed = () => number

/** The length (ms) of a step. Opening 12 kB under two keys takes less. */
const step = 0.25

/**
 * Runs `work`; what it throws is thrown at the next multiple of a step after its begin, so that whoever waits for the
 * failure does not learn from the time how far the work got. It waits busily, as no timer of Node is that exact: so it is only for what fails seldom.
 */
export function failInEvenTime<Result>(elapsed: Elapsed, work: () => Result): Result {
  const begin = elapsed()
  try {
    return work()
  } catch (error) {
    const end = begin + Math.ceil((elapsed() - begin) / step) * step
    while (elapsed() < end);
    throw error
  }
}
