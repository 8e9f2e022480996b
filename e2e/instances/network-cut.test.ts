import { afterEach, expect, test } from "vitest"
import { need } from "../../scripts/need.ts"
import {
  type CuttableNetwork,
  hasCuttableNetworks,
  openCuttableNetwork,
  whatNetworksNeed,
} from "../support/cuttable-network.ts"
import type { DatabaseServer } from "../support/database-server.ts"
import { databases } from "../support/databases.ts"
import { endure } from "../support/endure.ts"
import { campaign, type Instances, startInstances } from "../support/instances.ts"

const ms = campaign(6_000, 30_000)
let network: CuttableNetwork | undefined
let database: DatabaseServer | undefined
let instances: Instances | undefined
afterEach(async () => {
  await instances?.close()
  await database?.close()
  network?.close()
  instances = undefined
  database = undefined
  network = undefined
})

for (const { name, there, what, start } of databases)
  test(`every packet to and from ${name} lost for ${ms / 1000} s: every request is answered in time, and all is well 5 s later`, {
    timeout: 300_000,
  }, async context => {
    need(context, hasCuttableNetworks(), whatNetworksNeed)
    need(context, there(), what)
    network = openCuttableNetwork()
    database = await start(network)
    instances = await startInstances({ store: database.url, count: 2 })
    const meanwhile = await endure(instances, { harm: network.cut, heal: network.mend, ms })
    expect(meanwhile["login 503 store_unavailable"]).toBeGreaterThan(0)
  })
