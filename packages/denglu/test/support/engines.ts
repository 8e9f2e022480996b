import { randomBytes } from "node:crypto"
import mysql, { type Connection } from "mysql2/promise"
import pg from "pg"

/** Where the engines for tests are; the environment may say otherwise. */
const postgresUrl = process.env.DENGLU_TEST_POSTGRES ?? "postgres://postgres@127.0.0.1:5432/test"
const mysqlUrl = process.env.DENGLU_TEST_MYSQL ?? "mysql://root@127.0.0.1:3306"

/** What to say that is missing. */
export const postgresNeed = "PostgreSQL on 127.0.0.1:5432, or where DENGLU_TEST_POSTGRES says"
export const mysqlNeed = "MariaDB or MySQL on 127.0.0.1:3306, or where DENGLU_TEST_MYSQL says"

const made: string[] = []
const madeDatabases: string[] = []
const madeInMysql: string[] = []

/** The URL of an empty place of its own in the PostgreSQL of this machine. */
export async function freshPostgres(): Promise<string> {
  const schema = `denglu_test_${randomBytes(6).toString("hex")}`
  await askPostgres(`CREATE SCHEMA ${schema}`)
  made.push(schema)
  const url = new URL(postgresUrl)
  url.searchParams.set("options", `-c search_path=${schema}`)
  return url.href
}

/** The URL of an empty database of its own, where nobody else's NOTIFY is heard: those go through all schemas of a database. */
export async function freshPostgresDatabase(): Promise<string> {
  const name = `denglu_test_${randomBytes(6).toString("hex")}`
  await askPostgres(`CREATE DATABASE ${name}`)
  madeDatabases.push(name)
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Removes all places that were made here. */
export async function dropPostgres(): Promise<void> {
  for (const name of madeDatabases.splice(0)) await askPostgres(`DROP DATABASE ${name} WITH (FORCE)`)
  for (const schema of made.splice(0)) await askPostgres(`DROP SCHEMA ${schema} CASCADE`)
}

export async function askPostgres(text: string, url = postgresUrl): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

/** Whether a PostgreSQL answers. */
export async function hasPostgres(): Promise<boolean> {
  return await askPostgres("SELECT 1").then(
    () => true,
    () => false,
  )
}

/** The URL of an empty database of its own in the MariaDB of this machine. */
export async function freshMysql(): Promise<string> {
  const name = `denglu_test_${randomBytes(6).toString("hex")}`
  await askMysql(`CREATE DATABASE ${name}`)
  madeInMysql.push(name)
  const url = new URL(mysqlUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Removes all databases that were made here. */
export async function dropMysql(): Promise<void> {
  const drops = madeInMysql.splice(0).map(name => `DROP DATABASE ${name}`)
  if (drops.length > 0) await askMysql(drops.join(";"))
}

/** The rows that a statement answers, or what it says of itself. */
export async function askMysql<Rows = unknown>(text: string, url = mysqlUrl): Promise<Rows> {
  let connection: Connection | undefined
  try {
    connection = await mysql.createConnection({ uri: url, connectTimeout: 2_000, multipleStatements: true })
    const [rows] = await connection.query(text)
    return rows as Rows
  } finally {
    connection?.destroy()
  }
}

/** Whether a MariaDB or MySQL answers. */
export async function hasMysql(): Promise<boolean> {
  return await askMysql("SELECT 1").then(
    () => true,
    () => false,
  )
}
