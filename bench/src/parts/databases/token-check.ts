import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Postgres, startPostgres } from "../../measure/postgres.ts"
import { type ServerProcess, startServer } from "../../measure/server-process.ts"
import { measure } from "../../measure/wrk.ts"
import { codeOf } from "../../servers/session-answer.ts"
import { ours } from "./candidates.ts"
import { serverEnv } from "./log-ins.ts"
import type { Section } from "./section.ts"

const checks = 100_000
const people = 1_000

/**
 * How much oftener a statement of a timer may come in one stretch of time than in another as long: some come once a minute. One that
 * comes of a check would come a thousand times at least, once for each token.
 */
const timersDiffer = 10

/** Statements by their text, and how often each came. */
type Statements = ReadonlyMap<string, number>

/** What reaches the database while two instances check tokens that one of them has issued. */
export const checkTokens: Section = async (world, { say }) => {
  say(`\n-- ${checks} token checks on two instances: what reaches PostgreSQL\n`)
  const postgres = await startPostgres(["shared_preload_libraries=pg_stat_statements"])
  const servers: ServerProcess[] = []
  try {
    postgres.create("checks")
    postgres.ask("checks", "CREATE EXTENSION pg_stat_statements")
    const env = { ...serverEnv(world.upstream, 64), BENCH_STORE: postgres.url("checks") }
    for (const _ of [1, 2]) servers.push(await startServer({ ...ours(), env }))
    const headers = join(world.folder, "check-headers.txt")
    const tokens: string[] = []
    for (let person = 0; person < people; person += 1) tokens.push(await logIn(servers[0], person))
    writeFileSync(headers, `${tokens.map(token => `authorization: Bearer ${token}`).join("\n")}\n`)

    postgres.ask("checks", "SELECT pg_stat_statements_reset()")
    let done = 0
    let refused = 0
    const startedAt = performance.now()
    while (done < checks) {
      const window = await measure({
        urls: servers.map(({ port }) => `http://127.0.0.1:${port}/check`),
        script: "check-token.lua",
        connections: 32,
        seconds: 2,
        env: () => ({ BENCH_HEADERS: headers }),
        own: {},
      })
      done += window.requests
      refused += window.errors
    }
    const elapsed = performance.now() - startedAt
    const busy = statementsOf(postgres)
    postgres.ask("checks", "SELECT pg_stat_statements_reset()")
    await new Promise(resolve => setTimeout(resolve, elapsed))
    const idle = statementsOf(postgres)

    const total = (statements: Statements) => [...statements.values()].reduce((sum, calls) => sum + calls, 0)
    const beyond = [...busy].reduce(
      (sum, [text, calls]) => sum + Math.max(0, calls - 1.25 * (idle.get(text) ?? 0) - timersDiffer),
      0,
    )
    say(
      `${done} checks, ${refused} refused; statements meanwhile ${total(busy)}, in as long an idle time ${total(idle)}`,
    )
    return {
      figures: {
        tokenChecks: { checks: done, refused, statements: total(busy), statementsIdle: total(idle) },
      },
      verdicts: [
        {
          what: {
            en: `token check on two instances: statements to PostgreSQL for ${done} checks`,
            zh: `两个实例上校验令牌：${done} 次校验发给 PostgreSQL 的语句`,
          },
          value: beyond,
          unit: "",
          target: "= 0",
          met: beyond === 0 && refused === 0,
          note: {
            en: `timers sent ${total(busy)} while tokens were checked, ${total(idle)} in as long an idle time`,
            zh: `校验期间定时任务发出 ${total(busy)} 条，同样长的空闲时间内 ${total(idle)} 条`,
          },
        },
      ],
    }
  } finally {
    for (const server of servers) await server.stop()
    await postgres.stop()
  }
}

async function logIn(server: ServerProcess | undefined, person: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server?.port}/login`, {
    method: "POST",
    body: JSON.stringify({ code: codeOf(person, 0) }),
  })
  if (!response.ok) throw new Error(`login answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { access_token: string }).access_token
}

function statementsOf(postgres: Postgres): Statements {
  const sql = `SELECT calls, replace(query, chr(10), ' ') FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE datname = 'checks' AND query NOT LIKE '%pg_stat_statements%'`
  const lines = postgres.ask("checks", sql).split("\n").filter(Boolean)
  return new Map(
    lines.map(line => {
      const at = line.indexOf("|")
      return [line.slice(at + 1), Number(line.slice(0, at))] as const
    }),
  )
}
