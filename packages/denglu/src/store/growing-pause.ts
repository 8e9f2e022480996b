import { createRandomBytes, type RandomBytes } from "../random.ts"

/** Pauses between tries that fail. */
export interface GrowingPause {
  /** How long (ms) to wait before the next try: between half of a length and the whole of it, which is doubled each time. */
  next(): number
  /** To be called after a success: the next pause is a first one again. */
  reset(): void
}

/**
 * The half that is left to chance keeps instances apart that have lost the same database at the same moment.
 *
 * @param first longest length (ms) of the first pause
 * @param longest and that of the longest
 */
export function createGrowingPause(
  first: number,
  longest: number,
  random: RandomBytes = createRandomBytes(),
): GrowingPause {
  let length = first
  return {
    next() {
      const [chance = 0] = random(1)
      const pause = length * (0.5 + chance / 510)
      length = Math.min(length * 2, longest)
      return pause
    },
    reset() {
      length = first
    },
  }
}
