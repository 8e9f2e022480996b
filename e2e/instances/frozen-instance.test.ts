import { afterAll, afterEach, expect, test } from "vitest"
import {
  dropPostgres,
  freshPostgres,
  hasPostgres,
  postgresNeed,
} from "../../packages/denglu/test/support/engines.ts"
import { need } from "../../scripts/need.ts"
import { type Instances, post, startInstances } from "../support/instances.ts"

let instances: Instances | undefined
afterEach(() => instances?.close())
afterAll(dropPostgres)

test("an instance that its host froze lets nobody in who was logged out meanwhile, not even those who waited in its sockets", {
  timeout: 60_000,
}, async context => {
  need(context, await hasPostgres(), postgresNeed)
  instances = await startInstances({ store: await freshPostgres(), count: 2 })
  const [frozen, other] = instances.ports.map(port => `http://127.0.0.1:${port}`) as [string, string]
  const me = (token: string) => fetch(`${frozen}/me`, { headers: { authorization: `Bearer ${token}` } })
  for (let round = 0; round < 3; round += 1) {
    const { body } = await post(`${other}/login`, { code: instances.code(`person ${round}`) })
    const stays = await post(`${other}/login`, { code: instances.code("somebody else") })
    for (const token of [body.access_token, stays.body.access_token])
      expect((await me(token)).status).toBe(200)
    instances.signal(0, "SIGSTOP")
    expect((await post(`${other}/logout`, {}, body.access_token)).status).toBe(200)
    const queued = Array.from({ length: 8 }, () => me(body.access_token))
    const good = me(stays.body.access_token)
    await new Promise(resolve => setTimeout(resolve, 2_500))
    instances.signal(0, "SIGCONT")
    const statuses = (await Promise.all(queued)).map(({ status }) => status)
    expect(statuses).toEqual(queued.map(() => 401))
    expect((await good).status).toBe(200)
  }
})
