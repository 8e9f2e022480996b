import { afterEach, beforeEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { day, entry, eventId, logIn, minute, start } from "../../src/store/contract/store-case.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { connectPostgres, postgresUnavailable } from "../../src/store/postgres-pool.ts"
import { judgePostgresError, type PostgresClient } from "../../src/store/sql/postgres-connection.ts"
import { logInTogether } from "../../src/store/sql/postgres-log-in.ts"
import { endTogether, judgeRotation, rotateTogether } from "../../src/store/sql/postgres-sessions.ts"
import type { LoggedIn } from "../../src/store/store.ts"
import { dropPostgres, freshPostgres, hasPostgres, postgresNeed } from "../support/engines.ts"
import { openWeakNetwork } from "../support/weak-network.ts"

const there = await hasPostgres()
beforeEach(context => need(context, there, postgresNeed))
afterEach(dropPostgres)

/** An empty database with its tables, and one connection to it. */
async function openConnection() {
  const url = await freshPostgres()
  await (await openPostgresStore({ url })).close()
  const { use, close } = await connectPostgres({ url, connections: 1 })
  return { url, use, close }
}

/** The client, and how often it has asked the server: once for each query, also for one that is prepared first. */
function counted(client: PostgresClient) {
  const counts = { queries: 0 }
  const query: PostgresClient["query"] = asked => {
    counts.queries += 1
    return client.query(asked)
  }
  return { counts, client: { query } }
}

test("logins, refreshes and logouts that arrive together are one round trip each", async () => {
  const { use, close } = await openConnection()
  await use(async client => {
    const { counts, client: watched } = counted(client)
    const entries = Array.from({ length: 20 }, (_, index) => entry({ unionid: `union${index}` }))
    const outcomes = await logInTogether(watched, entries)
    expect(counts.queries).toBe(1)
    const ids = outcomes.map(outcome => (outcome as LoggedIn).session.id)
    const now = start + minute
    const requests = ids.map(id => ({ id, counter: 0, now, grace: minute, idle: day }))
    await rotateTogether(watched, requests)
    expect(counts.queries).toBe(2)
    await endTogether(
      watched,
      ids.slice(1).map(id => ({ id, reason: "logout" as const, now, userId: undefined })),
    )
    expect(counts.queries).toBe(3)
    // Presented once more, and then when it is used up: each is not moved, and has to be judged.
    for (const [at, kind] of [
      [now, "replayed"],
      [now + 2 * minute, "reused"],
    ] as const) {
      counts.queries = 0
      const [request] = requests.map(given => ({ ...given, now: at }))
      if (request === undefined) throw new Error("nobody was logged in")
      expect(await rotateTogether(watched, [request])).toEqual([undefined])
      expect(await judgeRotation(watched, request)).toMatchObject({ kind })
      expect(counts.queries).toBe(2)
    }
  })
  await close()
})

test("somebody who is leaving is found out in the same round trip", async () => {
  const { url, use, close } = await openConnection()
  const store = await openPostgresStore({ url })
  const { user } = await logIn(store, { openid: "leaver" })
  await store.leaveUser({
    userId: user.id,
    leavesAt: start + day,
    now: start,
    actor: "user",
    eventId: eventId(),
  })
  await store.close()
  await use(async client => {
    const { counts, client: watched } = counted(client)
    expect(await logInTogether(watched, [entry({ openid: "leaver" })])).toMatchObject([{ kind: "leaving" }])
    expect(counts.queries).toBe(1)
  })
  await close()
})

test("a server that no longer takes writes is left for another connection, and the error says what to do", async () => {
  const { use, close } = await openConnection()
  const logIns = (client: PostgresClient) => logInTogether(client, [entry(), entry()])
  await use(client => client.query({ text: "SET default_transaction_read_only = on" }))
  const error = await use(logIns).catch(caught => caught)
  expect(judgePostgresError(error)).toBe("failed")
  expect(postgresUnavailable(error)).toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(
      /^PostgreSQL: cannot execute .* in a read-only transaction \(25006\): .*Name the primary in DENGLU_STORE/,
    ),
  })
  expect(await use(logIns)).toHaveLength(2)
  await close()
})

test.each([
  [
    "a grant that was lost",
    "SET ROLE pg_monitor; TABLE pg_authid",
    "failed",
    /^permission denied for .*\(42501\)$/,
  ],
  ["a table that is not there", "TABLE denglu_nothing", "failed", /^relation .* does not exist \(42P01\)$/],
  [
    "something wrong inside the server",
    "DO $$ BEGIN RAISE EXCEPTION 'sealed' USING ERRCODE = 'XX000'; END $$",
    "failed",
    /^error XX000$/,
  ],
  [
    "a transaction that has failed already",
    "DO $$ BEGIN RAISE SQLSTATE '25P02'; END $$",
    "failed",
    /\(25P02\)$/,
  ],
  [
    "a row that is there already",
    "INSERT INTO denglu_schema VALUES (1, 1, 1)",
    "apart",
    /^error 23505 at denglu_schema, denglu_schema_pkey$/,
  ],
])("whose fault it is, and what is told of it: %s", async (_, text, verdict, told) => {
  const { use, close } = await openConnection()
  const error = await use(client => client.query({ text })).catch(caught => caught)
  expect(judgePostgresError(error)).toBe(verdict)
  const { message } = postgresUnavailable(error) as Error
  expect(message.replace(/^PostgreSQL: /, "")).toMatch(told)
  await close()
})

test("a connection that breaks under a statement fails the statement and nothing else", async () => {
  const network = await openWeakNetwork(await freshPostgres())
  const { use, close } = await connectPostgres({ url: network.url })
  const sleeping = use(client => {
    setTimeout(network.cut, 100)
    return client.query({ text: "SELECT pg_sleep(2)" })
  })
  expect(postgresUnavailable(await sleeping.catch(error => error))).toMatchObject({
    code: "store_unavailable",
  })
  network.mend()
  const { rows } = await use(client => client.query({ text: "SELECT 1 AS one" }))
  expect(rows).toEqual([{ one: 1 }])
  await close()
  await network.close()
})

test("instances that start at once on an empty database all find it made", { timeout: 60_000 }, async () => {
  for (let round = 0; round < 20; round += 1) {
    const url = await freshPostgres()
    const stores = await Promise.all(Array.from({ length: 6 }, () => openPostgresStore({ url })))
    await Promise.all(stores.map(store => store.close()))
  }
})
