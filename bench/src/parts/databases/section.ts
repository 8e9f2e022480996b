import type { Bench, Verdict } from "../../bench.ts"
import type { People } from "../../measure/load-people.ts"
import type { Candidate, Result } from "../../measure/rounds.ts"
import { type Figures, renderFigures, summarize } from "../../measure/table.ts"
import type { World } from "./world.ts"

/** One measurement of the part: answers what it found, and whether that is what is wanted. */
export type Section = (world: World, bench: Bench, known: People) => Promise<Findings>

export interface Findings {
  readonly figures: Readonly<Record<string, unknown>>
  readonly verdicts: readonly Verdict[]
}

/** Prints the table of some rounds and answers it as figures. */
export function tabulate(
  { say }: Bench,
  all: readonly Candidate[],
  results: readonly Result[],
  unit: string,
): readonly Figures[] {
  const figures = summarize(all, results)
  say(`\n${renderFigures(figures, unit)}\n`)
  return figures
}
