import { afterEach, beforeEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { connectPostgres, postgresUnavailable } from "../../src/store/postgres-pool.ts"
import { dropPostgres, freshPostgres, hasPostgres, postgresNeed } from "../support/engines.ts"
import { openWeakNetwork } from "../support/weak-network.ts"

const there = await hasPostgres()
beforeEach(context => need(context, there, postgresNeed))
afterEach(dropPostgres)

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
