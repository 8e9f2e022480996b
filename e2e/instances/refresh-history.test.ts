import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
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
import { campaign, type Instances, post, startInstances } from "../support/instances.ts"

const rounds = campaign(100, 10_000)
const racers = 64
const there = { postgres: false, mysql: false }
let instances: Instances | undefined
const folder = mkdtempSync(join(tmpdir(), "denglu-history-"))
beforeAll(async () => {
  there.postgres = await hasPostgres()
  there.mysql = await hasMysql()
})
afterEach(async () => {
  await instances?.close()
  instances = undefined
})
afterAll(async () => {
  await dropPostgres()
  await dropMysql()
  rmSync(folder, { recursive: true, force: true })
})

interface Call {
  readonly begun: number
  readonly ended: number
  readonly status: number
  /** What a refusal is called. */
  readonly code: string | undefined
  readonly successor: string | undefined
}

/**
 * What a history of one token's refreshes must be like: the token rotates once, and everybody who presents it within the grace gets the
 * same successor; so nobody is refused and there is one successor. Answers what is wrong, nothing if it is right.
 */
function violations(calls: readonly Call[]): readonly string[] {
  const wrong: string[] = []
  const refused = calls.filter(({ status }) => status !== 200)
  if (refused.length > 0) {
    const answers = [...new Set(refused.map(({ status, code }) => `${status} ${code}`))].join(", ")
    const longest = Math.max(...refused.map(({ begun, ended }) => ended - begun)).toFixed(0)
    wrong.push(`${refused.length} of ${calls.length} were answered ${answers} after ${longest} ms at most`)
  }
  const successors = new Set(calls.map(({ successor }) => successor).filter(Boolean))
  if (successors.size > 1) wrong.push(`${successors.size} different successors`)
  return wrong
}

/** All racers present the same token, spread over the instances, each held back by chance. */
async function race(ports: readonly number[], token: string): Promise<readonly Call[]> {
  return Promise.all(
    Array.from({ length: racers }, async (_, index) => {
      const port = ports[index % ports.length]
      const begun = performance.now()
      const { status, body } = await post(`http://127.0.0.1:${port}/refresh`, { refresh_token: token })
      const ended = performance.now()
      return { begun, ended, status, code: body.code, successor: body.refresh_token }
    }),
  )
}

const promise = `${rounds} rounds of ${racers} concurrent refreshes: one successor each, nobody is refused`
const timeout = 3_600_000

test(`PostgreSQL, three processes, ${promise}`, { timeout }, async context => {
  need(context, there.postgres, postgresNeed)
  await play("PostgreSQL", await freshPostgres(), 3)
})

test(`MariaDB, three processes, ${promise}`, { timeout }, async context => {
  need(context, there.mysql, mysqlNeed)
  await play("MariaDB", await freshMysql(), 3)
})

test(`SQLite, the one process it is for, ${promise}`, { timeout }, () =>
  play("SQLite", `sqlite:${join(folder, "login.db")}`, 1),
)

async function play(engine: string, store: string, count: number): Promise<void> {
  instances = await startInstances({ store, count, slowStore: 50 })
  const { ports, code } = instances
  const families = 8
  const wrong: string[] = []
  let played = 0
  await Promise.all(
    Array.from({ length: families }, async (_, family) => {
      const port = ports[0]
      const { body } = await post(`http://127.0.0.1:${port}/login`, {
        code: code(`person ${family}`),
      })
      let token = body.refresh_token as string
      while (played < rounds) {
        played += 1
        const calls = await race(ports, token)
        wrong.push(...violations(calls))
        const successor = calls.find(call => call.successor)?.successor
        if (successor === undefined) break
        token = successor
      }
      // The head is alive at the end, and the one before it is too old after the next rotation: its reuse ends the family.
      const head = await post(`http://127.0.0.1:${port}/refresh`, { refresh_token: token })
      if (head.status !== 200) wrong.push(`the head was answered ${head.status}`)
      const next = await post(`http://127.0.0.1:${port}/refresh`, { refresh_token: head.body.refresh_token })
      if (next.status !== 200) wrong.push(`the next head was answered ${next.status}`)
      const old = await post(`http://127.0.0.1:${ports[1 % count]}/refresh`, {
        refresh_token: token,
      })
      if (old.body.code !== "refresh_reused")
        wrong.push(`an old token was answered ${old.status} ${old.body.code}`)
      const dead = await post(`http://127.0.0.1:${ports[2 % count]}/refresh`, {
        refresh_token: next.body.refresh_token,
      })
      if (dead.body.code !== "session_revoked")
        wrong.push(`a dead family was answered ${dead.status} ${dead.body.code}`)
    }),
  )
  console.log(
    `${engine}: ${played} rounds × ${racers} refreshes over ${count} processes: ${wrong.length} violations`,
  )
  expect(wrong).toEqual([])
}
