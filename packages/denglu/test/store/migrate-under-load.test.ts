import { afterEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { migrateStore } from "../../src/store/migrate-store.ts"
import { SchemaHeldUp } from "../../src/store/patiently.ts"
import { createBench } from "../cli/run-cli.ts"
import { dropMysql, dropPostgres } from "../support/engines.ts"
import { type Bystander, endBystanders, type SchemaEngine, schemaEngines } from "../support/schema-engines.ts"
import { mysqlSchemaTwo, postgresSchemaTwo, type SchemaTwo } from "../support/schema-two.ts"

const bench = createBench()
afterEach(async () => {
  await bench.close()
  await endBystanders()
  await dropPostgres()
  await dropMysql()
})

const clientsAtOnce = 48
const peopleBefore = 3_000

/** A database of schema 2 with people and a session for each. */
async function schemaTwo(engine: SchemaEngine): Promise<string> {
  const url = await engine.fresh()
  await engine.migrateTo(2, url)
  const bystander = await engine.connect(url)
  const people = Array.from({ length: peopleBefore }, (_, index) => index)
  const insert = (table: string, row: (index: number) => string) =>
    bystander.ask(`INSERT INTO denglu_${table} VALUES ${people.map(index => `(${row(index)})`).join(", ")}`)
  await insert("users", index => `'user of person${index}', NULL, NULL, 1, 1`)
  await insert(
    "identities",
    index => `'app', 'person${index}', 'user of person${index}', NULL, 'default', 1, 'key', 'print', 1, NULL`,
  )
  await insert(
    "sessions",
    index =>
      `'session${index}', 'user of person${index}', 'app', 'person${index}', 0, 1, 1, 4000000000000, 4000000000000, NULL, 40000, NULL, ''`,
  )
  await bystander.end()
  return url
}

const versionOf = async (bystander: Bystander) =>
  Number((await bystander.ask("SELECT version FROM denglu_schema"))[0]?.version)

/** A transaction that has read sessions, as a refresh does first, and is still open. */
async function holdSessions(engine: SchemaEngine, url: string): Promise<Bystander> {
  const bystander = await engine.connect(url)
  await bystander.ask("BEGIN")
  await bystander.ask("SELECT id FROM denglu_sessions WHERE id = 'session1' FOR UPDATE")
  return bystander
}

for (const engine of schemaEngines) {
  const { name, there, what, versions } = engine

  test(`${name}: a migration waits for a refresh that holds sessions, and the refresh gets on to its user`, {
    timeout: 60_000,
  }, async context => {
    need(context, await there(), what)
    const url = await schemaTwo(engine)
    const refresh = await holdSessions(engine, url)
    let migrated: ReturnType<typeof migrateStore> | undefined
    const waits = new Promise<void>(onWait => {
      migrated = migrateStore(url, false, { pauses: new Array(100).fill(50), onWait })
    })
    await Promise.race([waits, migrated])
    // Whatever the migration holds by now, it is not the table of the users.
    const users = await refresh.ask("SELECT id, created_at FROM denglu_users WHERE id = 'user of person1'")
    expect(users).toHaveLength(1)
    await refresh.ask("COMMIT")
    expect(await migrated).toMatchObject({ from: 2, to: versions })
    expect(await versionOf(refresh)).toBe(versions)
    await refresh.end()
  })

  test(`${name}: held up to the end it says what to do, and goes on when it is called again`, {
    timeout: 60_000,
  }, async context => {
    need(context, await there(), what)
    const url = await schemaTwo(engine)
    const backup = await holdSessions(engine, url)
    let waited = 0
    const patience = { pauses: [1, 1], onWait: () => (waited += 1) }
    const outcome = await migrateStore(url, false, patience).catch(error => error)
    expect(outcome).toBeInstanceOf(SchemaHeldUp)
    expect(outcome).toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(/End long ones.*run denglu migrate again/),
    })
    expect(waited).toBe(2)
    expect(await versionOf(backup)).toBe(2)
    await backup.ask("COMMIT")
    await migrateStore(url, false)
    expect(await versionOf(backup)).toBe(versions)
    await backup.end()
  })

  test(`${name}: the command says that it waits for running transactions`, {
    timeout: 60_000,
  }, async context => {
    need(context, await there(), what)
    const url = await schemaTwo(engine)
    const backup = await holdSessions(engine, url)
    const run = bench.start(["migrate"], { cwd: bench.folder(), env: { DENGLU_STORE: url } })
    await run.printed(/Transactions that are running keep it from a table: it waits/)
    await backup.ask("COMMIT")
    await backup.end()
    expect(await run.ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(`schema 2 → ${versions}`),
    })
  })

  test(`${name}: no table that was there is written anew`, async context => {
    need(context, await there(), what)
    const url = await schemaTwo(engine)
    const bystander = await engine.connect(url)
    const before = await engine.tableNumbers(bystander)
    await migrateStore(url, false)
    const after = await engine.tableNumbers(bystander)
    expect(before.length).toBeGreaterThan(5)
    expect(after).toEqual(expect.arrayContaining([...before]))
    await bystander.end()
  })

  test(`${name}: ${clientsAtOnce} clients of the code before log in, refresh and log out while it is migrated`, {
    timeout: 240_000,
  }, async context => {
    need(context, await there(), what)
    const url = await schemaTwo(engine)
    const instances: SchemaTwo[] = []
    for (let index = 0; index < 3; index += 1)
      instances.push(await (name === "PostgreSQL" ? postgresSchemaTwo(url) : mysqlSchemaTwo(url)))
    const clients = startClients(instances)
    await clients.rounds(2)
    expect(await migrateStore(url, false)).toMatchObject({ from: 2, to: versions })
    await clients.rounds(2)
    const { counters, ended, failures, told } = await clients.stop()
    console.log(`${name}: ${told}`)
    expect(failures).toEqual([])
    const bystander = await engine.connect(url)
    const rows = await bystander.ask(
      "SELECT id, counter, revoked_at FROM denglu_sessions WHERE user_agent = '' AND created_at > 1",
    )
    const left = new Map(rows.map(({ id, counter, revoked_at }) => [String(id), { counter, revoked_at }]))
    expect(left.size).toBe(counters.size)
    for (const [id, counter] of counters)
      expect([id, Number(left.get(id)?.counter), left.get(id)?.revoked_at === null]).toEqual([
        id,
        counter,
        !ended.has(id),
      ])
    const [revocations] = await bystander.ask("SELECT COUNT(*) AS count FROM denglu_revocations")
    expect(Number(revocations?.count)).toBe(ended.size)
    await bystander.end()
    await Promise.all(instances.map(({ close }) => close()))
  })
}

/** People who log in, refresh three times and log out, over and over: some of those who were there, some new ones. */
function startClients(instances: readonly SchemaTwo[]) {
  /** Of each session how often it was refreshed, and which are over. */
  const counters = new Map<string, number>()
  const ended = new Set<string>()
  const failures: unknown[] = []
  const rounds = new Array<number>(clientsAtOnce).fill(0)
  let [done, again] = [0, 0]
  let isOver = false

  /** Tries as that code and its clients do: what is in the way for a moment is tried again. */
  async function insist<Result>(work: (code: SchemaTwo) => Promise<Result>): Promise<Result> {
    for (let tries = 0; ; tries += 1) {
      const code = instances[(done + tries) % instances.length] as SchemaTwo
      try {
        const result = await work(code)
        done += 1
        return result
      } catch (error) {
        if (!code.isPassing(error)) throw error
        again += 1
      }
    }
  }

  async function client(index: number): Promise<void> {
    try {
      for (let round = 0; !isOver; round += 1) {
        const id = `client${index}-${round}`
        const person = round % 2 === 0 ? `person${index * 7 + round}` : `new${index}-${round}`
        await insist(code => code.logIn(person, id))
        counters.set(id, 0)
        for (let counter = 0; counter < 3; counter += 1) {
          if (!(await insist(code => code.refresh(id, counter)))) throw new Error(`${id} was logged out`)
          counters.set(id, counter + 1)
        }
        if (round % 3 === 0) {
          if (!(await insist(code => code.logOut(id)))) throw new Error(`${id} was no session`)
          ended.add(id)
        }
        rounds[index] = round + 1
      }
    } catch (error) {
      failures.push(error)
      rounds[index] = Number.POSITIVE_INFINITY
    }
  }

  const all = Promise.all(Array.from({ length: clientsAtOnce }, (_, index) => client(index)))
  return {
    /** Resolves when each client has done so many rounds more. */
    async rounds(more: number) {
      const goal = rounds.map(count => count + more)
      while (rounds.some((count, index) => count < (goal[index] as number)))
        await new Promise(resolve => setTimeout(resolve, 10))
    },
    async stop() {
      isOver = true
      await all
      return { counters, ended, failures, told: `${done} done, ${again} tried again` }
    },
  }
}
