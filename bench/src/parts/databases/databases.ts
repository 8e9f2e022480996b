import { atMost, type Bench, type Part, type Report, type Verdict } from "../../bench.ts"
import { installPeers } from "../../measure/peers.ts"
import type { Candidate, Result } from "../../measure/rounds.ts"
import { measureStarts } from "../../measure/starts.ts"
import { renderFigures, summarize } from "../../measure/table.ts"
import { measureAtRest } from "./at-rest.ts"
import { measureInstances } from "./instances.ts"
import { judgeAlone, judgeMany, judgeSlow } from "./judge-log-ins.ts"
import { measureLarge } from "./large.ts"
import { logInRounds } from "./log-ins.ts"
import { measureRefreshes } from "./refreshes.ts"
import { checkTokens } from "./token-check.ts"
import { makeTemplates, openWorld } from "./world.ts"

export const databases: Part = {
  name: "databases",
  does: "POST /login on PostgreSQL, MariaDB, Redis and SQLite beside what people build; refreshes, instances, bytes at rest",
  tools: () => ["wrk", "taskset", "psql", "mariadb", "redis-server"],
  async run(bench: Bench): Promise<Report> {
    if (bench.peers) installPeers(bench.say)
    const world = await openWorld()
    const figures: Record<string, unknown> = {
      postgres: world.postgres.version,
      mariadb: world.mariadb.version,
      redis: world.redis.version,
    }
    const verdicts: Verdict[] = []
    const keep = (name: string, all: readonly Candidate[], results: readonly Result[], unit = "logins") => {
      figures[name] = summarize(all, results)
      bench.say(`\n${renderFigures(summarize(all, results), unit)}\n`)
    }
    try {
      const known = await makeTemplates(world, bench)
      const many = await logInRounds(world, bench, {
        clients: 64,
        chosen: [
          ...(["bare", "memory", "sqlite", "postgres", "single", "redis", "mariadb"] as const),
          ...([
            "fastify",
            "request",
            "axios",
            "mysql2",
            "session",
            "betterSqlite",
            "betterPostgres",
            "wafer",
          ] as const),
        ],
      })
      keep("logins", many.all, many.results)
      verdicts.push(...judgeMany(many.results))

      const slow = await logInRounds(world, bench, {
        clients: 512,
        slow: true,
        chosen: ["bare", "memory", "postgres", "single", "mariadb", "fastify", "request", "axios", "mysql2"],
      })
      keep("loginsSlow", slow.all, slow.results)
      verdicts.push(...judgeSlow(slow.results))

      const alone = await logInRounds(world, bench, {
        clients: 1,
        chosen: ["bare", "postgres", "single", "mariadb", "fastify", "request", "axios", "mysql2"],
      })
      keep("loginsAlone", alone.all, alone.results)
      verdicts.push(...judgeAlone(alone.results))

      const refreshes = await measureRefreshes(world, bench, known)
      keep("refreshes", refreshes.all, refreshes.results, "requests")
      verdicts.push(...refreshes.verdicts)

      const instances = await measureInstances(world, bench)
      keep("instances", instances.all, instances.results)
      verdicts.push(...instances.verdicts)

      const checks = await checkTokens(world, bench)
      figures.tokenChecks = checks.figures
      verdicts.push(...checks.verdicts)

      const rest = await measureAtRest(world, bench)
      figures.atRest = rest.figures
      verdicts.push(...rest.verdicts)

      bench.say("\n-- denglu start with PostgreSQL beside an empty node:http server\n")
      world.postgres.create("starts")
      const starts = await measureStarts(bench.say, () => world.postgres.url("starts"))
      figures.starts = starts
      verdicts.push(
        atMost(
          {
            en: "start: denglu start with PostgreSQL to an empty node:http server",
            zh: "启动：使用 PostgreSQL 的 denglu start 与空的 node:http 服务器之比",
          },
          starts.ratio,
          2.5,
        ),
      )

      if (bench.large) {
        const large = await measureLarge(world, bench, known)
        keep("large", large.all, large.results, "requests")
        figures.largeAtRest = large.figures
        verdicts.push(...large.verdicts)
      }
      return { figures, verdicts }
    } finally {
      await world.close()
    }
  },
}
