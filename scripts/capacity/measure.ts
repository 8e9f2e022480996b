import { cpus, release } from "node:os"
import { createSimulator } from "@denglu/simulator"
import { createLogin } from "denglu"
import { busySeconds, treeSeconds } from "../../bench/src/measure/cpu.ts"
import { startPostgres } from "../../bench/src/measure/postgres.ts"
import { createRandomBytes, newId } from "../../packages/denglu/src/random.ts"
import { createAuditMac } from "../../packages/denglu/src/session/audit-mac.ts"
import { createAuditSealer } from "../../packages/denglu/src/session/audit-sealer.ts"
import { createSealer, sessionKeyBinding } from "../../packages/denglu/src/session/sealer.ts"
import { createSecretRing } from "../../packages/denglu/src/session/secret-ring.ts"
import { openPostgresStore } from "../../packages/denglu/src/store/postgres.ts"
import type { LogInEntry, Store } from "../../packages/denglu/src/store/store.ts"

const day = 86_400_000
const people = 60_000
const sessionsPerPerson = 3
/** So many in one statement. */
const gathered = 32
const many = gathered * 640
const few = 2_000
/** Cores that other programs may use while CPU is measured: they cost us caches and so inflate it. */
const mostForeign = 0.1

const random = createRandomBytes()
const secret = Buffer.from(random(32)).toString("base64")
const ring = createSecretRing([secret])
const sealer = createSealer(ring, random)
const userAgent =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x1800323b) NetType/WIFI Language/zh_CN"

/**
 * Measures what the bench does not, in a PostgreSQL of its own: a minute on two cores. Answers the content of `docs/measured-more.json`; CPU is
 * missing there where the machine was not left alone.
 */
export async function measureMore(say: (line: string) => void): Promise<string> {
  // No checkpoint and no vacuum but those asked for here: they would be counted as somebody's.
  const postgres = await startPostgres(["autovacuum=off", "max_wal_size=32GB", "checkpoint_timeout=1h"])
  const figures: Record<string, { readonly value: number; readonly unit: string }> = {}
  const keep = (name: string, value: number | undefined, unit: string) => {
    if (value === undefined) return say(`${name}: left out, other programs were busy`)
    figures[name] = { value: Number(value.toPrecision(3)), unit }
    say(`${name}: ${figures[name].value} ${unit}`)
  }
  try {
    postgres.create("capacity")
    const ask = (sql: string) => postgres.ask("capacity", sql)
    const open = (groupCommit: number) =>
      openPostgresStore({ url: postgres.url("capacity"), groupCommit, lanes: 1, connections: 2 })
    const walPosition = () => Number(ask("SELECT pg_current_wal_insert_lsn() - '0/0'"))
    const walOf = async (count: number, work: (index: number) => Promise<unknown>) => {
      const before = walPosition()
      await each(count, gathered, work)
      await sealAudit(together)
      return (walPosition() - before) / count
    }
    const cpuOf = (count: number, work: (index: number) => Promise<unknown>) =>
      cpuMicros([postgres.pid], count, () => each(count, 1, work))

    let together = await open(gathered)
    say(`logging ${people} people in, ${sessionsPerPerson} times each …`)
    for (let turn = 0; turn < sessionsPerPerson; turn += 1)
      await each(people, 1_024, person => together.logIn(entryOf(person)))

    await sealAudit(together)
    keep(
      "auditEventBytesPostgres",
      Number(
        ask(
          "SELECT (pg_total_relation_size('denglu_audit') + pg_total_relation_size('denglu_audit_blocks')) / count(*)::float8 FROM denglu_audit",
        ),
      ),
      "B",
    )

    const logIn = (store: Store) => () => store.logIn(entryOf(Math.floor(Math.random() * people)))
    const someSessions = (count: number) =>
      ask(
        `SELECT id FROM denglu_sessions WHERE counter = 0 ORDER BY md5(id || '${Math.random()}') LIMIT ${count}`,
      ).split("\n")
    const refresh = (store: Store, ids: readonly string[]) => (index: number) =>
      store.rotateSession({
        id: ids[index] as string,
        counter: 0,
        now: Date.now(),
        grace: 30_000,
        idle: 30 * day,
      })

    keep("loginWal", await walOf(many, logIn(together)), "B")
    keep("refreshWal", await walOf(many, refresh(together, someSessions(many))), "B")
    ask("CHECKPOINT")
    keep("loginWalAfterCheckpoint", await walOf(few, logIn(together)), "B")
    const rested = someSessions(few)
    ask("CHECKPOINT")
    keep("refreshWalAfterCheckpoint", await walOf(few, refresh(together, rested)), "B")
    await together.close()

    together = await open(1)
    keep("loginDatabaseCpuAlone", await cpuOf(few * 2, logIn(together)), "µs")
    keep("refreshDatabaseCpuAlone", await cpuOf(few * 2, refresh(together, someSessions(few * 2))), "µs")
    await together.close()
    keep("firstCheckCpu", await firstCheck(), "µs")
    const about = {
      source: "npm run capacity -- --measure",
      date: new Date().toISOString(),
      machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
      system: `Linux ${release()}`,
      node: process.versions.node,
      postgres: postgres.version,
    }
    return `${JSON.stringify({ ...about, figures }, undefined, 2)}\n`
  } finally {
    await postgres.stop()
  }
}

/** Puts what was recorded into blocks, as every instance does. */
async function sealAudit(store: Store): Promise<void> {
  const mac = createAuditMac(ring)
  const log = { info() {}, warn() {}, error() {} }
  await createAuditSealer({ store, mac, clock: Date.now, log, keepFor: 400 * day }).sealAll()
}

/** CPU (µs) that these processes use for one of so many; `undefined` where others were busy meanwhile. */
async function cpuMicros(
  pids: readonly number[],
  count: number,
  work: () => Promise<unknown>,
): Promise<number | undefined> {
  const ours = [...pids, process.pid]
  const look = () => ({
    all: busySeconds(),
    own: treeSeconds(ours),
    measured: treeSeconds(pids),
    at: performance.now(),
  })
  const before = look()
  await work()
  const after = look()
  const foreign = after.all - before.all - (after.own - before.own)
  if (foreign / ((after.at - before.at) / 1000) > mostForeign) return undefined
  return ((after.measured - before.measured) * 1e6) / count
}

/** A login of a person who is known from the first one on, each time with another `session_key`: the most there can be to write. */
function entryOf(person: number): LogInEntry {
  const openid = `oCapacity${String(person).padStart(19, "0")}`
  const key = Buffer.from(random(16)).toString("base64")
  const now = Date.now()
  const appid = "wx0123456789abcdef"
  return {
    now,
    appid,
    openid,
    unionid: `uCapacity${String(person).padStart(19, "0")}`,
    openPlatform: "default",
    sessionKey: {
      sealed: sealer.seal(sessionKeyBinding(appid, openid), key),
      fingerprint: sealer.fingerprint(key),
    },
    newUserId: newId(random),
    session: {
      id: newId(random),
      idleExpiresAt: now + 30 * day,
      absoluteExpiresAt: now + 180 * day,
      userAgent,
    },
  }
}

async function each(count: number, atOnce: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  async function one(): Promise<void> {
    while (next < count) {
      next += 1
      await work(next - 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

/** What an access token costs (µs) that this process has not seen yet. */
async function firstCheck(): Promise<number | undefined> {
  const simulator = createSimulator()
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  const login = await createLogin({
    apps: [{ appid: app.appid, secret: app.secret }],
    store: "memory:",
    secret,
    rememberTokens: 0,
    limits: false,
    wechat: { simulator: "http://127.0.0.1:3001", fetch: request => simulator.fetch(request) },
  })
  const tokens: string[] = []
  for (let person = 0; person < few; person += 1) {
    const code = simulator.issueCode({ appid: app.appid, user: `person-${person}` })
    const body = JSON.stringify({ code })
    const answer = await login.fetch(new Request("http://login.test/login", { method: "POST", body }))
    tokens.push(((await answer.json()) as { access_token: string }).access_token)
  }
  const checkAll = async () => {
    for (const token of tokens) await login.verify(token)
  }
  await checkAll()
  const micros = await cpuMicros([process.pid], tokens.length * 5, async () => {
    for (let turn = 0; turn < 5; turn += 1) await checkAll()
  })
  await login.close()
  return micros
}
