import type { Bench } from "../../bench.ts"
import { alternate, type Candidate, type Result } from "../../measure/rounds.ts"
import { knownPeople } from "../../servers/session-answer.ts"
import { candidates, type Name, names } from "./candidates.ts"
import { type World, warmUpSeconds } from "./world.ts"

let first = 0

/** Codes that nobody has sent, for each of the servers that are loaded together. @param known so many people are known */
export function freshCodes(known: number): (index: number) => Readonly<Record<string, string>> {
  first += 4_000_000
  const start = first
  return index => ({ BENCH_KNOWN: String(known), BENCH_FIRST: String(start + index * 2_000_000) })
}

/** What all candidates are told. */
export function serverEnv({ port }: World["upstream"], clients: number): Readonly<Record<string, string>> {
  return {
    BENCH_UPSTREAM: `http://127.0.0.1:${port}`,
    BENCH_KNOWN: String(knownPeople),
    BENCH_CLIENTS: String(clients),
  }
}

export function withEnv(candidate: Candidate, env: Readonly<Record<string, string>>): Candidate {
  return { ...candidate, server: { ...candidate.server, env: { ...candidate.server.env, ...env } } }
}

/** Rounds of logins, each candidate with so many clients at once. */
export async function logInRounds(
  world: World,
  bench: Bench,
  {
    chosen,
    clients,
    slow = false,
  }: { readonly chosen: readonly Name[]; readonly clients: number; readonly slow?: boolean },
): Promise<{ readonly all: readonly Candidate[]; readonly results: readonly Result[] }> {
  const upstream = slow ? world.slowUpstream : world.upstream
  bench.say(`\n-- logins, ${clients} clients, WeChat ${slow ? "takes 20 ms" : "answers at once"}\n`)
  const all = candidates(world, bench, chosen).map(one => withEnv(one, serverEnv(upstream, clients)))
  const results = await alternate({
    candidates: all,
    rounds: bench.rounds,
    warmUpSeconds,
    seconds: bench.seconds,
    repeats: bench.repeats,
    path: "/login",
    load: ({ name }) => ({
      script: name === names.wafer ? "wafer2.lua" : "login.lua",
      connections: clients,
      env: freshCodes(knownPeople),
      own: { upstream: [upstream.pid] },
    }),
    say: bench.say,
  })
  return { all, results }
}
