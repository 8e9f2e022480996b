import type { Verdict } from "../bench.ts"
import { residentBytes } from "./cpu.ts"
import { type ServerSpec, startServer } from "./server-process.ts"
import { type Load, measure, type Window } from "./wrk.ts"

export interface Candidate {
  readonly name: string
  readonly server: ServerSpec
  /** Against whom the ratio is computed; default is the first candidate. */
  readonly against?: string
}

export interface Plan {
  readonly candidates: readonly Candidate[]
  readonly rounds: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** The load on a candidate that listens at this URL. */
  load(url: string, candidate: Candidate, round: number): Pick<Load, "script" | "connections" | "env" | "own">
  readonly path: string
  say(line: string): void
}

export interface Result {
  readonly name: string
  readonly windows: readonly (Window & { readonly rss: number })[]
}

/** Above this many cores of foreign work a window is measured again, twice at most; the cleanest is kept. */
const foreignAllowed = 0.05

/** A B C, A B C, …: so that whatever the machine does meanwhile meets all alike. */
export async function alternate(plan: Plan): Promise<readonly Result[]> {
  const windows = new Map<string, (Window & { readonly rss: number })[]>()
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const candidate of plan.candidates) {
      const window = await measureOnce(plan, candidate, round)
      plan.say(
        `round ${round}/${plan.rounds}  ${candidate.name.padEnd(44)} ${Math.round(window.perSecond).toString().padStart(7)}/s` +
          `  foreign ${window.foreign.toFixed(2)}${window.errors > 0 ? `  ERRORS ${window.errors}` : ""}`,
      )
      windows.set(candidate.name, [...(windows.get(candidate.name) ?? []), window])
    }
  }
  return plan.candidates.map(({ name }) => ({ name, windows: windows.get(name) ?? [] }))
}

async function measureOnce(plan: Plan, candidate: Candidate, round: number) {
  const server = await startServer(candidate.server)
  try {
    const url = `http://127.0.0.1:${server.port}${plan.path}`
    const run = (seconds: number) => {
      const load = plan.load(url, candidate, round)
      return measure({ ...load, url, seconds, own: [...server.pids, ...load.own] })
    }
    await run(plan.warmUpSeconds)
    let best = await run(plan.seconds)
    for (let again = 0; again < 2 && best.foreign > foreignAllowed; again += 1) {
      const next = await run(plan.seconds)
      if (next.foreign < best.foreign) best = next
    }
    return { ...best, rss: residentBytes(server.pid) }
  } finally {
    await server.stop()
  }
}

/** Of two candidates round by round: neighbours within a round met the same machine. */
export function ratios(results: readonly Result[], one: string, other: string): readonly number[] {
  const of = (name: string) => results.find(result => result.name === name)?.windows ?? []
  return of(one).map((window, index) => window.perSecond / (of(other)[index]?.perSecond ?? Number.NaN))
}

/** A server that says no is quick at it: its figures would mean nothing. */
export function noErrors(part: string, results: readonly Result[]): Verdict {
  const errors = results.flatMap(({ windows }) => windows).reduce((sum, window) => sum + window.errors, 0)
  return {
    what: `${part}: answers other than 2xx, and socket errors`,
    value: errors,
    unit: "",
    target: "= 0",
    met: errors === 0,
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
