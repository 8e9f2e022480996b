/** Milliseconds of a clock that only runs forward. */
export type Elapsed = () => number

export interface EvenTime {
  readonly elapsed: Elapsed
  readonly random: (size: number) => Uint8Array
}

/**
 * The length (ms) of a step. Opening 12 kB under two keys takes less, on a slow and busy machine too: of work that often ends just before or
 * just after a step the time would tell after all (seen with 0.25).
 */
const step = 1
/** By how much (ms) a failure is late at most, at random. */
const spread = step / 2

/**
 * Runs `work`; what it throws is thrown at a multiple of a step after `begin`, so that whoever waits for the failure does not
 * learn from the time how far the work got: that takes 5 to 30 microseconds, more for some failures than for others. What is left, the
 * 50 nanoseconds by which the processor's caches differ, is buried under a random delay: to see it takes millions of failures. The wait
 * is a busy one, as no timer of Node is that exact, so this is only for what fails seldom.
 */
export function failInEvenTime<Result>(
  { elapsed, random }: EvenTime,
  begin: number,
  work: () => Result,
): Result {
  try {
    return work()
  } catch (error) {
    const [high = 0, low = 0] = random(2)
    const late = ((high * 256 + low) / 65_536) * spread
    const end = begin + Math.ceil((elapsed() - begin) / step) * step + late
    while (elapsed() < end);
    throw error
  }
}
