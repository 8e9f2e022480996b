import { randomBytes } from "node:crypto"
import pg from "pg"

/** Where the engines for tests are; the environment may say otherwise. */
const postgresUrl = process.env.DENGLU_TEST_POSTGRES ?? "postgres://postgres@127.0.0.1:5432/test"

const made: string[] = []

/** The URL of an empty place of its own in the PostgreSQL of this machine. */
export async function freshPostgres(): Promise<string> {
  const schema = `denglu_test_${randomBytes(6).toString("hex")}`
  await askPostgres(`CREATE SCHEMA ${schema}`)
  made.push(schema)
  const url = new URL(postgresUrl)
  url.searchParams.set("options", `-c search_path=${schema}`)
  return url.href
}

/** Removes all places that were made here. */
export async function dropPostgres(): Promise<void> {
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
