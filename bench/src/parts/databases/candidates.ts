import type { Bench } from "../../bench.ts"
import type { Candidate, Place } from "../../measure/rounds.ts"
import { inFile, inMariaDb, inPostgres, nowhere, withRedis } from "./places.ts"
import type { World } from "./world.ts"

export const names = {
  bare: "node:http, keeps nothing",
  memory: "Denglu, memory",
  sqlite: "Denglu, SQLite",
  postgres: "Denglu, PostgreSQL",
  single: "Denglu, PostgreSQL, one login a statement",
  redis: "Denglu, PostgreSQL + Redis",
  mariadb: "Denglu, MariaDB",
  fastify: "Fastify + undici + pg, one statement",
  request: "Express + request + pg, two statements",
  axios: "Express 5 + axios + pg, two statements",
  mysql2: "Express 5 + axios + mysql2, two statements",
  session: "Express 5 + express-session + Redis",
  betterSqlite: "better-auth, SQLite",
  betterPostgres: "better-auth, PostgreSQL",
  wafer: "Express 5 + wafer2-node-sdk, MariaDB",
} as const

export type Name = keyof typeof names

/** A candidate's name on the Chinese page. */
export function inChinese(name: string): string {
  return [
    [", keeps nothing", "，不存任何东西"],
    [", one login a statement", "，每次登录一条语句"],
    [", one statement", "，一条语句"],
    [", two statements", "，两条语句"],
    [", memory", "，内存"],
  ].reduce((text, [english = "", chinese = ""]) => text.replace(english, chinese), name)
}

/** The server of the whole product. */
export function ours(args: readonly string[] = []): Candidate["server"] {
  return { file: "src/servers/whole-login.ts", args, cpu: 0, log: "/dev/null" }
}

function peer(file: string, ...args: readonly string[]): Candidate["server"] {
  return { file: `peers/databases/${file}`, args, cpu: 0 }
}

/** Those that are named and wanted, with databases of their own for every window. */
export function candidates(world: World, bench: Bench, chosen: readonly Name[]): readonly Candidate[] {
  const people = () => inPostgres(world, "people")
  const all: Readonly<
    Record<Name, { readonly server: Candidate["server"]; readonly open: () => Promise<Place> }>
  > = {
    bare: { server: peer("node-http.js"), open: () => nowhere() },
    memory: { server: ours(), open: () => nowhere("memory:") },
    sqlite: { server: ours(), open: () => inFile(world, "people.db", "sqlite:") },
    postgres: { server: ours(), open: people },
    single: { server: ours(["1"]), open: people },
    redis: { server: ours(), open: () => withRedis(world, people()) },
    mariadb: { server: ours(), open: () => inMariaDb(world, "people") },
    fastify: { server: peer("fastify-pg.js"), open: () => inPostgres(world, "peer") },
    request: { server: peer("express-request-pg.js"), open: () => inPostgres(world, "peer") },
    axios: { server: peer("express-axios-pg.js"), open: () => inPostgres(world, "peer") },
    mysql2: { server: peer("express-axios-mysql2.js"), open: () => inMariaDb(world, "peer") },
    session: { server: peer("express-session-redis.js"), open: () => withRedis(world, nowhere()) },
    betterSqlite: {
      server: peer("better-auth.js", "sqlite"),
      open: () => inFile(world, "better-auth.db", ""),
    },
    betterPostgres: { server: peer("better-auth.js", "pg"), open: () => inPostgres(world, "better_auth") },
    wafer: { server: peer("wafer2.js"), open: () => inMariaDb(world, "wafer") },
  }
  return chosen
    .filter(name => bench.peers || names[name].startsWith("Denglu"))
    .filter(name => name !== "wafer" || process.env.BENCH_WAFER2 !== undefined)
    .filter(name => bench.wants(names[name]))
    .map(name => ({ name: names[name], ...all[name] }))
}
