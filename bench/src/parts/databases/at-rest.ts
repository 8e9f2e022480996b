import { atMost } from "../../bench.ts"
import { loadPeople } from "../../measure/load-people.ts"
import type { MariaDb } from "../../measure/mariadb.ts"
import type { Postgres } from "../../measure/postgres.ts"
import type { Section } from "./section.ts"

/** How often a person has logged in. */
export const sessionsPerPerson = 4

export interface AtRest {
  readonly sessions: number
  readonly people: number
  /** A session's row with its part of the indexes. */
  readonly bytesPerSession: number
  /** A person's rows: the user, the identity with its session key, the unionid. */
  readonly bytesPerPerson: number
}

/** What a session and a person take on disk, indexes included, with many sessions logged in one after the other. */
export const measureAtRest: Section = async (world, bench) => {
  const { sessions } = bench
  const people = Math.ceil(sessions / sessionsPerPerson)
  bench.say(`\n-- ${sessions} sessions of ${people} people at rest\n`)
  const { postgres, mariadb, folder } = world
  const loaded = { people, sessions, tokenEvery: sessions }
  postgres.create("at_rest")
  await loadPeople(folder, postgres.url("at_rest"), loaded)
  const inPostgres = postgresSizes(postgres, "at_rest", loaded)
  postgres.drop("at_rest")
  bench.say(tell("PostgreSQL", inPostgres))
  const verdict = atMost(atRest, inPostgres.bytesPerSession, 600, "B")
  if (!bench.wants("Denglu, MariaDB"))
    return { figures: { atRest: { postgres: inPostgres } }, verdicts: [verdict] }
  mariadb.create("at_rest")
  await loadPeople(folder, mariadb.url("at_rest"), loaded)
  const inMariaDb = mariaDbSizes(mariadb, "at_rest", loaded)
  mariadb.drop("at_rest")
  bench.say(tell("MariaDB", inMariaDb))
  return { figures: { atRest: { postgres: inPostgres, mariadb: inMariaDb } }, verdicts: [verdict] }
}

const atRest = {
  en: "at rest: bytes a session in PostgreSQL, indexes included",
  zh: "静态存储：PostgreSQL 中每个会话的字节（含索引）",
}

type Loaded = Pick<AtRest, "people" | "sessions">

export function postgresSizes(postgres: Postgres, database: string, loaded: Loaded): AtRest {
  const bytes = (tables: readonly string[]) =>
    Number(
      postgres.ask(database, `SELECT ${tables.map(one => `pg_total_relation_size('${one}')`).join(" + ")}`),
    )
  return sizes(loaded, bytes)
}

function mariaDbSizes(mariadb: MariaDb, database: string, loaded: Loaded): AtRest {
  return sizes(loaded, tables => {
    const files = tables.map(one => `'${database}/${one}'`).join(", ")
    const sql = `SELECT sum(file_size) FROM information_schema.innodb_sys_tablespaces WHERE name IN (${files})`
    return Number(mariadb.ask(database, sql))
  })
}

function sizes({ people, sessions }: Loaded, bytes: (tables: readonly string[]) => number): AtRest {
  const perPerson = bytes(["denglu_users", "denglu_identities", "denglu_unionids"]) / people
  return {
    people,
    sessions,
    bytesPerSession: bytes(["denglu_sessions"]) / sessions,
    bytesPerPerson: perPerson,
  }
}

function tell(engine: string, { bytesPerSession, bytesPerPerson }: AtRest): string {
  return `${engine}: ${bytesPerSession.toFixed(0)} bytes a session, ${bytesPerPerson.toFixed(0)} a person`
}
