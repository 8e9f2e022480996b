import { createSimulator } from "@denglu/simulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openStore } from "../../src/store/open-store.ts"
import type { Store } from "../../src/store/store.ts"
import { createCaller } from "../../src/wechat/call.ts"
import { checksession } from "../../src/wechat/endpoints/checksession.ts"
import { jscode2session } from "../../src/wechat/endpoints/jscode2session.ts"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"
import { openTokenSource } from "../support/token-source.ts"

const there = { postgres: false, mysql: false }
beforeAll(async () => {
  there.postgres = await hasPostgres()
  there.mysql = await hasMysql()
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
})

const hour = 3_600_000

/** Eight instances call WeChat, tokens end, and a rival outside ends them out of turn: no call fails, and each renewal is one request. */
async function endure(openAnother: () => Promise<Store>, calls: number): Promise<void> {
  const simulator = createSimulator({ now: 1_800_000_000_000 })
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  let fetched = 0
  const caller = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch(request) {
      if (request.url.endsWith("/cgi-bin/stable_token")) fetched += 1
      return simulator.fetch(request)
    },
    clock: simulator.clock.now,
  })
  const { openid, sessionKey } = await jscode2session(caller, app, simulator.issueCode({ user: "alice" }))
  const stores = await Promise.all(Array.from({ length: 8 }, openAnother))
  const sources = stores.map(store => openTokenSource({ store, caller, app, clock: simulator.clock.now }))
  const rounds = 10
  let done = 0
  let ended = 0
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      sources.flatMap(source =>
        Array.from({ length: calls / rounds / sources.length }, async () => {
          await source.withToken(token => checksession(caller, token, { openid, sessionKey }))
          done += 1
        }),
      ),
    )
    // By turns the token comes to its end, and somebody else takes it from us.
    if (round % 2 === 0) simulator.clock.advance(2 * hour)
    else
      await simulator.fetch(
        new Request("http://127.0.0.1:3001/cgi-bin/stable_token", {
          method: "POST",
          body: JSON.stringify({
            grant_type: "client_credential",
            appid: app.appid,
            secret: app.secret,
            force_refresh: true,
          }),
        }),
      )
    ended += 1
  }
  expect(done).toBe(calls)
  // The first, and one for each that ended but for the last, which nobody has needed any more.
  expect(fetched).toBe(ended)
  await Promise.all(stores.map(store => store.close()))
}

test("memory: one request a renewal", async () => {
  const store = createMemoryStore()
  await endure(async () => ({ ...store, close: async () => {} }), 10_000)
})

test("PostgreSQL, eight instances, 10,000 calls: one request a renewal, no failed call", {
  timeout: 60_000,
}, async context => {
  need(context, there.postgres, postgresNeed)
  const url = await freshPostgres()
  await (await openStore(url)).close()
  await endure(() => openStore(url), 10_000)
})

test("MariaDB, eight instances, 10,000 calls: one request a renewal, no failed call", {
  timeout: 60_000,
}, async context => {
  need(context, there.mysql, mysqlNeed)
  const url = await freshMysql()
  await (await openStore(url)).close()
  await endure(() => openStore(url), 10_000)
})
