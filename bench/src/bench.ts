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

/** The same words in both languages of the documents. */
export interface Text {
  readonly en: string
  readonly zh: string
}

/** A figure and what it should be. */
export interface Verdict {
  readonly what: Text
  readonly value: number
  readonly unit: string
  readonly target: string
  readonly met: boolean
  /** What limits it, or how it was seen. */
  readonly note?: Text
}

export interface Bench {
  readonly rounds: number
  readonly seconds: number
  /** How often a window that others disturbed is measured again at most. */
  readonly repeats: number
  /** Whether peers are measured too. */
  readonly peers: boolean
  /** Whether what takes long and much disk is measured too: ten million sessions. */
  readonly large: boolean
  /** Whether only that is measured. */
  readonly largeAlone: boolean
  /** How many sessions are put at rest to see what one takes. */
  readonly sessions: number
  /** Candidates of `databases` that are measured. */
  wants(candidate: string): boolean
  say(line: string): void
}

/** Something that could not be measured; what was measured before and after it counts all the same. */
export function failed(name: string, error: unknown): Verdict {
  console.error(`${name} failed:`, error)
  return {
    what: { en: `${name}: could not be measured`, zh: `${name}：未能测量` },
    value: 1,
    unit: "",
    target: "= 0",
    met: false,
  }
}

export function atLeast(what: Text, value: number, least: number, unit = "×", note?: Text): Verdict {
  return {
    what,
    value,
    unit,
    target: `≥ ${least}`,
    met: Number.isFinite(value) && value >= least,
    ...(note === undefined ? {} : { note }),
  }
}

export function atMost(what: Text, value: number, most: number, unit = "×", note?: Text): Verdict {
  return {
    what,
    value,
    unit,
    target: `≤ ${most}`,
    met: value <= most,
    ...(note === undefined ? {} : { note }),
  }
}
