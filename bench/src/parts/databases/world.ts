import { join } from "node:path"
import type { Bench } from "../../bench.ts"
import { folderOnDisk } from "../../measure/folders.ts"
import { loadPeople, type People, runProgram } from "../../measure/load-people.ts"
import { type MariaDb, startMariaDb } from "../../measure/mariadb.ts"
import { type Postgres, startPostgres } from "../../measure/postgres.ts"
import { type Redis, startRedis } from "../../measure/redis.ts"
import { warmUpSeconds } from "../../measure/rounds.ts"
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

/** Refreshes a second that no server reaches here: so many tokens a window may need. */
export const mostRefreshesPerSecond = 25_000

/** Everybody who is known, in each database from which those of the windows are copied. Answers where the refresh tokens in PostgreSQL are. */
export async function makeTemplates(world: World, { say, seconds, peers, wants }: Bench): Promise<People> {
  const { folder, postgres, mariadb } = world
  const sessions = Math.max(knownPeople, mostRefreshesPerSecond * (seconds + warmUpSeconds))
  say(`logging ${knownPeople} people in ${sessions} times, to be known …`)
  postgres.create("people")
  process.env.BENCH_NEWCOMERS = join(folder, "newcomers.txt")
  const known = await loadPeople(folder, postgres.url("people"), { people: knownPeople, sessions })
  const once = { people: knownPeople, sessions: knownPeople }
  await loadPeople(folder, `sqlite:${join(folder, "people.db")}`, once)
  mariadb.create("people")
  if (wants("Denglu, MariaDB")) await loadPeople(folder, mariadb.url("people"), once)
  if (peers) await prepare("express-axios-pg.js", postgres.url(create(postgres, "peer")))
  if (peers) await prepare("better-auth.js", postgres.url(create(postgres, "better_auth")), "pg")
  if (peers) await prepare("better-auth.js", join(folder, "better-auth.db"), "sqlite")
  if (peers) await prepare("express-axios-mysql2.js", mariadb.url(create(mariadb, "peer")))
  if (peers && process.env.BENCH_WAFER2 !== undefined)
    await prepare("wafer2.js", mariadb.url(create(mariadb, "wafer")))
  for (const database of ["people", ...(peers ? ["peer", "better_auth"] : [])])
    postgres.ask(database, "VACUUM ANALYZE")
  return known
}

function create(server: Postgres | MariaDb, database: string): string {
  server.create(database)
  return database
}

async function prepare(file: string, store: string, ...args: readonly string[]): Promise<void> {
  await runProgram(`peers/databases/${file}`, [...args, "prepare"], {
    BENCH_STORE: store,
    BENCH_KNOWN: String(knownPeople),
  })
}
