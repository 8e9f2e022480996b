import { afterEach, expect, test } from "vitest"
import { logIn, times } from "../../packages/denglu/src/store/contract/store-case.ts"
import { openStore } from "../../packages/denglu/src/store/open-store.ts"
import { dropMysql, dropPostgres } from "../../packages/denglu/test/support/engines.ts"
import {
  endBystanders,
  type SchemaEngine,
  schemaEngines,
} from "../../packages/denglu/test/support/schema-engines.ts"
import { need } from "../../scripts/need.ts"
import { campaign, type Instances, post, type Reply, startInstances } from "../support/instances.ts"

const clients = campaign(48, 64)
const peopleBefore = campaign(3_000, 100_000)
let instances: Instances | undefined
afterEach(async () => {
  await instances?.close()
  instances = undefined
  await endBystanders()
  await dropPostgres()
  await dropMysql()
})

for (const engine of schemaEngines)
  test(`two instances on ${engine.name}, ${clients} clients at once: the schema is taken one step further, nobody is logged out`, {
    timeout: campaign(300_000, 1_200_000),
  }, async context => {
    need(context, await engine.there(), engine.what)
    await migrateUnderLoad(engine)
  })

/** The instances are the code before: they know nothing of the step. */
async function migrateUnderLoad(engine: SchemaEngine): Promise<void> {
  const store = await engine.fresh()
  const filled = await openStore(store)
  await times(peopleBefore, () => logIn(filled))
  await filled.close()
  instances = await startInstances({ store, count: 2 })
  const { ports, code } = instances
  const statuses = new Map<string, number>()
  const failures: string[] = []
  const rounds = new Array<number>(clients).fill(0)
  let isOver = false
  let asked = 0

  /** Asks as often as it is told to come back; anything but success and that fails the story. */
  async function ask(path: string, body: unknown, token?: string): Promise<Reply> {
    for (;;) {
      asked += 1
      const made = typeof body === "function" ? body() : body
      const reply = await post(`http://127.0.0.1:${ports[asked % 2]}${path}`, made, token, 30_000)
      const key = `${path} ${reply.status}`
      statuses.set(key, (statuses.get(key) ?? 0) + 1)
      if (reply.status < 300) return reply
      if (reply.status !== 503 || reply.retryAfter === null)
        throw new Error(`${key}: ${JSON.stringify(reply.body)}`)
      await new Promise(resolve => setTimeout(resolve, Number(reply.retryAfter) * 1_000))
    }
  }

  async function client(index: number): Promise<string> {
    const logInAs = (person: string) => ask("/login", () => ({ code: code(person) }))
    let tokens = { refresh_token: "" }
    try {
      tokens = (await logInAs(`client ${index}`)).body
      for (let round = 0; !isOver; round += 1) {
        tokens = (await ask("/refresh", { refresh_token: tokens.refresh_token })).body
        const other = (await logInAs(round % 2 === 0 ? `new ${index} ${round}` : `client ${index}`)).body
        await ask("/logout", {}, other.access_token)
        rounds[index] = round + 1
      }
    } catch (error) {
      failures.push(String(error))
      rounds[index] = Number.POSITIVE_INFINITY
    }
    return tokens.refresh_token
  }

  const people = Array.from({ length: clients }, (_, index) => client(index))
  const more = async (count: number) => {
    const goal = rounds.map(done => done + count)
    while (rounds.some((done, index) => done < (goal[index] as number)))
      await new Promise(resolve => setTimeout(resolve, 20))
  }
  await more(2)
  let waited = 0
  await engine.migrateTo(engine.versions + 1, store, { onWait: () => (waited += 1) })
  await more(2)
  isOver = true
  const refreshTokens = await Promise.all(people)
  const told = [...statuses].map(([key, count]) => `${key}: ${count}`).join(", ")
  console.log(`${engine.name}: ${told}; the migration waited ${waited} times`)
  expect(failures).toEqual([])
  for (const refresh_token of refreshTokens) await ask("/refresh", { refresh_token })
  const bystander = await engine.connect(store)
  expect(await bystander.ask("SELECT version FROM denglu_schema")).toEqual([{ version: engine.versions + 1 }])
  await bystander.end()
}
