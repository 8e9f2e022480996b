import fc from "fast-check"
import { afterEach, beforeEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { day, entry, eventId, logIn, minute, start, times } from "../../src/store/contract/store-case.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import { connectMysql, mysqlUnavailable } from "../../src/store/mysql-pool.ts"
import { openStore } from "../../src/store/open-store.ts"
import {
  bytes,
  judgeMysqlError,
  type MysqlConnection,
  number,
  text,
} from "../../src/store/sql/mysql-connection.ts"
import { logInTogether } from "../../src/store/sql/mysql-log-in.ts"
import { readTime, weakSettings } from "../../src/store/sql/mysql-server.ts"
import { endTogether, rotateTogether } from "../../src/store/sql/mysql-sessions.ts"
import type { LoggedIn, RotateOutcome } from "../../src/store/store.ts"
import { askMysql, dropMysql, freshMysql, hasMysql, mysqlNeed } from "../support/engines.ts"
import { openWeakNetwork } from "../support/weak-network.ts"

const there = await hasMysql()
beforeEach(context => need(context, there, mysqlNeed))
afterEach(dropMysql)

/** An empty database with its tables, and one connection to it. */
async function openConnection() {
  const url = await freshMysql()
  await (await openMysqlStore({ url })).close()
  const { use, close } = await connectMysql({ url, connections: 1 })
  return { url, use, close }
}

/** The connection, and how many packets went over it. */
function counted(connection: MysqlConnection) {
  const counts = { packets: 0 }
  const query: MysqlConnection["query"] = statements => {
    counts.packets += 1
    return connection.query(statements)
  }
  return { counts, connection: { query } }
}

test.each(["mysql", "mariadb"])("a URL that begins with %s: opens it", async scheme => {
  const store = await openStore((await freshMysql()).replace(/^mysql:/, `${scheme}:`))
  expect(store.engine).toBe("mysql")
  await store.ping()
  await store.close()
})

test("logins, refreshes and logouts that arrive together are one round trip each", async () => {
  const { use, close } = await openConnection()
  await use(async connection => {
    const { counts, connection: watched } = counted(connection)
    const entries = Array.from({ length: 20 }, (_, index) => entry({ unionid: `union${index}` }))
    const outcomes = await logInTogether(watched, entries)
    expect(counts.packets).toBe(1)
    const ids = outcomes.map(outcome => (outcome as LoggedIn).session.id)
    const now = start + minute
    await rotateTogether(
      watched,
      ids.map(id => ({ id, counter: 0, now, grace: 0, idle: day })),
    )
    expect(counts.packets).toBe(2)
    await endTogether(
      watched,
      ids.slice(1).map(id => ({ id, reason: "logout" as const, now, userId: undefined })),
    )
    expect(counts.packets).toBe(3)
    const [id = ""] = ids
    const again = { id, counter: 0, now, grace: minute, idle: day }
    expect(await rotateTogether(watched, [again])).toMatchObject([{ kind: "replayed" }])
    expect(counts.packets).toBe(4)
    // Used up, it ends the session: that is asked for by itself.
    expect(await rotateTogether(watched, [{ ...again, grace: 0 }])).toMatchObject([{ kind: "reuse" }])
    await endTogether(watched, [{ id, reason: "refresh_reused", now, userId: undefined }])
    expect(counts.packets).toBe(6)
  })
  await close()
})

test("somebody who is leaving is found out in a second round trip", async () => {
  const { url, use, close } = await openConnection()
  const store = await openMysqlStore({ url })
  const { user } = await logIn(store, { openid: "leaver" })
  await store.leaveUser({
    userId: user.id,
    leavesAt: start + day,
    now: start,
    actor: "user",
    eventId: eventId(),
  })
  await store.close()
  await use(async connection => {
    const { counts, connection: watched } = counted(connection)
    expect(await logInTogether(watched, [entry({ openid: "leaver" })])).toMatchObject([{ kind: "leaving" }])
    expect(counts.packets).toBe(2)
  })
  await close()
})

test("refreshes of the same counter that arrive together are one question: one rotates, the others get its replay", async () => {
  const store = await openMysqlStore({ url: await freshMysql() })
  const { id } = (await logIn(store)).session
  const present = (counter: number, grace: number) =>
    times(64, () => store.rotateSession({ id, counter, now: start + minute, grace, idle: day }))
  const kinds = (outcomes: readonly RotateOutcome[]) => outcomes.map(({ kind }) => kind).sort()
  const outcomes = await present(0, 10)
  expect(kinds(outcomes)).toEqual([...new Array(63).fill("replayed"), "rotated"])
  // What one question read is one object.
  expect(new Set(outcomes.map(outcome => "session" in outcome && outcome.session)).size).toBe(1)
  await present(1, 10)
  // Far behind: the first has found it out, and all the others are too late.
  expect(kinds(await present(0, 10))).toEqual(["reused", ...new Array(63).fill("revoked")])
  await store.close()
})

test("without grace, refreshes of the same counter are never one: the second is a reuse", async () => {
  const store = await openMysqlStore({ url: await freshMysql() })
  const { id } = (await logIn(store)).session
  const outcomes = await times(8, () =>
    store.rotateSession({ id, counter: 0, now: start + minute, grace: 0, idle: day }),
  )
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
    "reused",
    ...new Array(6).fill("revoked"),
    "rotated",
  ])
  await store.close()
})

test("a login with the session_key that is kept already writes nothing of the identity", async () => {
  const { use, close } = await openConnection()
  await use(async connection => {
    const updates = async () => {
      const [answer] = await connection.query(["SHOW SESSION STATUS LIKE 'Handler_update'"])
      return Number(answer?.rows[0]?.Value)
    }
    const login = (fingerprint: string) =>
      logInTogether(connection, [
        entry({ openid: "same", unionid: "union", sessionKey: { sealed: fingerprint, fingerprint } }),
      ])
    await login("a")
    const before = await updates()
    await login("a")
    expect(await updates()).toBe(before)
    await login("b")
    expect(await updates()).toBe(before + 1)
  })
  await close()
})

test("any text comes back as it was, whatever characters are in it", async () => {
  const { use, close } = await openConnection()
  const texts = [
    "",
    "'; DROP TABLE denglu_users; --",
    "\\",
    "\0",
    ...fc.sample(fc.string({ unit: "binary" }), { numRuns: 200, seed: 1 }),
  ]
  await use(async connection => {
    const answers = await connection.query(
      texts.map(given => `SELECT ${bytes(given)} AS b, ${text(given)} AS t, ${bytes(undefined)} AS n`),
    )
    expect(answers.map(({ rows }) => ({ ...rows[0] }))).toEqual(
      texts.map(given => ({ b: given, t: given, n: null })),
    )
  })
  await close()
})

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "1; DROP TABLE x" as unknown as number])(
  "what is no whole number never gets into a statement: %s",
  value => {
    expect(() => number(value)).toThrow(TypeError)
  },
)

test("an error says what is wrong and holds no value of a row", async () => {
  const store = await openMysqlStore({ url: await freshMysql() })
  const secret = "sealed-and-nobodys-business"
  const { session } = await logIn(store, { sessionKey: { sealed: secret, fingerprint: "f" } })
  const taken = logIn(store, { sessionId: session.id, sessionKey: { sealed: secret, fingerprint: "g" } })
  await expect(taken).rejects.toThrow(/^MySQL: error 1062 ER_DUP_ENTRY$/)
  const long = logIn(store, { openid: secret.repeat(40) })
  await expect(long).rejects.toThrow(/^MySQL: error 1406 ER_DATA_TOO_LONG$/)
  const error = await taken.catch(caught => caught)
  expect(error).toMatchObject({ code: "store_unavailable", retryAfter: 1 })
  expect(error.cause).toBeUndefined()
  await store.close()
})

test("a server that no longer takes writes is left for another connection, and the error says what to do", async () => {
  const { use, close } = await openConnection()
  const logIns = (connection: MysqlConnection) => logInTogether(connection, [entry(), entry()])
  await use(connection => connection.query(["SET SESSION TRANSACTION READ ONLY"]))
  const error = await use(logIns).catch(caught => caught)
  expect(judgeMysqlError(error)).toBe("failed")
  expect(mysqlUnavailable(error)).toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(/^MySQL: .*READ ONLY.*\(1792\): .*Name the primary in DENGLU_STORE/),
  })
  expect(await use(logIns)).toHaveLength(2)
  await close()
})

test("a database that isn't there, and a password that is wrong, are told in the server's words", async () => {
  const url = new URL(await freshMysql())
  url.pathname = "/denglu_no_such_database"
  await expect(openMysqlStore({ url: url.href })).rejects.toThrow(/Unknown database.*\(1049\)$/)
  url.username = "nobody"
  await expect(openMysqlStore({ url: url.href })).rejects.toMatchObject({ code: "store_unavailable" })
  await expect(openMysqlStore({ url: "mysql://root@127.0.0.1:1/x" })).rejects.toThrow(/ECONNREFUSED/)
})

test("with the network cut every call ends at once, and all works again when it is mended", async () => {
  const network = await openWeakNetwork(await freshMysql())
  const store = await openMysqlStore({ url: network.url })
  const before = await Promise.all([logIn(store, { openid: "a" }), logIn(store, { openid: "b" })])
  network.cut()
  const started = performance.now()
  const calls = [logIn(store), store.findUser("x"), store.ping(), store.purge(start, minute, 10)]
  for (const outcome of await Promise.allSettled(calls))
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "store_unavailable" } })
  expect(performance.now() - started).toBeLessThan(2_000)
  network.mend()
  expect(await logIn(store, { openid: "a" })).toMatchObject({
    isNew: false,
    user: { id: before[0].user.id },
  })
  await store.close()
  await network.close()
})

test("with the network silent every call ends within its time, and all works again when it is mended", async () => {
  const network = await openWeakNetwork(await freshMysql())
  const store = await openMysqlStore({ url: network.url, connectTimeoutMs: 300, statementTimeoutMs: 300 })
  await logIn(store, { openid: "a" })
  network.stall()
  const started = performance.now()
  const calls = [logIn(store), store.findUser("x"), store.ping(), store.now?.(), store.listSigningKeys()]
  for (const outcome of await Promise.allSettled(calls))
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "store_unavailable" } })
  expect(performance.now() - started).toBeLessThan(3_000)
  network.mend()
  await expect
    .poll(() => logIn(store, { openid: "a" }).then(({ isNew }) => isNew), { timeout: 5_000 })
    .toBe(false)
  await store.close()
  await network.close()
})

test("who waits too long for a connection is told to come back", async () => {
  const { use, close } = await connectMysql({
    url: await freshMysql(),
    connections: 1,
    connectTimeoutMs: 100,
  })
  let free = () => {}
  const busy = use(() => new Promise<void>(resolve => (free = resolve)))
  await expect(use(readTime)).rejects.toMatchObject({ code: "store_unavailable", retryAfter: 1 })
  free()
  await busy
  expect(await use(readTime)).toBeGreaterThan(start - day * 365)
  await close()
})

test("what a failed piece of work has left open is rolled back before the connection is used again", async () => {
  const { use, close } = await openConnection()
  const name = bytes("signing_keys")
  const value = async () => {
    const [answer] = await use(connection =>
      connection.query([`SELECT value FROM denglu_counters WHERE name = ${name}`]),
    )
    return answer?.rows[0]?.value
  }
  const change = `UPDATE denglu_counters SET value = 7 WHERE name = ${name}`
  const duplicate = "INSERT INTO denglu_schema VALUES (1, 1, 1)"
  await expect(use(connection => connection.query(["BEGIN", change, duplicate]))).rejects.toMatchObject({
    errno: 1062,
  })
  expect(await value()).toBe(0)
  await expect(
    use(async connection => {
      await connection.query(["BEGIN", change])
      throw new TypeError("a mistake of ours")
    }),
  ).rejects.toThrow(TypeError)
  expect(await value()).toBe(0)
  await close()
})

test("the database's time is the same in every time zone", async () => {
  const { use, close } = await openConnection()
  await use(async connection => {
    const times: number[] = []
    for (const zone of ["+00:00", "+08:00", "-11:00"]) {
      await connection.query([`SET SESSION time_zone = '${zone}'`])
      times.push(await readTime(connection))
    }
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(5_000)
    expect(times.every(Number.isSafeInteger)).toBe(true)
  })
  await close()
})

test("the settings that decide whether a commit survives a power cut are named where they are weak", async () => {
  const { url, use, close } = await openConnection()
  const [flush] = await askMysql<{ v: number }[]>("SELECT @@innodb_flush_log_at_trx_commit AS v", url)
  const [binary] = await askMysql<{ v: number }[]>("SELECT @@log_bin AND @@sync_binlog <> 1 AS v", url)
  const expected = [
    ...(flush?.v === 1 ? [] : ["innodb_flush_log_at_trx_commit"]),
    ...(binary?.v === 1 ? ["sync_binlog"] : []),
  ]
  expect((await use(weakSettings)).map(({ name }) => name)).toEqual(expected)
  await close()
})
