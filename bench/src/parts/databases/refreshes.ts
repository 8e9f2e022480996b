import { atLeast } from "../../bench.ts"
import { alternate, median, noErrors, ratios, warmUpSeconds } from "../../measure/rounds.ts"
import { knownPeople } from "../../servers/session-answer.ts"
import { ours } from "./candidates.ts"
import { whereTheCoresWent } from "./judge-log-ins.ts"
import { freshCodes, serverEnv, withEnv } from "./log-ins.ts"
import { inPostgres } from "./places.ts"
import { type Section, tabulate } from "./section.ts"
import { mostRefreshesPerSecond } from "./world.ts"

/** More than a window ever sends. */
const mostTokensOfAWindow = 500_000

/** Tokens for one window or its warm-up; each is sent once. */
export function refreshEnv(tokens: string, isWarmUp: boolean, skipped = 0): Readonly<Record<string, string>> {
  const first = skipped + (isWarmUp ? 0 : mostRefreshesPerSecond * warmUpSeconds)
  return {
    BENCH_TOKENS: tokens,
    BENCH_FIRST: String(first),
    BENCH_COUNT: String(isWarmUp ? mostRefreshesPerSecond * warmUpSeconds : mostTokensOfAWindow),
  }
}

const login = "logins"
const refresh = "refreshes"

/** Refreshes beside logins, 64 clients, PostgreSQL. */
export const measureRefreshes: Section = async (world, bench, known) => {
  bench.say("\n-- refreshes beside logins, PostgreSQL, 64 clients\n")
  const all = [login, refresh].map(name =>
    withEnv({ name, server: ours(), open: () => inPostgres(world, "people") }, serverEnv(world.upstream, 64)),
  )
  const results = await alternate({
    candidates: all,
    rounds: bench.rounds,
    warmUpSeconds,
    seconds: bench.seconds,
    repeats: bench.repeats,
    path: "/",
    load({ name }, isWarmUp) {
      const codes = freshCodes(knownPeople)
      return {
        script: name === login ? "login.lua" : "refresh.lua",
        connections: 64,
        env: name === login ? codes : () => refreshEnv(known.tokens, isWarmUp),
        own: { upstream: [world.upstream.pid] },
      }
    },
    say: bench.say,
  })
  const note = whereTheCoresWent(results, refresh)
  return {
    figures: { refreshes: tabulate(bench, all, results, "requests") },
    verdicts: [
      atLeast(
        { en: "refreshes to logins, PostgreSQL", zh: "刷新与登录之比，PostgreSQL" },
        median(ratios(results, refresh, login)),
        0.8,
        "×",
        note,
      ),
      noErrors({ en: "refreshes", zh: "刷新" }, results),
    ],
  }
}
