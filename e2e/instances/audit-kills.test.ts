import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, expect, test } from "vitest"
import { createAuditMac } from "../../packages/denglu/src/session/audit-mac.ts"
import { verifyAudit } from "../../packages/denglu/src/session/audit-verifier.ts"
import { createSecretRing } from "../../packages/denglu/src/session/secret-ring.ts"
import type { AuditRecord } from "../../packages/denglu/src/store/audit-store.ts"
import { openStore } from "../../packages/denglu/src/store/open-store.ts"
import type { Store } from "../../packages/denglu/src/store/store.ts"
import { dropMysql, dropPostgres } from "../../packages/denglu/test/support/engines.ts"
import { tamperedEngines } from "../../packages/denglu/test/support/tampering.ts"
import { need } from "../../scripts/need.ts"
import { seeded, startChild } from "../support/child.ts"
import { campaign, type Instances, instancesSecret, post, startInstances } from "../support/instances.ts"

const kills = campaign(2, 40)
/** Of the sealer for each kill of an instance. */
const sealerKills = 2
const clients = 12
const folder = mkdtempSync(join(tmpdir(), "denglu-audit-kills-"))
let instances: Instances | undefined
async function close(): Promise<void> {
  await instances?.close()
  instances = undefined
}
afterEach(async () => {
  await close()
  await dropPostgres()
  await dropMysql()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

for (const { name, there, what, fresh } of tamperedEngines)
  test(`${name}: instances and the sealer of the audit are killed, and every change that was acknowledged has one event in an unbroken chain`, {
    timeout: 1_800_000,
  }, async context => {
    need(context, await there(), what)
    const store = await fresh(folder)
    // A file has one server at a time.
    instances = await startInstances({ store, count: name === "SQLite" ? 1 : 2 })
    await killAllTheTime(name, store, instances)
  })

/** What was acknowledged, as `TYPE USER-OR-SESSION`, and how often. What was cut off may have happened too. */
interface Told {
  readonly acknowledged: Map<string, number>
  readonly cutOff: Map<string, number>
}

async function killAllTheTime(name: string, url: string, instances: Instances): Promise<void> {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  const told: Told = { acknowledged: new Map(), cutOff: new Map() }
  let over = false
  const person = async (index: number) => {
    while (!over) await liveALittle(instances, `person ${index}`, index, told).catch(() => pause(20))
  }
  const kill = async () => {
    for (let count = 0; count < kills; count += 1) {
      for (let sealers = 0; sealers < sealerKills; sealers += 1) {
        const sealer = startChild("audit-sealer.ts", [
          JSON.stringify({ store: url, secret: instancesSecret }),
        ])
        await sealer.printed(/sealing/)
        await pause(random() * 600)
        expect((await sealer.end("SIGKILL"))[1]).toBe("SIGKILL")
      }
      await instances.replace(count % instances.ports.length, "SIGKILL")
    }
    over = true
  }
  await Promise.all([kill(), ...Array.from({ length: clients }, (_, index) => person(index))])
  const running = instances.running()
  // What is left is sealed by whoever ends last.
  await close()

  const store = await openStore(url, { role: "guest" })
  const verdict = await verifyAudit({
    store,
    mac: createAuditMac(createSecretRing([instancesSecret])),
    clock: Date.now,
    expect: undefined,
  })
  const events = await allEvents(store)
  await store.close()
  const count = (counts: Map<string, number>) => [...counts.values()].reduce((sum, times) => sum + times, 0)
  console.log(
    `${name}, seed ${seed}: ${count(told.acknowledged)} changes acknowledged, ${count(told.cutOff)} cut off, ${kills} kills of instances, ` +
      `${kills * sealerKills} of the sealer; ${verdict.events} events in ${verdict.blocks} blocks, ${verdict.late} of them late`,
  )
  expect(running).toBe(true)
  expect(verdict).toMatchObject({ ok: true, fault: undefined, waiting: 0, events: events.length })
  expect(missingOrDoubled(told, events)).toEqual([])
  expect(count(told.acknowledged)).toBeGreaterThan(kills * 10)
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Logs in, changes the nickname, and logs out, or deletes the account and comes back. */
async function liveALittle(instances: Instances, person: string, index: number, told: Told): Promise<void> {
  const at = (path: string) => `http://127.0.0.1:${instances.ports[index % instances.ports.length]}${path}`
  const change = async (what: readonly string[], path: string, body: object, token?: string) => {
    const count = (counts: Map<string, number>, event: string) =>
      counts.set(event, (counts.get(event) ?? 0) + 1)
    const reply = await post(at(path), body, token).catch(() => undefined)
    if (reply?.status !== 200) {
      // Whether it was done nobody knows; an account that was deleted is brought back by the next login.
      const restored = what.filter(event => event.startsWith("user.leaving"))
      for (const event of [...what, ...restored.map(event => event.replace("leaving", "restored"))])
        count(told.cutOff, event)
      throw new Error(`${path} was cut off`)
    }
    const { session_id: session, user } = reply.body
    for (const event of what) count(told.acknowledged, event)
    if (path === "/login") count(told.acknowledged, `session.opened ${session}`)
    if (user?.is_new) count(told.acknowledged, `user.created ${user.id}`)
    return reply.body
  }
  const {
    access_token: token,
    user,
    session_id: session,
  } = await change([], "/login", {
    code: instances.code(person),
    restore: true,
  })
  await change([`user.updated ${user.id}`], "/me", { nickname: `now ${Date.now()}` }, token)
  if (index % 3 > 0) return void (await change([`session.ended ${session}`], "/logout", {}, token))
  const code = instances.code(person)
  await change([`user.leaving ${user.id}`, `session.ended ${session}`], "/me/delete", { code }, token)
  await change([`user.restored ${user.id}`], "/login", { code: instances.code(person), restore: true })
}

/** Events that are fewer than were acknowledged, or more than could have happened. */
function missingOrDoubled({ acknowledged, cutOff }: Told, events: readonly AuditRecord[]): readonly string[] {
  const written = new Map<string, number>()
  for (const { type, userId, sessionId } of events) {
    const key = `${type} ${type.startsWith("session.") ? sessionId : userId}`
    written.set(key, (written.get(key) ?? 0) + 1)
  }
  const once = [...written].filter(([key, times]) => /^(session|user\.created)/.test(key) && times > 1)
  const wrong = [...acknowledged].filter(([key, times]) => {
    const there = written.get(key) ?? 0
    return there < times || there > times + (cutOff.get(key) ?? 0)
  })
  return [...once, ...wrong].map(
    ([key]) => `${key}: ${written.get(key) ?? 0}, acknowledged ${acknowledged.get(key)}`,
  )
}

async function allEvents(store: Store): Promise<AuditRecord[]> {
  const events: AuditRecord[] = []
  for (;;) {
    const page = await store.readAuditEvents(events.at(-1), 1_000)
    events.push(...page)
    if (page.length < 1_000) return events
  }
}
