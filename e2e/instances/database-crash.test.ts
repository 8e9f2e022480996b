import { afterEach, expect, test } from "vitest"
import { need } from "../../scripts/need.ts"
import { seeded } from "../support/child.ts"
import type { DatabaseServer } from "../support/database-server.ts"
import { databases } from "../support/databases.ts"
import { campaign, type Instances, post, startInstances } from "../support/instances.ts"

const logins = campaign(4_000, 50_000)
const crashes = campaign(4, 25)
const clients = 32
const people = 1_000
let database: DatabaseServer | undefined
let instances: Instances | undefined
afterEach(async () => {
  await instances?.close()
  await database?.close()
  instances = undefined
  database = undefined
})

interface Acknowledged {
  readonly person: string
  readonly userId: string
  readonly accessToken: string
  readonly refreshToken: string
  /** `tried` if the answer to a logout was lost, or was that it could not be done: then nobody knows. */
  logout: "none" | "tried" | "done"
}

for (const { name, there, what, start } of databases)
  test(`instances and ${name} killed, ${crashes} times each during ${logins} logins: nothing acknowledged is lost`, {
    timeout: 1_800_000,
  }, async context => {
    need(context, there(), what)
    database = await start()
    instances = await startInstances({ store: database.url, count: 2 })
    await crashAllTheTime(name, database, instances)
  })

async function crashAllTheTime(name: string, server: DatabaseServer, instances: Instances): Promise<void> {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  const acknowledged: Acknowledged[] = []
  const statuses = new Map<string, number>()
  let cutOff = 0
  let failed = false

  const client = async (index: number) => {
    const url = `http://127.0.0.1:${instances.ports[index % 2]}`
    while (acknowledged.length < logins && !failed) {
      const person = `person ${Math.floor(random() * people)}`
      try {
        const { status, body } = await post(`${url}/login`, { code: instances.code(person) })
        const key = status === 200 ? "200" : `${status} ${body.code}`
        statuses.set(key, (statuses.get(key) ?? 0) + 1)
        if (status !== 200) {
          await new Promise(resolve => setTimeout(resolve, 50))
          continue
        }
        const { access_token: accessToken, refresh_token: refreshToken, user } = body
        const entry: Acknowledged = { person, userId: user.id, accessToken, refreshToken, logout: "none" }
        acknowledged.push(entry)
        if (random() < 0.8) continue
        entry.logout = "tried"
        if ((await post(`${url}/logout`, {}, accessToken)).status === 200) entry.logout = "done"
      } catch {
        cutOff += 1
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
  }
  const crash = async () => {
    for (let count = 1; count <= crashes; count += 1) {
      const at = (logins * count) / (crashes + 1)
      while (acknowledged.length < at) await new Promise(resolve => setTimeout(resolve, 5))
      if (!instances.running()) throw new Error("an instance has ended by itself")
      await instances.replace(count % 2, "SIGKILL")
      await server.crash()
      await server.start()
    }
  }
  const crashing = crash().catch(error => {
    failed = true
    throw error
  })
  await Promise.all([crashing, ...Array.from({ length: clients }, (_, index) => client(index))])

  const usersOf = new Map<string, Set<string>>()
  for (const { person, userId } of acknowledged)
    usersOf.set(person, (usersOf.get(person) ?? new Set()).add(userId))
  const duplicates = [...usersOf.values()].filter(users => users.size > 1).length
  let missing = 0
  let undone = 0
  const url = `http://127.0.0.1:${instances.ports[0]}`
  const queue = [...acknowledged]
  const checker = async () => {
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      const { status, body } = await post(`${url}/refresh`, { refresh_token: entry.refreshToken })
      if (status === 200) {
        if (entry.logout === "done") undone += 1
        continue
      }
      const isLoggedOut = status === 401 && body.code === "session_revoked"
      if (!isLoggedOut || entry.logout === "none") missing += 1
    }
  }
  await Promise.all(Array.from({ length: 16 }, checker))
  const told = [...statuses].map(([key, count]) => `${key}: ${count}`).join(", ")
  console.log(
    `${name}, seed ${seed}: ${acknowledged.length} logins acknowledged (${told}), ${crashes} instances killed, ${name} crashed ${crashes} times, ` +
      `${cutOff} requests cut off; lost ${missing}, duplicate users ${duplicates}, undone logouts ${undone}`,
  )
  expect([missing, duplicates, undone]).toEqual([0, 0, 0])
  expect([...statuses.keys()].filter(key => key !== "200" && key !== "503 store_unavailable")).toEqual([])
  expect(instances.running()).toBe(true)
}
