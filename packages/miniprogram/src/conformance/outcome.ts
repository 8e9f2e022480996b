import { ConformanceFailure } from "./conformance-case.ts"
import { holds } from "./holds.ts"
import { orderMark } from "./pretend-server.ts"

/** How a promise of a client ended, or that it did not. */
export type Outcome =
  | { readonly how: "answered"; readonly value: unknown }
  | { readonly how: "refused"; readonly error: unknown }
  | { readonly how: "hanging" }

/** Milliseconds after which a client counts as hanging. It may try again meanwhile, so long as it comes to an end. */
const patience = 3000

/** Waits for a client, but not for ever. */
export function outcomeOf(begin: () => unknown): Promise<Outcome> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, patience, { how: "hanging" })
    const end = (outcome: Outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    }
    new Promise(start => start(begin())).then(
      value => end({ how: "answered", value }),
      (error: unknown) => end({ how: "refused", error }),
    )
  })
}

/** @throws ConformanceFailure unless all were served what they asked for */
export function mustBeServed(outcomes: readonly Outcome[]): void {
  const served = outcomes.filter(outcome => outcome.how === "answered" && holds(outcome.value, orderMark))
  if (served.length < outcomes.length) throw new ConformanceFailure(tally("served", served.length, outcomes))
}

/** @throws ConformanceFailure unless all were refused */
export function mustBeRefused(outcomes: readonly Outcome[]): void {
  const refused = outcomes.filter(({ how }) => how === "refused")
  if (refused.length < outcomes.length)
    throw new ConformanceFailure(tally("refused", refused.length, outcomes))
}

/** @throws ConformanceFailure if one still waits */
export function mustSettle(outcomes: readonly Outcome[]): void {
  const settled = outcomes.filter(({ how }) => how !== "hanging")
  if (settled.length < outcomes.length)
    throw new ConformanceFailure(tally("settled", settled.length, outcomes))
}

/** @throws ConformanceFailure unless something happened as often as it should */
export function mustHappen(what: string, times: number, wanted: number): void {
  if (times !== wanted) throw new ConformanceFailure(`${what}: ${often(times)}, not ${often(wanted)}`)
}

/** @throws ConformanceFailure with what was seen if it was */
export function mustNot(happen: boolean, seen: string): void {
  if (happen) throw new ConformanceFailure(seen)
}

function tally(wanted: string, count: number, outcomes: readonly Outcome[]): string {
  const of = (how: Outcome["how"]) => outcomes.filter(outcome => outcome.how === how).length
  const parts = (["answered", "refused", "hanging"] as const)
    .map(how => ({ how, times: of(how) }))
    .filter(({ times }) => times > 0)
    .map(({ how, times }) => `${times} ${how}`)
  return `${count} of ${outcomes.length} requests ${wanted}: ${parts.join(", ")}`
}

function often(times: number): string {
  return times === 0 ? "never" : times === 1 ? "once" : times === 2 ? "twice" : `${times} times`
}
