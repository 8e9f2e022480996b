import { readFileSync } from "node:fs"
import { join } from "node:path"
import pg from "pg"
import { afterAll, expect, test } from "vitest"
import { openStore } from "../../packages/denglu/src/store/open-store.ts"
import { createBench, type Running } from "../../packages/denglu/test/cli/run-cli.ts"
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
} from "../../packages/denglu/test/support/engines.ts"
import { startHarness, type TokenAnswer } from "../../packages/denglu/test/support/harness.ts"
import { need } from "../../scripts/need.ts"
import { digestStore, type TableDigest } from "../support/digest-store.ts"
import { fillStore } from "../support/fill-store.ts"
import { campaign } from "../support/instances.ts"

const sessions = campaign(20_000, 1_000_000)
const patience = campaign(120_000, 3_600_000)
const secret = "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-copying"
/** At which part of all rows the copy is killed. */
const kills = [0.3, 0.65]

const bench = createBench()
afterAll(async () => {
  await bench.close()
  await dropPostgres()
  await dropMysql()
})

/** What a server on one SQLite file had, and had given out, before it was stopped. */
interface Before {
  readonly url: string
  readonly refreshTokens: readonly string[]
  readonly people: readonly TokenAnswer[]
  readonly tables: Readonly<Record<string, TableDigest>>
  readonly rows: number
}
let before: Promise<Before> | undefined

async function fill(): Promise<Before> {
  const url = `sqlite:${join(bench.folder(), "login.db")}`
  const server = await startHarness({ store: url, secret })
  const people = [await server.logIn("alice"), await server.logIn("bob"), await server.logIn("carol")]
  await server.close()
  const store = await openStore(url)
  const appids = [server.appid, "wxsim0000000000002"] as const
  const refreshTokens = await fillStore(store, { secret, appids, sessions, tokens: 100 })
  await store.close()
  const tables = await digestStore(url)
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  return { url, refreshTokens, people, tables, rows }
}

interface Progress {
  readonly name: string
  readonly copied: number
  readonly done: boolean
}

const progressText = "SELECT name, copied, done FROM denglu_copy"

async function postgresProgress(url: string): Promise<readonly Progress[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; copied: string; done: boolean }>(progressText)
    return rows.map(row => ({ ...row, copied: Number(row.copied) }))
  } finally {
    await client.end()
  }
}

async function mysqlProgress(url: string): Promise<readonly Progress[]> {
  const rows = await askMysql<{ name: Buffer; copied: number; done: number }[]>(progressText, url)
  return rows.map(({ name, copied, done }) => ({ name: String(name), copied, done: done === 1 }))
}

interface Engine {
  readonly name: string
  readonly there: () => Promise<boolean>
  /** What a machine without it lacks. */
  readonly what: string
  readonly fresh: () => Promise<string>
  readonly progress: (url: string) => Promise<readonly Progress[]>
}

const engines: readonly Engine[] = [
  {
    name: "PostgreSQL",
    there: hasPostgres,
    what: postgresNeed,
    fresh: freshPostgres,
    progress: postgresProgress,
  },
  { name: "MariaDB", there: hasMysql, what: mysqlNeed, fresh: freshMysql, progress: mysqlProgress },
]

for (const engine of engines)
  test(`${sessions} sessions go from SQLite into ${engine.name}: killed twice on the way, nothing is lost, nobody is logged out`, {
    timeout: patience,
  }, async context => {
    need(context, await engine.there(), engine.what)
    before ??= fill()
    await copyAndKill(engine, await before)
  })

async function copyAndKill({ name, fresh, progress }: Engine, source: Before): Promise<void> {
  const target = await fresh()
  /** How far the copy is; nothing before it has begun, and only that it is finished when it is over. */
  const look = () => progress(target).catch((): readonly Progress[] => [])
  const told: string[] = []
  let reached: readonly Progress[] = []

  for (const part of [...kills, undefined]) {
    const startedAt = performance.now()
    const copy = bench.start(["copy", "--from", source.url, "--to", "env:TARGET", "--json"], {
      cwd: bench.folder(),
      env: { TARGET: target },
    })
    const memory = watchMemory(copy)
    const firstBar = copy.printed(/copying +(\w+) \D*\d+ % +([\d,]+)\//)
    if (part !== undefined) {
      const isThere = async () => sumOf(await look()) >= source.rows * part
      await expect.poll(isThere, { timeout: patience, interval: 20 }).toBe(true)
      await copy.end("SIGKILL")
    }
    const { code, stdout } = await copy.ended
    const seconds = (performance.now() - startedAt) / 1_000
    told.push(`${seconds.toFixed(1)} s, ${memory()} MB`)
    expectToGoOn(await firstBar, reached)
    if (part === undefined) {
      const outcome = JSON.parse(stdout)
      expect([code, outcome]).toMatchObject([0, { finished: true, different: [], rows: source.rows }])
      expect(outcome.resumed).toBeGreaterThanOrEqual(sumOf(reached))
    } else {
      expect(code).toBe(null)
      reached = await look()
      expect(sumOf(reached)).toBeLessThan(source.rows)
      told.push(`killed at ${sumOf(reached)}`)
    }
  }
  console.log(`${sessions} sessions, ${source.rows} rows, into ${name}: ${told.join("; ")}`)
  expect(await digestStore(target)).toEqual(source.tables)
  expect(await look()).toEqual([{ name: "finished", copied: source.rows, done: true }])
  await expectNobodyLoggedOut(target, source)
}

const sumOf = (all: readonly Progress[]) => all.reduce((sum, { copied }) => sum + copied, 0)

/** The first bar a copy shows begins where the one before was killed. */
function expectToGoOn([, table, done = ""]: RegExpExecArray, reached: readonly Progress[]): void {
  const stood = reached.find(one => one.copied > 0 && !one.done)
  if (stood === undefined) return
  expect(table).toBe(stood.name)
  expect(Number(done.replaceAll(",", ""))).toBeGreaterThanOrEqual(stood.copied)
}

async function expectNobodyLoggedOut(store: string, { people, refreshTokens }: Before): Promise<void> {
  const server = await startHarness({ store, secret })
  for (const { access_token: token, user } of people) {
    const me = await server.send("GET", "/me", { token })
    expect([me.status, me.body.id]).toEqual([200, user.id])
  }
  for (const refresh_token of [...people.map(person => person.refresh_token), ...refreshTokens])
    expect((await server.send("POST", "/refresh", { body: { refresh_token } })).status).toBe(200)
  await server.close()
}

/** Answers how much memory (MB) the process has had at most; nothing where there is no /proc. */
function watchMemory(running: Running): () => string {
  let most = "?"
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${running.process.pid}/status`, "utf8")
      const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(status) ?? []
      if (kilobytes !== undefined) most = (Number(kilobytes) / 1_024).toFixed(0)
    } catch {
      // It has ended.
    }
  }, 50)
  void running.ended.then(() => clearInterval(timer))
  return () => most
}
