import type { Text, Verdict } from "../bench.ts"
import { residentBytes } from "./cpu.ts"
import { type ServerProcess, type ServerSpec, startServer } from "./server-process.ts"
import { type Load, measure, type Window } from "./wrk.ts"

export interface Candidate {
  readonly name: string
  readonly server: ServerSpec
  /** More servers beside it, loaded together with it. */
  readonly beside?: readonly ServerSpec[]
  /** Against whom the ratio is computed; default is the first candidate. */
  readonly against?: string
  /** Makes ready what the servers need, anew for every window: a database of their own. */
  readonly open?: () => Promise<Place>
  /** What is done with the servers before they are loaded. */
  readonly ready?: (servers: readonly ServerProcess[]) => void
}

/** What the servers of one window find. */
export interface Place {
  readonly env: Readonly<Record<string, string>>
  /** See {@link Load.own}. */
  readonly own: Readonly<Record<string, readonly number[]>>
  /** Clears it away, once the servers have ended. Answers what else is to be told about the window, of so many requests in all. */
  close(requests: number): Promise<Readonly<Record<string, number>>>
}

export interface Plan {
  readonly candidates: readonly Candidate[]
  readonly rounds: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** How often a window that others disturbed is measured again at most. */
  readonly repeats: number
  /** The load on a candidate, for the warm-up or for what is measured after it. */
  load(candidate: Candidate, isWarmUp: boolean): Pick<Load, "script" | "connections" | "env" | "own">
  readonly path: string
  say(line: string): void
}

export interface Measured extends Window {
  readonly rss: number
  /** What {@link Place.close} answered. */
  readonly more: Readonly<Record<string, number>>
}

export interface Result {
  readonly name: string
  readonly windows: readonly Measured[]
}

/** Until the engine has compiled what it compiles: the figures are those of a server that has been running. */
export const warmUpSeconds = 10

/** Above this many cores of foreign work a window is measured again; the cleanest is kept. */
const foreignAllowed = 0.05

/** A B C, A B C, …: so that whatever the machine does meanwhile meets all alike. */
export async function alternate(plan: Plan): Promise<readonly Result[]> {
  const windows = new Map<string, Measured[]>()
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const candidate of plan.candidates) {
      const window = await measureCleanly(plan, candidate)
      plan.say(
        `round ${round}/${plan.rounds}  ${candidate.name.padEnd(44)} ${Math.round(window.perSecond).toString().padStart(7)}/s` +
          `  foreign ${window.foreign.toFixed(2)}${window.errors > 0 ? `  ERRORS ${window.errors}` : ""}`,
      )
      windows.set(candidate.name, [...(windows.get(candidate.name) ?? []), window])
    }
  }
  return plan.candidates.map(({ name }) => ({ name, windows: windows.get(name) ?? [] }))
}

async function measureCleanly(plan: Plan, candidate: Candidate): Promise<Measured> {
  let best = await measureOnce(plan, candidate)
  for (let again = 0; again < plan.repeats && best.foreign > foreignAllowed; again += 1) {
    const next = await measureOnce(plan, candidate)
    if (next.foreign < best.foreign) best = next
  }
  return best
}

async function measureOnce(plan: Plan, candidate: Candidate): Promise<Measured> {
  const place = (await candidate.open?.()) ?? { env: {}, own: {}, close: async () => ({}) }
  const servers: ServerProcess[] = []
  let requests = 0
  let more: Readonly<Record<string, number>> = {}
  let window: Omit<Measured, "more"> | undefined
  try {
    for (const spec of [candidate.server, ...(candidate.beside ?? [])])
      servers.push(await startServer({ ...spec, env: { ...spec.env, ...place.env } }))
    candidate.ready?.(servers)
    const run = async (isWarmUp: boolean) => {
      const load = plan.load(candidate, isWarmUp)
      const measured = await measure({
        ...load,
        urls: servers.map(({ port }) => `http://127.0.0.1:${port}${plan.path}`),
        seconds: isWarmUp ? plan.warmUpSeconds : plan.seconds,
        own: { server: servers.flatMap(({ pids }) => pids), ...load.own, ...place.own },
      })
      requests += measured.requests
      return measured
    }
    await run(true)
    window = { ...(await run(false)), rss: residentBytes((servers[0] as ServerProcess).pid) }
  } finally {
    for (const server of servers) await server.stop()
    more = await place.close(requests)
  }
  return { ...window, more }
}

/** Of two candidates round by round: neighbours within a round met the same machine. */
export function ratios(
  results: readonly Result[],
  one: string,
  other: string,
  of: (window: Measured) => number = window => window.perSecond,
): readonly number[] {
  const windows = (name: string) => results.find(result => result.name === name)?.windows ?? []
  const others = windows(other).map(of)
  return windows(one).map((window, index) => of(window) / (others[index] ?? Number.NaN))
}

/** The median over a candidate's windows. */
export function medianOf(
  results: readonly Result[],
  name: string,
  of: (window: Measured) => number | undefined,
): number {
  const windows = results.find(result => result.name === name)?.windows ?? []
  return median(windows.map(window => of(window) ?? Number.NaN))
}

/** A server that says no is quick at it: its figures would mean nothing. Whose they were is told with them. */
export function noErrors(part: Text, results: readonly Result[]): Verdict {
  const counts = results
    .map(({ name, windows }) => ({ name, errors: windows.reduce((sum, window) => sum + window.errors, 0) }))
    .filter(({ errors }) => errors > 0)
  const errors = counts.reduce((sum, one) => sum + one.errors, 0)
  const whose = counts.map(one => `${one.name} ${one.errors}`).join("; ")
  return {
    what: {
      en: `${part.en}: answers other than 2xx, and socket errors`,
      zh: `${part.zh}：非 2xx 的应答与套接字错误`,
    },
    value: errors,
    unit: "",
    target: "= 0",
    met: errors === 0,
    ...(errors > 0 ? { note: { en: whose, zh: whose } } : {}),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
