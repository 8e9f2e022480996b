import type { Bench } from "../../bench.ts"
import { alternate, type Candidate, type Result, warmUpSeconds } from "../../measure/rounds.ts"
import { knownPeople } from "../../servers/session-answer.ts"
import { candidates, type Name, names } from "./candidates.ts"
import { judgeAlone, judgeMany, judgeSlow } from "./judge-log-ins.ts"
import { type Section, tabulate } from "./section.ts"
import type { World } from "./world.ts"

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
async function logInRounds(
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

/** 64 clients, a WeChat that answers at once: everybody. */
export const logInMany: Section = async (world, bench) => {
  const { all, results } = await logInRounds(world, bench, {
    clients: 64,
    chosen: [
      ...([
        "bare",
        "memory",
        "sqlite",
        "postgres",
        "single",
        "redis",
        "mariadb",
        "fastify",
        "request",
      ] as const),
      ...(["axios", "mysql2", "session", "betterSqlite", "betterPostgres", "wafer"] as const),
    ],
  })
  return { figures: { logins: tabulate(bench, all, results, "logins") }, verdicts: judgeMany(results) }
}

/** As many as are under way where WeChat takes its time. */
export const logInSlowly: Section = async (world, bench) => {
  const { all, results } = await logInRounds(world, bench, {
    clients: 512,
    slow: true,
    chosen: ["bare", "memory", "postgres", "single", "mariadb", "fastify", "request", "axios", "mysql2"],
  })
  return { figures: { loginsSlow: tabulate(bench, all, results, "logins") }, verdicts: judgeSlow(results) }
}

/** One client: what a login takes when nothing else happens. */
export const logInAlone: Section = async (world, bench) => {
  const { all, results } = await logInRounds(world, bench, {
    clients: 1,
    chosen: ["bare", "postgres", "single", "mariadb", "fastify", "request", "axios", "mysql2"],
  })
  return { figures: { loginsAlone: tabulate(bench, all, results, "logins") }, verdicts: judgeAlone(results) }
}
