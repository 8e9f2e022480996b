import { randomBytes } from "node:crypto"
import { afterAll, expect, test } from "vitest"
import type { FlowContext } from "../../src/login/flows.ts"
import { createFamiliarBrowsers } from "../../src/login/password/familiar-browsers.ts"
import { createKeptPasswords, type KeptPasswords } from "../../src/login/password/kept-passwords.ts"
import { logInByPassword } from "../../src/login/password/log-in-by-password.ts"
import { createRandomBytes } from "../../src/random.ts"
import { createSealer } from "../../src/session/sealer.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { createPasswordHasher, loadArgon2 } from "../../src/user/password-hasher.ts"
import { largestT, threshold } from "../support/welch.ts"

const appid = "wxsim0000000000001"
const now = 1_800_000_000_000
const log = { info() {}, warn() {}, error() {} }
const random = createRandomBytes()
const sealer = createSealer(createSecretRing(["5f3a9c1e7b2d4086-a1b2c3d4e5f60718-time"]), random)
const familiar = createFamiliarBrowsers(sealer, () => now)
const store = createMemoryStore()
const argon2 = await loadArgon2()
const hasher = await createPasswordHasher({
  cost: { memory: 1_024, passes: 1, lanes: 1 },
  atOnce: 2,
  mostWaiting: 4,
  random,
  argon2,
})
const honest = createKeptPasswords(sealer, hasher, log)
for (const [index, account] of ["alice", "bob", "carol"].entries())
  await store.registerUser({
    userId: `user${index}`,
    account,
    hash: await honest.keep("three white horses"),
    appid,
    now,
    session: { id: account, idleExpiresAt: now * 2, absoluteExpiresAt: now * 2, userAgent: "" },
  })
const marks = familiar.add(familiar.add(undefined, "user0"), "user9")
afterAll(() => store.close())

/** The flow, with nothing of it counted. */
function flowWith(kept: KeptPasswords): FlowContext {
  const take = () => () => {}
  return {
    store,
    sealer,
    random,
    clock: () => now,
    events: { emit() {}, on: () => () => {} },
    log,
    options: { apps: new Map([[appid, {}]]), sessionIdleLifetime: 60, sessionAbsoluteLifetime: 60 },
    passwords: {
      kept,
      familiar,
      budgets: {
        address: take,
        accountAtAddress: take,
        strangers: take,
        familiar: take,
        allFamiliar: take,
        registrations: take,
      },
    },
  } as unknown as FlowContext
}

const accounts = { known: ["alice", "bob", "carol"], unknown: ["alixe", "bab", "carel"] } as const

/** Takes timings (ms) of wrong passwords for accounts there are and accounts there are not, mixed. */
async function measure(count: number, kept: KeptPasswords): Promise<ReadonlyMap<string, readonly number[]>> {
  const flow = flowWith(kept)
  const taken = new Map<string, number[]>([
    ["known", []],
    ["unknown", []],
  ])
  const warmUp = 200
  for (let index = 0; index < count + warmUp; index += 1) {
    const [chance = 0, which = 0] = randomBytes(2)
    const kind = chance % 2 === 0 ? "known" : "unknown"
    const account = accounts[kind][which % 3] as string
    const input = { account, password: "three black horses", address: "203.0.113.7", marks }
    const begin = performance.now()
    const code = await logInByPassword(flow, { ...input, userAgent: "", requestId: "r" }).catch(
      error => error.code,
    )
    const end = performance.now()
    expect(code).toBe("credentials_invalid")
    if (index >= warmUp) taken.get(kind)?.push(end - begin)
  }
  return taken
}

test("the time of a wrong password does not tell whether there is such an account", {
  timeout: 60_000,
}, async () => {
  const { t } = largestT(await measure(3_000, honest))
  console.log(`|t| = ${t.toFixed(2)}`)
  expect(t).toBeLessThan(threshold)
})

test("if nothing were hashed for an account there is not, it would: so the test can see it", async () => {
  const hasty: KeptPasswords = {
    ...honest,
    isSame: async (kept, password) => kept !== undefined && honest.isSame(kept, password),
  }
  expect(largestT(await measure(300, hasty)).t).toBeGreaterThan(threshold)
})
