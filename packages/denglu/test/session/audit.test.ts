import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, describe, expect, type TestContext, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { type AuditMac, createAuditMac } from "../../src/session/audit-mac.ts"
import { createAuditSealer } from "../../src/session/audit-sealer.ts"
import { type AuditHead, verifyAudit } from "../../src/session/audit-verifier.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import { buildBlock, readList } from "../../src/store/audit-chain.ts"
import type { AuditBlock, AuditRecord } from "../../src/store/audit-store.ts"
import { day, logIn, minute, start } from "../../src/store/contract/store-case.ts"
import { openStore } from "../../src/store/open-store.ts"
import type { Store } from "../../src/store/store.ts"
import { dropMysql, dropPostgres } from "../support/engines.ts"
import { tamperedEngines } from "../support/tampering.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-audit-"))
afterEach(dropPostgres)
afterEach(dropMysql)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const macOf = (...secrets: readonly string[]) => createAuditMac(createSecretRing(secrets))
const [secret, newSecret, foreignSecret] = [
  "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-audit",
  "07d94b1f26e8a35c-9e8d7c6b5a493827-newer",
  "b83e6f0a1c5d2947-13579bdf02468ace-other",
]
const ours = macOf(secret)

function sealerOf(store: Store, now: number, mac: AuditMac = ours, logged: string[] = []) {
  const note = (_facts: object, message: string) => void logged.push(message)
  return createAuditSealer({
    store,
    mac,
    clock: () => now,
    log: { info: note, warn: note, error: note },
    keepFor: 400 * day,
  })
}

const verify = (store: Store, given: { expect?: AuditHead; mac?: AuditMac; now?: number } = {}) =>
  verifyAudit({
    store,
    mac: given.mac ?? ours,
    clock: () => given.now ?? start + day,
    expect: given.expect,
  })

/** Three blocks: Alice logs in, Bob logs in, Alice logs out. */
async function fill(store: Store) {
  const alice = await logIn(store, { openid: "alice", sessionId: "alices-session" })
  await sealerOf(store, start).sealAll()
  const bob = await logIn(store, { openid: "bob", now: start + minute, sessionId: "bobs-session" })
  await sealerOf(store, start + minute).sealAll()
  await store.revokeSession(alice.session.id, "revoked_by_operator", start + 2 * minute)
  await sealerOf(store, start + 2 * minute).sealAll()
  const head = (await store.findLastAuditBlock()) as AuditBlock
  return { alice, bob, head: { n: head.n, hash: head.hash } }
}

/** A sealer that has been at work for a day. */
async function running(store: Store) {
  let now = start + 2 * minute
  const sealer = createAuditSealer({
    store,
    mac: ours,
    clock: () => now,
    log: { info() {}, warn() {}, error() {} },
    keepFor: 400 * day,
  })
  await sealer.seal()
  now = start + day
  return sealer
}

/** Makes all blocks from the `from`th on anew over what is in the database now: what somebody can do who has the database only. */
async function remake(store: Store, from: number, mac: AuditMac): Promise<string[]> {
  const statements: string[] = []
  let previous: AuditBlock | undefined
  for (const block of await store.listAuditBlocks(0, 100)) {
    if (block.n < from) {
      previous = block
      continue
    }
    const listed = await Promise.all(readList(block.events).map(key => store.findAuditEvent(key)))
    const records = listed.filter(record => record !== undefined) as AuditRecord[]
    previous = buildBlock(previous, records, block.reached, { now: block.at, sign: mac.sign })
    const { events, digest, previousHash, hash, mac: made, count } = previous
    statements.push(
      `UPDATE denglu_audit_blocks SET events = '${events}', digest = '${digest}', previous_hash = '${previousHash}',
        hash = '${hash}', mac = '${made}', count = ${count} WHERE n = ${block.n}`,
    )
  }
  return statements
}

describe.each(tamperedEngines)("the audit in $name", ({ there, what, fresh, tamper }) => {
  async function opened(context: TestContext) {
    need(context, await there(), what)
    const url = await fresh(folder)
    const store = await openStore(url)
    const change = async (...texts: readonly string[]) => {
      for (const text of texts) await tamper(url, text)
    }
    return { url, store, change, ...(await fill(store)) }
  }

  test("as it was written it is good, and says how much there is", async context => {
    const { store, head } = await opened(context)
    expect(await verify(store, { expect: head })).toEqual({
      ok: true,
      fault: undefined,
      blocks: 3,
      events: 5,
      head,
      dropped: undefined,
      unchecked: 0,
      late: 0,
      waiting: 0,
    })
    await logIn(store, { now: start + day - minute })
    expect(await verify(store)).toMatchObject({ ok: true, events: 5, waiting: 2 })
    await store.close()
  })

  test("an event that was changed is named", async context => {
    const { store, change, alice } = await opened(context)
    const key = { userId: alice.user.id, at: start + 2 * minute, id: "alices-session:ended" }
    for (const set of [
      "actor = 'user'",
      `detail = '{"reason":"logout"}'`,
      "detail = NULL",
      "session_id = 'bobs-session'",
      "appid = NULL",
      "type = 'session.opened'",
    ]) {
      const [kept] = [await store.findAuditEvent(key)]
      await change(`UPDATE denglu_audit SET ${set} WHERE id = 'alices-session:ended'`)
      expect((await verify(store)).fault, set).toEqual({ kind: "event_changed", n: 3, event: key })
      await change(
        `UPDATE denglu_audit SET actor = '${kept?.actor}', detail = '${kept?.detail}', type = '${kept?.type}',
          session_id = '${kept?.sessionId}', appid = '${kept?.appid}' WHERE id = 'alices-session:ended'`,
      )
      expect((await verify(store)).ok).toBe(true)
    }
    await store.close()
  })

  test("an event that was removed, moved to another time or user, or swapped with another is named", async context => {
    const { store, change, alice, bob } = await opened(context)
    const key = { userId: bob.user.id, at: start + minute, id: "bobs-session:opened" }
    const fault = { kind: "event_missing", n: 2, event: key }
    await change("UPDATE denglu_audit SET at = at - 1 WHERE id = 'bobs-session:opened'")
    expect((await verify(store)).fault).toEqual(fault)
    await change("UPDATE denglu_audit SET at = at + 1 WHERE id = 'bobs-session:opened'")
    expect((await verify(store)).ok).toBe(true)
    const move = (from: string, to: string) =>
      change(`UPDATE denglu_audit SET user_id = '${to}' WHERE user_id = '${from}'`)
    await move(bob.user.id, "x")
    await move(alice.user.id, bob.user.id)
    await move("x", alice.user.id)
    expect((await verify(store)).fault).toMatchObject({ kind: "event_missing", n: 1 })
    await move(bob.user.id, "x")
    await move(alice.user.id, bob.user.id)
    await move("x", alice.user.id)
    expect((await verify(store)).ok).toBe(true)
    await change("DELETE FROM denglu_audit WHERE id = 'bobs-session:opened'")
    expect((await verify(store)).fault).toEqual(fault)
    await store.close()
  })

  test("an event that was slipped in between is named, and one that nobody has sealed", async context => {
    const { store, change, alice } = await opened(context)
    const insert = (at: number) =>
      change(
        `INSERT INTO denglu_audit (user_id, at, id, type, actor) VALUES ('${alice.user.id}', ${at}, 'forged', 'user.updated', 'user')`,
      )
    const sealer = await running(store)
    await insert(start + minute)
    const event = { userId: alice.user.id, at: start + minute, id: "forged" }
    expect((await verify(store)).fault).toEqual({ kind: "event_slipped_in", n: undefined, event })
    // Nor does a sealer that runs take it for one that is merely late.
    await sealer.sealAll()
    expect((await verify(store)).fault).toEqual({ kind: "event_slipped_in", n: undefined, event })
    await change("DELETE FROM denglu_audit WHERE id = 'forged'")
    await insert(start + 3 * minute)
    expect((await verify(store)).fault).toMatchObject({ kind: "event_unsealed", event: { id: "forged" } })
    expect(await verify(store, { now: start + 4 * minute })).toMatchObject({ ok: true, waiting: 1 })
    await store.close()
  })

  test("what came late when the last server was killed is sealed by the next, and told", async context => {
    const { store } = await opened(context)
    await logIn(store, { now: start + minute })
    expect((await verify(store)).fault).toMatchObject({ kind: "event_slipped_in" })
    await sealerOf(store, start + day).sealAll()
    expect(await verify(store)).toMatchObject({ ok: true, events: 7, late: 2 })
    await store.close()
  })

  test("a block that was changed, replaced, removed or emptied is named", async context => {
    const { store, change } = await opened(context)
    const [, second] = await store.listAuditBlocks(0, 3)
    const restore = `UPDATE denglu_audit_blocks SET at = ${second?.at}, first_at = ${second?.firstAt}, count = ${second?.count},
      events = '${second?.events}', digest = '${second?.digest}', reached = '${JSON.stringify(Object.values(second?.reached ?? {}))}',
      previous_hash = '${second?.previousHash}', hash = '${second?.hash}', mac = '${second?.mac}' WHERE n = 2`
    for (const [set, kind] of [
      ["at = at + 1", "block_changed"],
      ["first_at = first_at + 1", "block_changed"],
      ["count = count + 1", "block_changed"],
      ["events = '[]'", "block_changed"],
      ["events = 'x'", "block_changed"],
      ["events = ''", "block_missing"],
      ["digest = 'x'", "block_changed"],
      [`reached = '["",0,""]'`, "block_changed"],
      ["previous_hash = ''", "block_changed"],
      ["hash = 'x'", "block_changed"],
      ["mac = ''", "block_forged"],
      [`mac = '${macOf(foreignSecret).sign(second?.hash ?? "")}.'`, "block_forged"],
      [`mac = '${second?.mac.slice(0, 9)}${"A".repeat(43)}'`, "block_forged"],
    ]) {
      await change(`UPDATE denglu_audit_blocks SET ${set} WHERE n = 2`)
      expect((await verify(store)).fault, set).toEqual({ kind, n: 2, event: undefined })
      await change(restore)
      expect((await verify(store)).ok, set).toBe(true)
    }
    await change("DELETE FROM denglu_audit_blocks WHERE n = 2")
    expect((await verify(store)).fault).toMatchObject({ kind: "block_missing", n: 2 })
    await change("DELETE FROM denglu_audit_blocks WHERE n = 1")
    expect((await verify(store)).fault).toMatchObject({ kind: "block_missing", n: 1 })
    await store.close()
  })

  test("an end that was cut off, events and all, is found by the head that was kept elsewhere", async context => {
    const { store, change, head } = await opened(context)
    await change(
      "DELETE FROM denglu_audit_blocks WHERE n = 3",
      "DELETE FROM denglu_audit WHERE id = 'alices-session:ended'",
    )
    expect((await verify(store)).ok).toBe(true)
    expect((await verify(store, { expect: head })).fault).toMatchObject({ kind: "head_missing", n: 3 })
    await logIn(store, { now: start + 2 * minute })
    await sealerOf(store, start + 2 * minute).sealAll()
    expect((await verify(store, { expect: head })).fault).toMatchObject({ kind: "head_differs", n: 3 })
    await store.close()
  })

  test("a chain that was made anew without the secret is found out, and nothing is built on it", async context => {
    const { store, change, head } = await opened(context)
    await change("DELETE FROM denglu_audit WHERE id = 'bobs-session:opened'")
    // The list alone, so that it fits what is there.
    const [list] = await remake(store, 2, ours)
    await change(String(list).replace(/, digest = .*WHERE/s, ", count = 1 WHERE"))
    expect((await verify(store)).fault).toMatchObject({ kind: "block_changed", n: 2 })
    // The whole rest, with macs that look like ours.
    const id = ours.sign("").slice(0, 9)
    const foreign = macOf(foreignSecret)
    const posing = { ...foreign, sign: (hash: string) => id + foreign.sign(hash).slice(9) }
    await change(...(await remake(store, 2, posing)))
    expect((await verify(store)).fault).toMatchObject({ kind: "block_forged", n: 2 })
    await logIn(store, { now: start + 5 * minute })
    await expect(sealerOf(store, start + 5 * minute).sealAll()).rejects.toThrow(
      /block 3 .* not made with our secret/,
    )
    expect((await store.findLastAuditBlock())?.n).toBe(3)
    // With macs of a secret that nobody knows: it is said of how many blocks that is so, and the head tells the rest.
    await change(
      `DELETE FROM denglu_audit WHERE at > ${start + 4 * minute}`,
      ...(await remake(store, 2, foreign)),
    )
    expect(await verify(store)).toMatchObject({ ok: true, unchecked: 2 })
    expect((await verify(store, { expect: head })).fault).toMatchObject({ kind: "head_differs", n: 3 })
    const logged: string[] = []
    await logIn(store, { now: start + 5 * minute })
    await sealerOf(store, start + 5 * minute, ours, logged).sealAll()
    expect(logged).toEqual([expect.stringMatching(/secret is not in the list any more/)])
    await store.close()
  })

  test("a block whose hash does not fit is not built on", async context => {
    const { store, change } = await opened(context)
    await change("UPDATE denglu_audit_blocks SET count = 7 WHERE n = 3")
    await logIn(store, { now: start + 5 * minute })
    await expect(sealerOf(store, start + 5 * minute).sealAll()).rejects.toThrow(
      /block 3 .* not as it was made/,
    )
    await store.close()
  })

  test("with several secrets the first makes and all verify, and it is said when one is gone", async context => {
    const { store } = await opened(context)
    const both = macOf(newSecret, secret)
    await logIn(store, { now: start + 3 * minute })
    await sealerOf(store, start + 3 * minute, both).sealAll()
    expect(await verify(store, { mac: both })).toMatchObject({ ok: true, blocks: 4, unchecked: 0 })
    expect(await verify(store, { mac: macOf(newSecret) })).toMatchObject({ ok: true, unchecked: 3 })
    expect(await verify(store, { mac: ours })).toMatchObject({ ok: true, unchecked: 1 })
    await store.close()
  })

  test("what was kept long enough is dropped, and what is left is good and says so", async context => {
    const { store, change, head } = await opened(context)
    await sealerOf(store, start + 400 * day + minute + 1).drop()
    const now = start + 401 * day
    expect(await verify(store, { expect: head, now })).toMatchObject({
      ok: true,
      blocks: 1,
      events: 1,
      dropped: { n: 2, lastAt: start + minute },
      head,
    })
    // Who says that less was dropped, or that it was older, is found out: the anchor has a mac.
    await change("UPDATE denglu_audit_blocks SET last_at = last_at - 1 WHERE n = 2")
    expect((await verify(store, { now })).fault).toMatchObject({ kind: "block_changed", n: 2 })
    await change("DELETE FROM denglu_audit_blocks WHERE n = 2")
    expect((await verify(store, { now })).fault).toMatchObject({ kind: "block_missing", n: 1 })
    await store.close()
  })

  test("two who seal while people log in, log out and somebody verifies leave one good chain", {
    timeout: 60_000,
  }, async context => {
    const { url, store } = await opened(context)
    const other = url.startsWith("sqlite") ? store : await openStore(url)
    let over = false
    let now = start + 10 * minute
    const until = async (work: () => Promise<unknown>) => {
      while (!over) {
        await work()
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    const people = async (which: Store) => {
      for (let round = 0; round < 20; round += 1) {
        now += 1
        const ends = await Promise.all(
          Array.from({ length: 20 }, (_, index) => logIn(which, { openid: `person ${index}`, now })),
        )
        await Promise.all(ends.slice(5).map(({ session }) => which.revokeSession(session.id, "logout", now)))
      }
    }
    const helpers = [
      until(() => sealerOf(store, now).sealAll()),
      until(() => sealerOf(other, now).sealAll()),
      until(async () => expect((await verify(store, { now })).fault).toBe(undefined)),
    ]
    await Promise.all([people(store), people(other)])
    over = true
    await Promise.all(helpers)
    await sealerOf(store, now).sealAll()
    const verdict = await verify(store)
    expect(verdict).toMatchObject({ ok: true, waiting: 0 })
    // Two logins of twenty each round, three in four of them ended; twenty people; and what was there.
    expect(verdict.events).toBe(2 * 20 * (20 + 15) + 20 + 5)
    if (other !== store) await other.close()
    await store.close()
  })
})
