import { createCipheriv, randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import type { FlowContext } from "../../src/login/flows.ts"
import { createOpenData, type SentOpenData } from "../../src/login/open-data.ts"
import { createRandomBytes } from "../../src/random.ts"
import { createSealer, sessionKeyBinding } from "../../src/session/sealer.ts"
import { createSecretRing } from "../../src/session/secret-ring.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { Elapsed } from "../../src/wechat/even-time.ts"
import { largestT, threshold } from "../support/welch.ts"

const appid = "wxsim0000000000001"
const now = 1_800_000_000_000
const key = randomBytes(16)
/** Timings that are taken: as CI has time for, or as many as are meant. */
const timings = process.env.DENGLU_CAMPAIGN === "1" ? 200_000 : 20_000

function encrypted(plain: Buffer): SentOpenData {
  const iv = randomBytes(16)
  const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false)
  const encryptedData = cipher.update(plain, undefined, "base64") + cipher.final("base64")
  return { encryptedData, iv: iv.toString("base64") }
}

function padded(text: string): Buffer {
  const bytes = Buffer.from(text)
  const missing = 16 - (bytes.length % 16)
  return Buffer.concat([bytes, Buffer.alloc(missing, missing)])
}

function profile(changes: object = {}, watermark: object = {}): string {
  const mark = { timestamp: now / 1000, appid, ...watermark }
  return JSON.stringify({
    openId: "oAlice",
    nickName: "Band",
    city: "Guangzhou",
    ...changes,
    watermark: mark,
  })
}

const whole = padded(profile())
const badPadding = Buffer.concat([whole.subarray(0, -1), Buffer.from([0])])
const badJson = padded(profile().replace('"nickName"', "nickName::"))

/** Each way to fail: what is sent, and in whose session. */
const kinds: Readonly<Record<string, readonly [SentOpenData, "alice" | "nobody"]>> = {
  "bad padding": [encrypted(badPadding), "alice"],
  "bad JSON": [encrypted(badJson), "alice"],
  "another app": [encrypted(padded(profile({}, { appid: "wxsim0000000000002" }))), "alice"],
  "too old": [encrypted(padded(profile({}, { timestamp: now / 1000 - 301 }))), "alice"],
  "another person": [encrypted(padded(profile({ openId: "oBob00" }))), "alice"],
  "wrong key": [
    { encryptedData: randomBytes(whole.length).toString("base64"), iv: randomBytes(16).toString("base64") },
    "alice",
  ],
  "no key": [encrypted(whole), "nobody"],
  "no base64": [{ encryptedData: "!".repeat(200), iv: "!" }, "alice"],
}

async function start(elapsed: Elapsed) {
  const random = createRandomBytes()
  const sealer = createSealer(createSecretRing(["5f3a9c1e7b2d4086-a1b2c3d4e5f60718-time"]), random)
  const store = createMemoryStore()
  await store.logIn({
    now,
    appid,
    openid: "oAlice",
    openPlatform: "default",
    sessionKey: {
      sealed: sealer.seal(sessionKeyBinding(appid, "oAlice"), key.toString("base64")),
      fingerprint: "f",
    },
    newUserId: "alice",
    session: { id: "alice", idleExpiresAt: now * 2, absoluteExpiresAt: now * 2, userAgent: "" },
  })
  const quiet = () => {}
  const flow = {
    store,
    sealer,
    random,
    options: { openDataMaxAge: 300 },
    clock: () => now,
    events: { emit: quiet, on: () => quiet },
    log: { info: quiet, warn: quiet, error: quiet },
  } as unknown as FlowContext
  return createOpenData(flow, () => quiet, elapsed)
}

/** Takes timings (ms) of every kind, mixed, so that whatever happens on the machine meets all alike. */
async function measure(count: number, elapsed: Elapsed): Promise<ReadonlyMap<string, readonly number[]>> {
  const openData = await start(elapsed)
  const names = Object.keys(kinds)
  const taken = new Map(names.map(name => [name, [] as number[]]))
  const warmUp = 2_000
  for (let index = 0; index < count + warmUp; index += 1) {
    const name = names[(randomBytes(1)[0] as number) % names.length] as string
    const [sent, id] = kinds[name] as (typeof kinds)[string]
    const begin = performance.now()
    const code = await openData({ id, userId: id, appid }, sent, "r").catch(error => error.code)
    const end = performance.now()
    expect(code).toBe("open_data_invalid")
    if (index >= warmUp) taken.get(name)?.push(end - begin)
  }
  return taken
}

test(`the time of a failure does not tell its kind (${timings} timings)`, { timeout: 900_000 }, async () => {
  const { t, between } = largestT(await measure(timings, () => performance.now()))
  console.log(`|t| ≤ ${t.toFixed(2)}, between ${between}`)
  expect(t).toBeLessThan(threshold)
})

test("without the even time it would: so the test can see it", { timeout: 60_000 }, async () => {
  let ticks = 0
  // A clock by which every wait is over at once.
  const hurried = () => {
    ticks += 1
    return ticks
  }
  expect(largestT(await measure(8_000, hurried)).t).toBeGreaterThan(threshold)
})
