import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { connectPostgres, postgresUnavailable } from "../../src/store/postgres-pool.ts"
import { dropPostgres, freshPostgres, hasPostgres, postgresNeed } from "../support/engines.ts"

/** How many of the next connections break as soon as something is asked over them. */
let breaking = 0

// A pg-pool from before 2026, as a lockfile may hold it, as far as it matters here: it knows no `onConnect`.
vi.mock("pg", async importOriginal => {
  const { default: driver } = await importOriginal<{ default: typeof import("pg") }>()
  class OldPool extends driver.Pool {
    constructor({ onConnect: _, ...options }: ConstructorParameters<typeof driver.Pool>[0] & object) {
      super(options)
      this.on("connect", client => {
        if (breaking === 0) return
        breaking -= 1
        client.query = () => Promise.reject(new Error("Connection terminated unexpectedly"))
      })
    }
  }
  return { default: { ...driver, Pool: OldPool } }
})

const there = await hasPostgres()
beforeEach(context => need(context, there, postgresNeed))
afterEach(dropPostgres)

const settings = {
  statement_timeout: "2500ms",
  lock_timeout: "1200ms",
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  jit: "off",
}

async function openConnection() {
  const { use, close } = await connectPostgres({ url: await freshPostgres(), connections: 1 })
  /** What is set, and which process of the server was asked. */
  const look = () =>
    use(async client => {
      const found: Record<string, unknown> = {}
      for (const name of Object.keys(settings))
        found[name] = (await client.query({ text: `SHOW ${name}` })).rows[0]?.[name]
      const { rows } = await client.query({ text: "SELECT pg_backend_pid() AS pid" })
      return { found, pid: rows[0]?.pid }
    })
  return { use, close, look }
}

test("every connection is prepared, whatever the driver offers", async () => {
  const { use, close, look } = await openConnection()
  const first = await look()
  expect(first.found).toEqual(settings)
  // Once: what is set afterwards stays.
  await use(client => client.query({ text: "SET lock_timeout = 7" }))
  expect(await look()).toEqual({ found: { ...settings, lock_timeout: "7ms" }, pid: first.pid })
  await use(() => Promise.reject(new Error("the connection is gone"))).catch(() => {})
  const second = await look()
  expect(second.found).toEqual(settings)
  expect(second.pid).not.toBe(first.pid)
  await close()
})

test("a connection that can't be prepared is not used and not kept", async () => {
  const { use, close, look } = await openConnection()
  breaking = 1
  let used = false
  const error = await use(async () => {
    used = true
  }).catch(caught => caught)
  expect(postgresUnavailable(error)).toMatchObject({ code: "store_unavailable" })
  expect(used).toBe(false)
  expect((await look()).found).toEqual(settings)
  await close()
})
