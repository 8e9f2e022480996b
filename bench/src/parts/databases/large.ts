import { atMost } from "../../bench.ts"
import { loadPeople } from "../../measure/load-people.ts"
import { alternate, median, noErrors, ratios, warmUpSeconds } from "../../measure/rounds.ts"
import { knownPeople } from "../../servers/session-answer.ts"
import { postgresSizes, sessionsPerPerson } from "./at-rest.ts"
import { ours } from "./candidates.ts"
import { freshCodes, serverEnv, withEnv } from "./log-ins.ts"
import { inDatabase, inPostgres } from "./places.ts"
import { refreshEnv } from "./refreshes.ts"
import { type Section, tabulate } from "./section.ts"
import { mostRefreshesPerSecond } from "./world.ts"

const wanted = 1.3
/** Tokens for all windows of nine rounds; of each session there would be too many to keep. */
const mostTokens = 2_500_000

const few = { login: "logins, few sessions", refresh: "refreshes, few sessions" }
const many = { login: "logins, many sessions", refresh: "refreshes, many sessions" }

/**
 * Logins and refreshes with ten times as many sessions in the database as are put at rest (ten million), beside one with next to none. About 11 GB of
 * disk, dropped at the end.
 */
export const measureLarge: Section = async (world, bench, known) => {
  const sessions = 10 * bench.sessions
  const people = Math.ceil(sessions / sessionsPerPerson)
  const tokenEvery = Math.max(1, Math.floor(sessions / mostTokens))
  const million = sessions / 1e6
  bench.say(`\n-- ${sessions} sessions of ${people} people: loading ten million takes about half an hour …\n`)
  const { postgres, folder, upstream } = world
  postgres.create("large")
  const startedAt = performance.now()
  const loaded = await loadPeople(folder, postgres.url("large"), { people, sessions, tokenEvery })
  postgres.ask("large", "VACUUM ANALYZE")
  postgres.ask("postgres", "CHECKPOINT")
  const sizes = postgresSizes(postgres, "large", loaded)
  const gigabytes = Number(postgres.ask("large", "SELECT pg_database_size('large')")) / 1e9
  bench.say(
    `${gigabytes.toFixed(1)} GB after ${((performance.now() - startedAt) / 60_000).toFixed(0)} minutes`,
  )
  const all = [few.login, many.login, few.refresh, many.refresh].map(name =>
    withEnv(
      {
        name,
        server: ours(),
        open: name.endsWith("few sessions")
          ? () => inPostgres(world, "people")
          : async () => inDatabase(world, "large"),
      },
      serverEnv(upstream, 64),
    ),
  )
  const each = mostRefreshesPerSecond * (warmUpSeconds + bench.seconds)
  let skipped = -each
  const results = await alternate({
    candidates: all,
    rounds: bench.rounds,
    warmUpSeconds,
    seconds: bench.seconds,
    repeats: bench.repeats,
    path: "/",
    load({ name }, isWarmUp) {
      const own = { upstream: [upstream.pid] }
      const isLarge = !name.endsWith("few sessions")
      if (name.startsWith("logins")) {
        const codes = freshCodes(isLarge ? people : knownPeople)
        return { script: "login.lua", connections: 64, env: codes, own }
      }
      // The large database is not made anew for each window: what has been sent is never sent again.
      if (isLarge && isWarmUp) skipped += each
      const env = isLarge ? refreshEnv(loaded.tokens, isWarmUp, skipped) : refreshEnv(known.tokens, isWarmUp)
      return { script: "refresh.lua", connections: 64, env: () => env, own }
    },
    say: bench.say,
  })
  postgres.drop("large")
  const verdicts = (["login", "refresh"] as const).flatMap(kind =>
    (["p50", "p99"] as const).map(at =>
      atMost(
        {
          en: `${kind}: ${at} with ${million} million sessions, to that with few`,
          zh: `${kind === "login" ? "登录" : "刷新"}：${million * 100} 万个会话时的 ${at} 与会话很少时之比`,
        },
        median(ratios(results, many[kind], few[kind], window => window[at])),
        wanted,
      ),
    ),
  )
  return {
    figures: {
      large: tabulate(bench, all, results, "requests"),
      largeAtRest: { gigabytes, ...sizes },
    },
    verdicts: [
      ...verdicts,
      noErrors({ en: `${million} million sessions`, zh: `${million * 100} 万个会话` }, results),
    ],
  }
}
