import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { createSimulator } from "@denglu/simulator"
import { createLogin, type Login } from "denglu"
import { afterAll, describe, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { connectPostgres } from "../../src/store/postgres-pool.ts"
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

const isCampaign = process.env.DENGLU_CAMPAIGN === "1"
/** As many people, who log in for the first time in both apps, this often in each, all at once. */
const people = isCampaign ? 2_000 : 60
const atOnce = 16

const folder = mkdtempSync(join(tmpdir(), "denglu-one-person-"))
const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
  rmSync(folder, { recursive: true, force: true })
})

interface Engine {
  readonly name: string
  readonly needs: readonly [boolean, string]
  /** Instances that share one database. */
  readonly instances: number
  /** An empty database. */
  fresh(): Promise<string>
  /** Users who stand in it. */
  countUsers(url: string): Promise<number>
}

let files = 0
const engines: readonly Engine[] = [
  {
    name: "SQLite",
    needs: [true, ""],
    instances: 1,
    fresh: async () => {
      files += 1
      return `sqlite:${join(folder, `${files}.db`)}`
    },
    async countUsers(url) {
      const database = new DatabaseSync(url.slice("sqlite:".length), { readOnly: true })
      const row = database.prepare("SELECT count(*) AS n FROM users").get()
      database.close()
      return Number(row?.n)
    },
  },
  {
    name: "PostgreSQL",
    needs: [there.postgres, postgresNeed],
    instances: 2,
    fresh: freshPostgres,
    async countUsers(url) {
      const { use, close } = await connectPostgres({ url })
      const { rows } = await use(client => client.query({ text: "SELECT count(*) AS n FROM denglu_users" }))
      await close()
      return Number(rows[0]?.n)
    },
  },
  {
    name: "MariaDB",
    needs: [there.mysql, mysqlNeed],
    instances: 2,
    fresh: freshMysql,
    countUsers: async url =>
      Number((await askMysql<{ n: number }[]>("SELECT count(*) AS n FROM denglu_users", url))[0]?.n),
  },
]

/** Instances on one database, two mini programs of one open-platform account, and a third that is bound to none. */
async function start(engine: Engine) {
  const simulator = createSimulator({ apps: [{}, {}, { boundToOpenPlatform: false }] })
  const apps = simulator.state().apps.map(({ appid, secret }) => ({ appid, secret }))
  const url = await engine.fresh()
  const all: Login[] = []
  for (let index = 0; index < engine.instances; index += 1)
    all.push(
      await createLogin({
        apps,
        store: url,
        secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-people",
        limits: false,
        log: { info() {}, warn() {}, error() {} },
        wechat: { simulator: "http://127.0.0.1:1", fetch: request => simulator.fetch(request) },
      }),
    )
  let turns = 0
  async function logIn(app: number, user: string) {
    const { appid = "" } = apps[app] ?? {}
    turns += 1
    const instance = all[turns % all.length] as Login
    const body = JSON.stringify({ appid, code: simulator.issueCode({ appid, user }) })
    const reply = await instance.fetch(new Request("http://login/login", { method: "POST", body }))
    const answer = (await reply.json()) as { user?: { id: string; is_new: boolean } }
    return { status: reply.status, id: answer.user?.id ?? "", isNew: answer.user?.is_new === true }
  }
  return { url, all, logIn, close: () => Promise.all(all.map(login => login.close())) }
}

describe.each(engines)("on $name", engine => {
  const [met, what] = engine.needs

  test(`${people} people × two apps × ${atOnce} first logins at once are exactly ${people} users`, async context => {
    need(context, met, what)
    const { url, all, logIn, close } = await start(engine)
    const seen = new Set<string>()
    let isNew = 0
    for (let first = 0; first < people; first += 10)
      await Promise.all(
        Array.from({ length: Math.min(10, people - first) }, async (_, index) => {
          const person = `person ${first + index}`
          const outcomes = await Promise.all(
            Array.from({ length: 2 * atOnce }, (_, turn) => logIn(turn % 2, person)),
          )
          expect(outcomes.map(({ status }) => status)).toEqual(Array(2 * atOnce).fill(200))
          expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1)
          isNew += outcomes.filter(outcome => outcome.isNew).length
          seen.add(outcomes[0]?.id ?? "")
        }),
      )
    expect([seen.size, isNew, await engine.countUsers(url)]).toEqual([people, people, people])
    expect((await all[0]?.users.conflicts())?.conflicts).toEqual([])
    for (const id of [...seen].slice(0, 50)) {
      const user = await all[0]?.users.get(id)
      expect(user?.identities.map(({ appid }) => appid)).toHaveLength(2)
    }
    await close()
  }, 900_000)

  test("logins that race merges leave no live session of an absorbed user", async context => {
    need(context, met, what)
    const { all, logIn, close } = await start(engine)
    const [login] = all as [Login]
    const absorbed: string[] = []
    for (let round = 0; round < 8; round += 1) {
      const person = `person ${round}`
      const survivor = await logIn(0, person)
      const other = await logIn(2, person)
      const many = (count: number) => Array.from({ length: count }, () => logIn(2, person))
      const outcomes = await Promise.all([
        ...many(6),
        login.users.merge(survivor.id, other.id).then(() => undefined),
        ...many(10),
      ])
      for (const outcome of outcomes)
        if (outcome !== undefined)
          expect([outcome.status, [survivor.id, other.id].includes(outcome.id)]).toEqual([200, true])
      absorbed.push(other.id)
      expect((await logIn(2, person)).id).toBe(survivor.id)
    }
    // The instances look for strays every five seconds.
    const live = async () => (await Promise.all(absorbed.map(id => login.sessions.list(id)))).flat()
    await expect.poll(live, { timeout: 8_000, interval: 250 }).toEqual([])
    await close()
  }, 60_000)
})
