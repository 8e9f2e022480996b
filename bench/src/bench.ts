import type { Tool } from "./measure/tools.ts"

/** One thing that is measured. */
export interface Part {
  readonly name: string
  readonly does: string
  tools(bench: Bench): readonly Tool[]
  run(bench: Bench): Promise<Report>
}

export interface Report {
  readonly verdicts: readonly Verdict[]
  /** All that was measured, for the file in `results/`. */
  readonly figures: unknown
}

/** A figure and what it should be. */
export interface Verdict {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly target: string
  readonly met: boolean
}

export interface Bench {
  readonly rounds: number
  readonly seconds: number
  /** Whether peers are measured too. */
  readonly peers: boolean
  say(line: string): void
}

export function atLeast(what: string, value: number, least: number, unit = "×"): Verdict {
  return { what, value, unit, target: `≥ ${least}`, met: value >= least }
}

export function atMost(what: string, value: number, most: number, unit = "×"): Verdict {
  return { what, value, unit, target: `≤ ${most}`, met: value <= most }
}
