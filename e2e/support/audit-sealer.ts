/**
 * Does nothing but put the audit's events into blocks, until it is killed: `node audit-sealer.ts '{"store": …, "secret": …}'`. So whoever kills
 * it does so in the middle of a block. Prints `sealing` when it begins.
 */
import { createAuditMac } from "../../packages/denglu/src/session/audit-mac.ts"
import { createAuditSealer } from "../../packages/denglu/src/session/audit-sealer.ts"
import { createSecretRing } from "../../packages/denglu/src/session/secret-ring.ts"
import { openStore } from "../../packages/denglu/src/store/open-store.ts"

const { store: url, secret } = JSON.parse(process.argv[2] ?? "{}") as { store: string; secret: string }
const store = await openStore(url, { role: "guest" })
const sealer = createAuditSealer({
  store,
  mac: createAuditMac(createSecretRing([secret])),
  clock: Date.now,
  log: { info() {}, warn() {}, error() {} },
  keepFor: 86_400_000,
})
console.log("sealing")
for (;;) {
  // A server that is killed beside it may hold the database for a moment.
  await sealer.sealAll().catch(() => {})
  await new Promise(resolve => setTimeout(resolve, 5))
}
