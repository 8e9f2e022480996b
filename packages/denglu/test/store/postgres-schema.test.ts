import { afterEach, beforeEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { logIn } from "../../src/store/contract/store-case.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { connectPostgres } from "../../src/store/postgres-pool.ts"
import type { PostgresClient, PostgresQuery } from "../../src/store/sql/postgres-connection.ts"
import { migratePostgres } from "../../src/store/sql/postgres-migration.ts"
import { postgresSchemaState, postgresSchemaVersion } from "../../src/store/sql/postgres-schema.ts"
import { dropPostgres, freshPostgres, hasPostgres, postgresNeed } from "../support/engines.ts"
import { type Bystander, endBystanders, schemaEngines } from "../support/schema-engines.ts"

const there = await hasPostgres()
beforeEach(context => need(context, there, postgresNeed))
afterEach(async () => {
  await endBystanders()
  await dropPostgres()
})

const connect = (url: string) => (schemaEngines[0] as (typeof schemaEngines)[0]).connect(url)

class Killed extends Error {}

/** Its statements one by one, so that one can die between any two of them. */
function split({ text, ...rest }: PostgresQuery): readonly PostgresQuery[] {
  const single = text
    .replace(/^\s*--.*$/gm, "")
    .split(/;\s*(?:\n|$)/)
    .filter(part => part.trim() !== "")
  return single.map(part => ({ text: part, ...rest }))
}

/** A connection on which `before` is called before each statement. */
function watched(client: PostgresClient, before: (text: string) => Promise<void> | void): PostgresClient {
  return {
    async query(query) {
      let result: Awaited<ReturnType<PostgresClient["query"]>> = { rows: [], rowCount: 0 }
      for (const single of split(query)) {
        await before(single.text)
        result = await client.query(single)
      }
      return result
    },
  }
}

const pidOf = async (client: PostgresClient) =>
  Number((await client.query({ text: "SELECT pg_backend_pid() AS pid" })).rows[0]?.pid)

/** Ends the connection from the server's side, and waits until it is gone. */
const terminate = (bystander: Bystander, pid: number) =>
  bystander.ask(`SELECT pg_terminate_backend(${pid}, 5000)`)

/** How a migration dies at a statement: its process is gone at once, or the server has ended its connection. */
type Death = "process" | "connection"

/** Migrates, and dies before that statement (the first is 1); answers whether it came to its end before. */
async function migrateUntil(statement: number, url: string, death: Death = "process"): Promise<boolean> {
  const bystander = await connect(url)
  const { use, close } = await connectPostgres({ url, connections: 1 })
  let count = 0
  try {
    await use(async client => {
      const pid = await pidOf(client)
      await migratePostgres(
        watched(client, async () => {
          count += 1
          if (death === "process" && count >= statement) throw new Killed()
          if (death === "connection" && count === statement) await terminate(bystander, pid)
        }),
      )
    })
    return true
  } catch (error) {
    if (count < statement) throw error
    return false
  } finally {
    await close()
    await bystander.end()
  }
}

/** All columns, indexes and constraints, and the rows that are there from the beginning. */
async function describeDatabase(url: string): Promise<unknown> {
  const bystander = await connect(url)
  const found = [
    await bystander.ask(
      `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
        WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`,
    ),
    await bystander.ask(
      `SELECT indexname, replace(indexdef, current_schema() || '.', '') AS indexdef FROM pg_indexes
        WHERE schemaname = current_schema() ORDER BY indexname`,
    ),
    await bystander.ask(
      `SELECT conrelid::regclass::text AS "table", conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace ORDER BY conname`,
    ),
    await bystander.ask("SELECT * FROM denglu_schema"),
    await bystander.ask("SELECT * FROM denglu_counters ORDER BY name"),
  ]
  await bystander.end()
  return found
}

const never = Number.POSITIVE_INFINITY
/** Databases that are migrated side by side. */
const atOnce = 6

test("killed before any statement, also in the middle of a step, a migration is completed by the next", {
  timeout: 300_000,
}, async () => {
  const whole = await freshPostgres()
  expect(await migrateUntil(never, whole)).toBe(true)
  const expected = await describeDatabase(whole)
  const killedAt = async (statement: number) => {
    const url = await freshPostgres()
    const reachedTheEnd = await migrateUntil(statement, url, "connection")
    // And once more, wherever that is by now.
    await migrateUntil(statement, url, "process")
    expect(await migrateUntil(never, url)).toBe(true)
    expect(await describeDatabase(url)).toEqual(expected)
    return reachedTheEnd
  }
  let statement = 1
  for (let ends: readonly boolean[] = []; !ends.includes(true); statement += atOnce) {
    ends = await Promise.all(Array.from({ length: atOnce }, (_, index) => killedAt(statement + index)))
    await dropPostgres()
  }
  expect(statement).toBeGreaterThan(50)
})

test("one that waits for another's step takes it over when the other is killed", async () => {
  const url = await freshPostgres()
  const bystander = await connect(url)
  const [one, other] = [await connectPostgres({ url }), await connectPostgres({ url })]
  let overtaken: Promise<void> | undefined
  const first = one.use(async client => {
    const pid = await pidOf(client)
    await migratePostgres(
      watched(client, async text => {
        if (overtaken !== undefined || !text.startsWith("UPDATE denglu_schema")) return
        // The step is done and not committed yet.
        await new Promise<void>(onWait => {
          overtaken = other.use(second => migratePostgres(second, { onWait }))
        })
        await terminate(bystander, pid)
      }),
    )
  })
  await expect(first).rejects.toThrow()
  await overtaken
  expect(await bystander.ask("SELECT version FROM denglu_schema")).toEqual([
    { version: postgresSchemaVersion },
  ])
  expect(await bystander.ask("SELECT count(*)::integer AS count FROM denglu_counters")).toEqual([
    { count: 3 },
  ])
  await bystander.end()
  await Promise.all([one.close(), other.close()])
})

test("what waits for one table that clients use holds no other: a refresh that holds it gets on to the users", async () => {
  const [engine] = schemaEngines as [(typeof schemaEngines)[0]]
  const url = await freshPostgres()
  await engine.migrateTo(2, url)
  const [refresh, bystander] = [await connect(url), await connect(url)]
  await refresh.ask("BEGIN; LOCK TABLE denglu_sessions IN ROW EXCLUSIVE MODE")
  const migrated = engine.migrateTo(engine.versions, url, { pauses: new Array(1_000).fill(10) })
  let seen: Readonly<Record<string, unknown>> | undefined
  while (seen === undefined)
    [seen] = await bystander.ask(`SELECT (SELECT count(*)::integer FROM pg_locks held
        WHERE held.pid = waiting.pid AND held.granted AND held.mode = 'AccessExclusiveLock') AS held
      FROM pg_locks waiting WHERE NOT waiting.granted AND waiting.relation = 'denglu_sessions'::regclass`)
  expect(seen).toEqual({ held: 0 })
  await refresh.ask("SELECT id FROM denglu_users; COMMIT")
  await migrated
  await Promise.all([refresh.end(), bystander.end()])
})

test("of several migrations at once each ends well, and each step is taken once", async () => {
  for (let round = 0; round < 3; round += 1) {
    const url = await freshPostgres()
    const connections = await Promise.all(Array.from({ length: 6 }, () => connectPostgres({ url })))
    await Promise.all(connections.map(({ use }) => use(client => migratePostgres(client))))
    await Promise.all(connections.map(({ close }) => close()))
    const whole = await freshPostgres()
    await migrateUntil(never, whole)
    expect(await describeDatabase(url)).toEqual(await describeDatabase(whole))
  }
})

test("a database of a newer version is refused, unless that still runs this code; it stays as it is", async () => {
  const url = await freshPostgres()
  await (await openPostgresStore({ url })).close()
  const bystander = await connect(url)
  for (const runsCodeFrom of [99, postgresSchemaVersion + 1]) {
    await bystander.ask(`UPDATE denglu_schema SET version = 99, runs_code_from = ${runsCodeFrom}`)
    await expect(openPostgresStore({ url })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("install the newer version"),
    })
  }
  for (const runsCodeFrom of [postgresSchemaVersion, 1]) {
    await bystander.ask(`UPDATE denglu_schema SET runs_code_from = ${runsCodeFrom}`)
    const store = await openPostgresStore({ url })
    await logIn(store)
    await store.close()
    const { use, close } = await connectPostgres({ url })
    expect(await use(postgresSchemaState)).toEqual({ version: 99, runsCodeFrom })
    await close()
  }
  await bystander.end()
})
