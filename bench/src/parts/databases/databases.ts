import { atMost, type Bench, failed, type Part, type Report, type Verdict } from "../../bench.ts"
import { installPeers } from "../../measure/peers.ts"
import { measureStarts } from "../../measure/starts.ts"
import { measureAtRest } from "./at-rest.ts"
import { measureInstances } from "./instances.ts"
import { measureLarge } from "./large.ts"
import { logInAlone, logInMany, logInSlowly } from "./log-ins.ts"
import { measureRefreshes } from "./refreshes.ts"
import type { Section } from "./section.ts"
import { checkTokens } from "./token-check.ts"
import { makeTemplates, openWorld } from "./world.ts"

const start: Section = async ({ postgres }, { say }) => {
  say("\n-- denglu start with PostgreSQL beside an empty node:http server\n")
  postgres.create("starts")
  const starts = await measureStarts(say, () => postgres.url("starts"))
  const what = {
    en: "start: denglu start with PostgreSQL to an empty node:http server",
    zh: "启动：使用 PostgreSQL 的 denglu start 与空的 node:http 服务器之比",
  }
  return { figures: { starts }, verdicts: [atMost(what, starts.ratio, 2.5)] }
}

const sections: readonly Section[] = [
  logInMany,
  logInSlowly,
  logInAlone,
  measureRefreshes,
  measureInstances,
  checkTokens,
  measureAtRest,
  start,
]

export const databases: Part = {
  name: "databases",
  does: "POST /login on PostgreSQL, MariaDB, Redis and SQLite beside what people build; refreshes, instances, bytes at rest",
  tools: () => ["wrk", "taskset", "psql", "mariadb", "redis-server"],
  async run(bench: Bench): Promise<Report> {
    if (bench.peers) installPeers(bench.say)
    const world = await openWorld()
    const { postgres, mariadb, redis } = world
    const figures: Record<string, unknown> = {
      postgres: postgres.version,
      mariadb: mariadb.version,
      redis: redis.version,
    }
    const verdicts: Verdict[] = []
    try {
      const known = await makeTemplates(world, bench)
      for (const section of [...(bench.largeAlone ? [] : sections), ...(bench.large ? [measureLarge] : [])]) {
        const found = await section(world, bench, known).catch(error => ({
          figures: {},
          verdicts: [failed(`databases, ${section.name}`, error)],
        }))
        Object.assign(figures, found.figures)
        verdicts.push(...found.verdicts)
      }
      return { figures, verdicts }
    } finally {
      await world.close()
    }
  },
}
