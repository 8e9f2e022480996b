import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, beforeEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { createAuditMac } from "../../src/session/audit-mac.ts"
import { createAuditSealer } from "../../src/session/audit-sealer.ts"
import { verifyAudit } from "../../src/session/audit-verifier.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import { changeProfile, day, logIn, occasion, start, times } from "../../src/store/contract/store-case.ts"
import { migrateStore } from "../../src/store/migrate-store.ts"
import { openStore } from "../../src/store/open-store.ts"
import type { Store } from "../../src/store/store.ts"
import { copyStore } from "../../src/store/transfer/copy-store.ts"
import { openTransferSource, openTransferTarget } from "../../src/store/transfer/open-transfer.ts"
import { type TableShape, tables } from "../../src/store/transfer/tables.ts"
import {
  askMysql,
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-mysql-transfer-"))
const there = { mysql: await hasMysql(), postgres: await hasPostgres() }
beforeEach(context => need(context, there.mysql, mysqlNeed))
afterEach(dropMysql)
afterEach(dropPostgres)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A database with 2,500 people, one of each kind of thing among them, and what was answered of some. */
async function fill(url: string) {
  const store = await openStore(url)
  const outcomes = await times(2_500, index =>
    logIn(store, {
      openid: `person ${index} 😀`,
      ...(index % 3 === 0 ? { unionid: `union ${index}` } : {}),
      sessionKey: { sealed: `sealed'${index}\\`, fingerprint: `f${index}` },
    }),
  )
  const [first, second] = outcomes as [(typeof outcomes)[0], (typeof outcomes)[0]]
  await changeProfile(store, first.user.id, { nickname: "小明 😀 '\\\"", avatarUrl: null }, start + 1)
  await store.revokeSession(second.session.id, "logout", start + 2)
  const key = { status: "current" as const, publicJwk: "{}", sealedPrivateKey: "sealed", createdAt: start }
  await store.replaceSigningKeys([], [{ ...key, kid: "k1", statusSince: start }], occasion())
  await store.seeOnce("mark", start + day, start)
  await sealerOf(store).sealAll()
  const seen = await see(store)
  await store.close()
  return seen

  async function see(other: Store) {
    return {
      user: await other.findUser(first.user.id),
      session: await other.findSession(first.session.id),
      revoked: await other.findSession(second.session.id),
      keys: await other.findSessionKeys("wxsim0000000000001", "person 7 😀"),
      signing: await other.listSigningKeys(),
      revocations: (await other.revocationsSince("")).revocations,
      audit: await verifyAudit({ store: other, mac, clock: () => start + 1 }),
      seeAgain: see,
    }
  }
}

const mac = createAuditMac(createSecretRing(["5f3a9c1e7b2d4086-a1b2c3d4e5f60718-copy"]))
const log = { info() {}, warn() {}, error() {} }
const sealerOf = (store: Store) =>
  createAuditSealer({ store, mac, clock: () => start + 10, log, keepFor: 400 * day })

/** Copies until it is done, stopping after so many steps each time; answers how often it was begun. */
async function copy(from: string, to: string, steps: number): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const source = await openTransferSource(from)
    const target = await openTransferTarget(to)
    let asked = 0
    const stopped = () => {
      asked += 1
      return asked > steps
    }
    try {
      const outcome = await copyStore({
        source,
        target,
        sourceName: "source",
        clock: () => start,
        onProgress: () => {},
        stopped,
      })
      expect(outcome.different).toEqual([])
      if (outcome.finished) return tries
    } finally {
      await target.close()
      await source.close()
    }
  }
}

async function expectSame(url: string, { seeAgain, ...seen }: Awaited<ReturnType<typeof fill>>) {
  const store = await openStore(url)
  const { seeAgain: _, ...again } = await seeAgain(store)
  // 2,500 users with a session each, one ended, one changed, and the signing keys.
  expect(again.audit).toMatchObject({ ok: true, events: 5_003, blocks: 11 })
  expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(seen)))
  expect(await store.seeOnce("mark", start + day, start + 1)).toBe(false)
  // Whom it copied goes on there: the person is known, a new revocation comes behind the copied ones.
  const { cursor } = await store.revocationsSince("")
  const { isNew, session } = await logIn(store, { openid: "person 7 😀" })
  expect(isNew).toBe(false)
  await store.revokeSession(session.id, "logout", start + 3)
  expect((await store.revocationsSince(cursor)).revocations.map(({ sessionId }) => sessionId)).toEqual([
    session.id,
  ])
  await sealerOf(store).sealAll()
  expect(await verifyAudit({ store, mac, clock: () => start + 1 })).toMatchObject({ ok: true, events: 5_005 })
  await store.close()
}

test("everything goes from SQLite into MySQL, also when it is stopped on the way", {
  timeout: 60_000,
}, async () => {
  const from = `sqlite:${join(folder, "from.db")}`
  const seen = await fill(from)
  const to = await freshMysql()
  expect(await copy(from, to, 24)).toBeGreaterThan(1)
  await expectSame(to, seen)
  expect(await askMysql("SELECT CAST(name AS CHAR) AS name FROM denglu_copy", to)).toEqual([
    { name: "finished" },
  ])
})

test("everything goes from MySQL into PostgreSQL, and from there back", {
  timeout: 60_000,
}, async context => {
  need(context, there.postgres, postgresNeed)
  const from = await freshMysql()
  const seen = await fill(from)
  const between = await freshPostgres()
  await copy(from, between, Number.POSITIVE_INFINITY)
  const to = (await freshMysql()).replace(/^mysql:/, "mariadb:")
  await copy(between, to, Number.POSITIVE_INFINITY)
  await expectSame(to, seen)
})

test("the schema is brought up to date, or only looked at", async () => {
  const url = await freshMysql()
  expect(await migrateStore(url, true)).toMatchObject({ engine: "mysql", from: 0 })
  expect(await askMysql("SHOW TABLES", url)).toEqual([])
  const { to } = await migrateStore(url, false)
  expect(await migrateStore(url.replace(/^mysql:/, "mariadb:"), true)).toEqual({
    engine: "mysql",
    from: to,
    to,
  })
})

test("what goes wrong while copying is told without a row", async () => {
  await expect(openTransferTarget("mysql://root@127.0.0.1:1/x")).rejects.toMatchObject({
    code: "store_unavailable",
    message: "MySQL: no connection (ECONNREFUSED)",
  })
  const target = await openTransferTarget(await freshMysql())
  const row = { unionid: "secret".repeat(100), open_platform: "default", user_id: "u" }
  const unionids = tables.find(({ name }) => name === "unionids") as TableShape
  await target.begin("source")
  const written = target.write("source", unionids, [row], { cursor: undefined, copied: 1, done: true })
  await expect(written).rejects.toMatchObject({ message: "MySQL: error 1406 ER_DATA_TOO_LONG" })
  expect(JSON.stringify(await written.catch(error => error))).not.toContain("secret")
  expect(await target.count("unionids")).toBe(0)
  await target.close()
})
