import { randomBytes } from "node:crypto"
import { afterAll, afterEach, beforeEach, describe, expect, type TestContext, test, vi } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { connectMysql } from "../../src/store/mysql-pool.ts"
import { connectPostgres } from "../../src/store/postgres-pool.ts"
import { createRoom } from "../../src/store/room.ts"
import {
  askMysql,
  askPostgres,
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"

describe("room for connections", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const settle = () => new Promise(resolve => setImmediate(resolve))
  async function pass(ms: number) {
    await vi.advanceTimersByTimeAsync(ms)
    await settle()
  }

  /** A pretend pool, of a server that lets it have so many connections. */
  function openPool(limit: number) {
    const server = { limit, dials: 0 }
    const tooMany = new Error("too many connections")
    const room = createRoom(error => error === tooMany, 1_000)
    let open = 0
    let idle = 0
    async function connect() {
      if (idle > 0) {
        idle -= 1
        return "connection"
      }
      server.dials += 1
      if (open >= server.limit) throw tooMany
      open += 1
      room.opened()
      return "connection"
    }
    return {
      room,
      server,
      tooMany,
      ask: () => room.ask(connect),
      giveBack() {
        idle += 1
        room.givenBack()
      },
      lose() {
        open -= 1
        room.closed()
        room.givenBack()
      },
    }
  }

  test("who is refused gets one that is given back, in the order of asking, and nobody dials meanwhile", async () => {
    const { ask, giveBack, server } = openPool(1)
    await ask()
    const got: number[] = []
    for (const number of [1, 2, 3]) void ask().then(() => got.push(number))
    await settle()
    const { dials } = server
    for (const expected of [[1], [1, 2], [1, 2, 3]]) {
      giveBack()
      await settle()
      expect(got).toEqual(expected)
    }
    expect(server.dials).toBe(dials)
  })

  test("now and then one more is tried, so that new room is found", async () => {
    const { ask, server } = openPool(1)
    await ask()
    const second = ask()
    await settle()
    server.limit = 2
    await pass(20)
    expect(await second).toBe("connection")
  })

  test("who waits in vain hears what the server said, and that is no failed dial", async () => {
    const { ask, room, tooMany } = openPool(1)
    await ask()
    const outcome = ask().catch(error => error)
    await settle()
    await pass(1_000)
    expect(await outcome).toBe(tooMany)
    expect(room.isFull(tooMany)).toBe(true)
  })

  test("a pool without a connection is refused at once, and so are those that wait in it", async () => {
    const { ask, lose, room, server, tooMany } = openPool(0)
    await expect(ask()).rejects.toBe(tooMany)
    expect(room.isFull(tooMany)).toBe(false)
    server.limit = 1
    await ask()
    const outcomes = [ask(), ask()].map(asked => asked.catch(error => error))
    await settle()
    server.limit = 0
    lose()
    expect(await Promise.all(outcomes)).toEqual([tooMany, tooMany])
  })
})

const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
const made: { readonly ask: (text: string) => Promise<unknown>; readonly text: string }[] = []
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
  for (const { ask, text } of made) await ask(text)
})

const password = randomBytes(12).toString("hex")
const userName = () => `denglu_test_${randomBytes(6).toString("hex")}`

function as(user: string, url: string): string {
  const theirs = new URL(url)
  theirs.username = user
  theirs.password = password
  return theirs.href
}

const engines = [
  {
    name: "PostgreSQL",
    needIt: (context: TestContext) => need(context, there.postgres, postgresNeed),
    async limited(connections: number) {
      const user = userName()
      await askPostgres(`CREATE ROLE ${user} LOGIN PASSWORD '${password}' CONNECTION LIMIT ${connections}`)
      made.push({ ask: askPostgres, text: `DROP ROLE ${user}` })
      return as(user, await freshPostgres())
    },
    async connect(url: string) {
      const { use, close } = await connectPostgres({ url, connectTimeoutMs: 20_000 })
      return { ask: () => use(client => client.query({ text: "SELECT 1" })), close }
    },
    refusal: { code: "53300" },
  },
  {
    name: "MariaDB",
    needIt: (context: TestContext) => need(context, there.mysql, mysqlNeed),
    async limited(connections: number) {
      const user = userName()
      const url = await freshMysql()
      const database = new URL(url).pathname.slice(1)
      const names = ["%", "localhost"].map(host => `'${user}'@'${host}'`)
      for (const name of names)
        await askMysql(
          `CREATE USER ${name} IDENTIFIED BY '${password}' WITH MAX_USER_CONNECTIONS ${connections}; GRANT ALL ON ${database}.* TO ${name}`,
        )
      made.push({ ask: askMysql, text: `DROP USER ${names.join(", ")}` })
      return as(user, url)
    },
    async connect(url: string) {
      const { use, close } = await connectMysql({ url, connectTimeoutMs: 20_000 })
      return { ask: () => use(connection => connection.query(["SELECT 1"])), close }
    },
    refusal: { errno: 1226 },
  },
]

const limits = engines.flatMap(engine => [1, 2].map(most => ({ ...engine, most })))

test.for(limits)(
  "$name with room for $most connections: many who ask at once all get an answer",
  {
    timeout: 60_000,
  },
  async ({ needIt, limited, connect, most }, context) => {
    needIt(context)
    const { ask, close } = await connect(await limited(most))
    await ask()
    for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: 40 }, () => ask()))
    await close()
  },
)

test.for(engines)(
  "$name with no room for a single one refuses",
  async ({ needIt, limited, connect, refusal }, context) => {
    needIt(context)
    const url = await limited(1)
    const first = await connect(url)
    await first.ask()
    const second = await connect(url)
    await expect(second.ask()).rejects.toMatchObject(refusal)
    await second.close()
    await first.close()
  },
)
