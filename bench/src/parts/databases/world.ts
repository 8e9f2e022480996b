import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Bench } from "../../bench.ts"
import { folderOnDisk } from "../../measure/folders.ts"
import { type MariaDb, startMariaDb } from "../../measure/mariadb.ts"
import { type Postgres, startPostgres } from "../../measure/postgres.ts"
import { type Redis, startRedis } from "../../measure/redis.ts"
import { runCommand } from "../../measure/run-command.ts"
import { type ServerProcess, startServer } from "../../measure/server-process.ts"
import { knownPeople } from "../../servers/session-answer.ts"

/** Databases and upstreams of the bench's own, all on core 1. */
export interface World {
  readonly folder: string
  readonly postgres: Postgres
  readonly mariadb: MariaDb
  readonly redis: Redis
  /** A WeChat that answers at once. */
  readonly upstream: ServerProcess
  /** One that takes 20 ms. */
  readonly slowUpstream: ServerProcess
  close(): Promise<void>
}

export async function openWorld(): Promise<World> {
  const folder = folderOnDisk()
  const upstream = (delay: number) =>
    startServer({ file: "src/servers/upstream.ts", args: [], cpu: 1, env: { BENCH_DELAY_MS: String(delay) } })
  const world = {
    folder,
    postgres: await startPostgres(),
    mariadb: await startMariaDb(),
    redis: await startRedis(),
    upstream: await upstream(0),
    slowUpstream: await upstream(20),
  }
  return {
    ...world,
    async close() {
      const { postgres, mariadb, redis, upstream, slowUpstream } = world
      await Promise.all([upstream, slowUpstream, redis, postgres, mariadb].map(one => one.stop()))
    },
  }
}

const bench = fileURLToPath(new URL("../../..", import.meta.url))

/** Runs one of the bench's own programs to its end. */
function runProgram(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const options = ["--conditions=denglu-source", "--disable-warning=ExperimentalWarning"]
  runCommand(process.execPath, [...options, join(bench, file), ...args], {
    env: { ...process.env, NODE_ENV: "production", ...env },
  })
}

/** Who is known, and where the refresh tokens of their sessions are. */
export interface People {
  readonly people: number
  readonly sessions: number
  readonly tokens: string
}

/** Logs people in to a store. */
export function loadPeople(
  folder: string,
  store: string,
  {
    people,
    sessions,
    tokenEvery = 1,
  }: { readonly people: number; readonly sessions: number; readonly tokenEvery?: number },
): People {
  const tokens = join(folder, `tokens-${people}-${sessions}.txt`)
  const args = [store, String(people), String(sessions), String(tokenEvery), tokens]
  runProgram("src/servers/load-people.ts", args)
  return { people, sessions, tokens }
}

/** Refreshes a second that no server reaches here: so many tokens a window may need. */
export const mostRefreshesPerSecond = 35_000
export const warmUpSeconds = 2

/** Everybody who is known, in each database from which those of the windows are copied. Answers where the refresh tokens in PostgreSQL are. */
export function makeTemplates(world: World, { say, seconds, peers, wants }: Bench): People {
  const { folder, postgres, mariadb } = world
  const sessions = Math.max(knownPeople, mostRefreshesPerSecond * (seconds + warmUpSeconds))
  say(`logging ${knownPeople} people in ${sessions} times, to be known …`)
  postgres.create("people")
  process.env.BENCH_NEWCOMERS = join(folder, "newcomers.txt")
  const known = loadPeople(folder, postgres.url("people"), { people: knownPeople, sessions })
  const once = { people: knownPeople, sessions: knownPeople }
  loadPeople(folder, `sqlite:${join(folder, "people.db")}`, once)
  mariadb.create("people")
  if (wants("Denglu, MariaDB")) loadPeople(folder, mariadb.url("people"), once)
  if (peers) prepare("express-axios-pg.js", postgres.url(create(postgres, "peer")))
  if (peers) prepare("better-auth.js", postgres.url(create(postgres, "better_auth")), "pg")
  if (peers) prepare("better-auth.js", join(folder, "better-auth.db"), "sqlite")
  if (peers) prepare("express-axios-mysql2.js", mariadb.url(create(mariadb, "peer")))
  if (peers && process.env.BENCH_WAFER2 !== undefined)
    prepare("wafer2.js", mariadb.url(create(mariadb, "wafer")))
  for (const database of ["people", ...(peers ? ["peer", "better_auth"] : [])])
    postgres.ask(database, "VACUUM ANALYZE")
  return known
}

function create(server: Postgres | MariaDb, database: string): string {
  server.create(database)
  return database
}

function prepare(file: string, store: string, ...args: readonly string[]): void {
  runProgram(`peers/databases/${file}`, [...args, "prepare"], {
    BENCH_STORE: store,
    BENCH_KNOWN: String(knownPeople),
  })
}
