import { afterEach, expect, test } from "vitest"
import { checkLatestSessionKey, findLatestKey } from "../../src/cli/doctor-session-key.ts"
import { createRandomBytes } from "../../src/random.ts"
import { createSealer, sessionKeyBinding } from "../../src/session/sealer.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import { logIn, start } from "../../src/store/contract/store-case.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { createCaller } from "../../src/wechat/call.ts"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
afterEach(() => harness?.close())

const sealerOf = (secret: string) => createSealer(createSecretRing([secret]), createRandomBytes())
const sealer = sealerOf("5f3a9c1e7b2d4086-a1b2c3d4e5f60718-doctor")

test("the key of the latest login to the app is looked at, and none that can't be opened", async () => {
  const store = createMemoryStore()
  expect(await findLatestKey(store, sealer, "app", start)).toBeUndefined()
  const key = Buffer.alloc(16, 7).toString("base64")
  const sealed = sealer.seal(sessionKeyBinding("app", "alice"), key)
  const entry = { appid: "app", openid: "alice", sessionKey: { sealed, fingerprint: "f" } }
  await logIn(store, entry as never)
  expect(await findLatestKey(store, sealer, "app", start)).toEqual({ openid: "alice", sessionKey: key })
  expect(await findLatestKey(store, sealer, "another", start)).toBeUndefined()
  const other = sealerOf("b83e6f0a1c5d2947-13579bdf02468ace-doctor")
  expect(await findLatestKey(store, other, "app", start)).toBeUndefined()
})

test("WeChat says whether it is the present one, and a changed one is told without being a fault", async () => {
  harness = await startHarness()
  const { simulator } = harness
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  await harness.logIn("alice")
  const caller = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch: request => simulator.fetch(request),
    clock: simulator.clock.now,
  })
  const code = harness.code("alice")
  const asked = `appid=${app.appid}&secret=${app.secret}&js_code=${code}&grant_type=authorization_code`
  const answer = await simulator.fetch(new Request(`http://127.0.0.1:3001/sns/jscode2session?${asked}`))
  const { openid, session_key: sessionKey } = await answer.json()
  const key = { openid, sessionKey }
  const first = await checkLatestSessionKey(caller, app, key)
  expect([first.ok, first.says.en]).toEqual([true, expect.stringMatching(/present one/)])
  simulator.rotateSessionKey({ user: "alice" })
  const second = await checkLatestSessionKey(caller, app, key)
  expect([second.ok, second.says.en]).toEqual([true, expect.stringMatching(/another program trades codes/)])
  expect(JSON.stringify([first, second])).not.toContain(sessionKey)
  await caller.close()
})
