import mysql from "mysql2/promise"
import pg from "pg"
import { connectMysql } from "../../src/store/mysql-pool.ts"
import type { Patience } from "../../src/store/patiently.ts"
import { connectPostgres } from "../../src/store/postgres-pool.ts"
import { migrateMysql } from "../../src/store/sql/mysql-migration.ts"
import { type MysqlStep, mysqlSteps } from "../../src/store/sql/mysql-schema.ts"
import { migratePostgres } from "../../src/store/sql/postgres-migration.ts"
import { type PostgresStep, postgresSteps } from "../../src/store/sql/postgres-schema.ts"
import { freshMysql, freshPostgres, hasMysql, hasPostgres, mysqlNeed, postgresNeed } from "./engines.ts"

type Row = Readonly<Record<string, unknown>>

/** A connection that is nobody's but the test's. */
export interface Bystander {
  ask(text: string): Promise<readonly Row[]>
  end(): Promise<void>
}

const bystanders = new Set<Bystander>()

function standBy(ask: Bystander["ask"], end: () => Promise<unknown>): Bystander {
  const bystander: Bystander = {
    ask,
    async end() {
      if (bystanders.delete(bystander)) await end()
    },
  }
  bystanders.add(bystander)
  return bystander
}

/** Ends those a test that failed has left: what they hold keeps their database from being dropped. */
export async function endBystanders(): Promise<void> {
  await Promise.all([...bystanders].map(bystander => bystander.end()))
}

/** A database that instances share, as tests of its schema see it. */
export interface SchemaEngine {
  readonly name: "PostgreSQL" | "MariaDB"
  readonly there: () => Promise<boolean>
  /** What a machine without it lacks. */
  readonly what: string
  readonly fresh: () => Promise<string>
  readonly versions: number
  connect(url: string): Promise<Bystander>
  /** Takes the schema as far as the code of that version took it; one more than {@link versions} is a step that is yet to come. */
  migrateTo(version: number, url: string, patience?: Patience): Promise<void>
  /** Each table with the database's own number for it: another one once the table was written anew. */
  tableNumbers(bystander: Bystander): Promise<readonly Row[]>
}

/** A step of a version to come: it touches the tables that every login and refresh uses. */
const laterPostgres: PostgresStep = {
  runsCodeFrom: postgresSteps.length,
  changes: ["users", "identities", "sessions", "revocations"].map(
    name => `ALTER TABLE denglu_${name} ADD COLUMN IF NOT EXISTS later bigint NOT NULL DEFAULT 7`,
  ),
  sql: "CREATE TABLE denglu_later (id text PRIMARY KEY); INSERT INTO denglu_later VALUES ('one')",
}
const laterMysql: MysqlStep = {
  runsCodeFrom: mysqlSteps.length,
  statements: [
    ...["users", "identities", "sessions", "revocations"].map(
      name => `ALTER TABLE denglu_${name} ADD COLUMN later BIGINT NOT NULL DEFAULT 7`,
    ),
    "CREATE TABLE IF NOT EXISTS denglu_later (id VARBINARY(64) NOT NULL, PRIMARY KEY (id)) ENGINE = InnoDB",
  ],
}

export const schemaEngines: readonly SchemaEngine[] = [
  {
    name: "PostgreSQL",
    there: hasPostgres,
    what: postgresNeed,
    fresh: freshPostgres,
    versions: postgresSteps.length,
    async connect(url) {
      const client = new pg.Client({ connectionString: url })
      client.on("error", () => {})
      await client.connect()
      return standBy(
        async text => (await client.query(text)).rows,
        () => client.end(),
      )
    },
    async migrateTo(version, url, patience = {}) {
      const { use, close } = await connectPostgres({ url, connections: 1, lockTimeoutMs: 500 })
      const steps = [...postgresSteps, laterPostgres].slice(0, version)
      await use(client => migratePostgres(client, { ...patience, steps })).finally(close)
    },
    tableNumbers: bystander =>
      bystander.ask(`SELECT relname AS name, relfilenode AS number FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY relname`),
  },
  {
    name: "MariaDB",
    there: hasMysql,
    what: mysqlNeed,
    fresh: freshMysql,
    versions: mysqlSteps.length,
    async connect(url) {
      const connection = await mysql.createConnection({ uri: url, multipleStatements: true })
      return standBy(
        async text => (await connection.query(text))[0] as unknown as readonly Row[],
        () => connection.end(),
      )
    },
    async migrateTo(version, url, patience = {}) {
      const { use, close } = await connectMysql({ url, connections: 1 })
      const steps = [...mysqlSteps, laterMysql].slice(0, version)
      await use(connection => migrateMysql(connection, { ...patience, steps })).finally(close)
    },
    tableNumbers(bystander) {
      const from = (list: string) =>
        bystander.ask(`SELECT NAME AS name, TABLE_ID AS number FROM information_schema.${list}
          WHERE NAME LIKE CONCAT(DATABASE(), '/%') ORDER BY NAME`)
      // The first name is MariaDB's, the other MySQL's.
      return from("INNODB_SYS_TABLES").catch(() => from("INNODB_TABLES"))
    },
  },
]
