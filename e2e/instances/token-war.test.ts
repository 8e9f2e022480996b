import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { type StartedSimulator, startSimulator } from "@denglu/simulator"
import { afterAll, afterEach, expect, test } from "vitest"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../../packages/denglu/test/support/engines.ts"
import { need } from "../../scripts/need.ts"
import { type Child, startChild } from "../support/child.ts"
import { campaign, post } from "../support/instances.ts"
import type { Done, Work } from "../support/token-worker.ts"

const processes = campaign(3, 8)
const calls = campaign(600, 10_000)
const rounds = 10
const hour = 3_600_000
const folder = mkdtempSync(join(tmpdir(), "denglu-token-war-"))

let simulator: StartedSimulator
let children: Child[] = []
afterEach(async () => {
  await Promise.all(children.map(child => child.end("SIGTERM")))
  children = []
  await simulator.close()
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
  rmSync(folder, { recursive: true, force: true })
})

async function startWorkers(store: string): Promise<readonly string[]> {
  const [app] = simulator.simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  const options = {
    store,
    apps: [{ appid: app.appid, secret: app.secret }],
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-token-war",
    wechat: { simulator: simulator.url },
  }
  const start = async (guest = false) => {
    const child = startChild("token-worker.ts", [JSON.stringify({ ...options, guest })])
    children.push(child)
    return `http://127.0.0.1:${(await child.printed(/listening (\d+)/))[1]}`
  }
  // The first makes the tables.
  const first = await start()
  const isFile = store.startsWith("sqlite:")
  return [first, ...(await Promise.all(Array.from({ length: processes - 1 }, () => start(isFile))))]
}

/** Another program of the same company: it ends the token that everybody has, in the midst of the work. */
async function rival(): Promise<void> {
  const [app] = simulator.simulator.state().apps
  const body = {
    grant_type: "client_credential",
    appid: app?.appid,
    secret: app?.secret,
    force_refresh: true,
  }
  const { body: got } = await post(`${simulator.url}/cgi-bin/stable_token`, body)
  expect(got.access_token).toBeDefined()
}

async function war(engine: string, store: string): Promise<void> {
  simulator = await startSimulator({ port: 0 })
  const urls = await startWorkers(store)
  const code = simulator.simulator.issueCode({ user: "alice" })
  const { body } = await post(`${urls[0]}/login`, { code })
  let ahead = 0
  let done = 0
  let fetched = 0
  const failed: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const work: Work = { calls: calls / rounds / processes, userId: body.user.id, ahead }
    const working = Promise.all(urls.map(url => post(`${url}/work`, work, undefined, 120_000)))
    if (round % 2 === 1) {
      await pause(20)
      await rival()
    }
    const answers = (await working).map(answer => answer.body as Done)
    done += answers.reduce((sum, answer) => sum + answer.done, 0)
    failed.push(...answers.flatMap(answer => answer.failed))
    fetched = answers.reduce((sum, answer) => sum + answer.fetched, 0)
    // By turns all tokens come to their end, or another may be ended by force again.
    const passes = round % 2 === 1 ? 2 * hour : 60_000
    ahead += passes
    simulator.simulator.clock.advance(passes)
  }
  console.log(
    `${engine}: ${done} calls by ${processes} processes, ${fetched} tokens fetched in ${rounds} renewals`,
  )
  expect([failed, done]).toEqual([[], calls])
  // One for each that has ended: five by their time, the first included, and five by the rival.
  expect(fetched).toBeLessThanOrEqual(rounds)
  expect(fetched).toBeGreaterThanOrEqual(rounds / 2)
}

const promise = `${processes} processes, ${calls} calls with a token that ends and is ended by a rival: none fails, one fetches for all`
const timeout = 600_000

test(`PostgreSQL: ${promise}`, { timeout }, async context => {
  need(context, await hasPostgres(), postgresNeed)
  await war("PostgreSQL", await freshPostgres())
})

test(`MariaDB: ${promise}`, { timeout }, async context => {
  need(context, await hasMysql(), mysqlNeed)
  await war("MariaDB", await freshMysql())
})

test(`SQLite, one file: ${promise}`, { timeout }, () => war("SQLite", `sqlite:${join(folder, "login.db")}`))
