import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { openStore } from "../../src/store/open-store.ts"
import type { Store } from "../../src/store/store.ts"
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
import { cafe, platformAppid, shop, startPlatformHarness } from "../support/platform-harness.ts"

const there = { postgres: false, mysql: false }
const folder = mkdtempSync(join(tmpdir(), "denglu-platforms-"))
beforeAll(async () => {
  there.postgres = await hasPostgres()
  there.mysql = await hasMysql()
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
  rmSync(folder, { recursive: true, force: true })
})

/** Instances get tickets and need tokens at once, over and over: each token is fetched once, each refresh token kept. */
async function endure(instances: number, openAnother: () => Promise<Store>): Promise<void> {
  const harness = await startPlatformHarness({
    instances,
    openStore: openAnother,
    rotateRefreshTokens: true,
  })
  const { simulator, logins, logIn, setUp, advance, asked } = harness
  try {
    await setUp()
    for (let round = 1; round <= 4; round += 1) {
      const [tokens, answers] = await Promise.all([
        Promise.all(logins.flatMap(login => [1, 2, 3].map(() => login.appTokens.get(shop)))),
        Promise.all(logins.map((_, at) => logIn(shop, `person ${at}`, at))),
        simulator.pushTicket(),
      ])
      // While one renews it in time, the others may go on with the one before.
      expect(new Set(tokens).size).toBeLessThanOrEqual(round === 1 || round === 4 ? 1 : 2)
      expect(answers.map(({ status }) => status)).toEqual(logins.map(() => 200))
      expect(asked("api_component_token")).toBe(round)
      expect(asked("api_authorizer_token")).toBe(round)
      // The last time the token is over, before that it is renewed in time.
      advance(round === 3 ? 7_200_000 : 6_700_000)
    }
    expect(asked("api_get_authorizer_info")).toBe(0)
  } finally {
    await harness.close()
  }
}

test("PostgreSQL, four instances: one request a token", { timeout: 60_000 }, async context => {
  need(context, there.postgres, postgresNeed)
  const url = await freshPostgres()
  await (await openStore(url)).close()
  await endure(4, () => openStore(url))
})

test("MariaDB, four instances: one request a token", { timeout: 60_000 }, async context => {
  need(context, there.mysql, mysqlNeed)
  const url = await freshMysql()
  await (await openStore(url)).close()
  await endure(4, () => openStore(url))
})

test("SQLite: ticket, authorisation and refresh token are there after a restart", async () => {
  const url = `sqlite:${join(folder, "login.db")}`
  const first = await startPlatformHarness({ openStore: () => openStore(url) })
  await first.setUp()
  expect((await first.logIn(shop, "alice")).status).toBe(200)
  const ticket = await first.store.findPlatformTicket("wxsimplatform00001")
  await first.close()
  const store = await openStore(url)
  expect(await store.findPlatformTicket("wxsimplatform00001")).toEqual(ticket)
  expect(await store.findAuthorizers(shop)).toMatchObject([{ appid: shop, revokedAt: null }])
  await store.close()
})

test("a new tenant logs in on every instance at once; that one has withdrawn the others know within ten seconds", async () => {
  const { simulator, logins, logIn, setUp, advance, close } = await startPlatformHarness({ instances: 2 })
  await setUp()
  const other = 1
  expect((await logIn(cafe, "alice", other)).body.code).toBe("app_unknown")
  await simulator.authorize({ appid: cafe }).pushed
  expect((await logIn(cafe, "alice", other)).status).toBe(200)
  advance(1_000)
  await simulator.unauthorize({ appid: cafe })
  expect((await logIn(cafe, "alice")).body.code).toBe("app_unknown")
  advance(10_000)
  expect((await logIn(cafe, "alice", other)).body.code).toBe("app_unknown")
  await expect(logins[other]?.appTokens.get(cafe)).rejects.toMatchObject({ code: "app_unknown" })
  // What was looked up just now is asked for again only later, but WeChat refuses meanwhile.
  expect((await logIn(shop, "alice", other)).status).toBe(200)
  advance(1_000)
  await simulator.unauthorize({ appid: shop })
  expect((await logIn(shop, "alice", other)).body.code).toBe("app_unauthorized")
  expect((await logIn(shop, "alice", other)).body.code).toBe("app_unknown")
  expect(await logins[other]?.platforms.list(platformAppid)).toMatchObject([
    { appid: shop, revokedAt: expect.any(Number) },
    { appid: cafe, revokedAt: expect.any(Number) },
  ])
  await close()
})
