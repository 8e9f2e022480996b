import { afterEach, describe, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
afterEach(() => harness.close())

const asked = (endpoint: string) => harness.simulator.calls.filter(call => call.endpoint === endpoint).length

describe("sessionKeys.check", () => {
  test("asks WeChat, by session or by user", async () => {
    harness = await startHarness()
    const { session_id: sessionId, user } = await harness.logIn("alice")
    const both = async () => [
      await harness.login.sessionKeys.check({ sessionId }),
      await harness.login.sessionKeys.check({ userId: user.id }),
      await harness.login.sessionKeys.check({ userId: user.id, appid: harness.appid }),
    ]
    expect(await both()).toEqual([true, true, true])
    harness.simulator.rotateSessionKey({ user: "alice" })
    expect(await both()).toEqual([false, false, false])
    await harness.logIn("alice")
    expect(await both()).toEqual([true, true, true])
    expect(asked("stable_token")).toBe(1)
  })

  test("gets another access_token where WeChat refuses ours", async () => {
    harness = await startHarness()
    const { session_id: sessionId } = await harness.logIn("alice")
    harness.simulator.faults.add({ kind: "errcode", endpoint: "checksession", errcode: 40001, times: 1 })
    expect(await harness.login.sessionKeys.check({ sessionId })).toBe(true)
    expect(asked("checksession")).toBe(2)
  })

  test.each([
    ["a session nobody has", { sessionId: "x" }],
    ["a user nobody is", { userId: "x" }],
  ])("of %s is not_found", async (_name, owner) => {
    harness = await startHarness()
    await expect(harness.login.sessionKeys.check(owner)).rejects.toMatchObject({ code: "not_found" })
  })

  test("of a session that is over, or in an app that the user does not use, is not_found", async () => {
    harness = await startHarness()
    const { session_id: sessionId, access_token: token, user } = await harness.logIn("alice")
    await harness.send("POST", "/logout", { token })
    for (const owner of [{ sessionId }, { userId: user.id, appid: "wxsim0000000000009" }])
      await expect(harness.login.sessionKeys.check(owner)).rejects.toMatchObject({ code: "not_found" })
  })
})

describe("sessionKeys.reset", () => {
  test("brings another key, which is kept; data made before still opens, and so does what comes after", async () => {
    harness = await startHarness()
    const { session_id: sessionId, user } = await harness.logIn("alice")
    const before = harness.simulator.encryptData({ user: "alice" })
    const heard: object[] = []
    harness.login.on("session_key.reset", event => void heard.push(event))
    await harness.login.sessionKeys.reset({ sessionId })
    const after = harness.simulator.encryptData({ user: "alice" })
    expect(await harness.login.sessionKeys.check({ sessionId })).toBe(true)
    for (const { encryptedData, iv } of [before, after])
      expect(await harness.login.openData.decrypt(sessionId, { encryptedData, iv })).toHaveProperty("openId")
    expect(heard).toEqual([{ userId: user.id, appid: harness.appid }])
    await harness.login.sessionKeys.reset({ userId: user.id })
    expect(await harness.login.sessionKeys.check({ sessionId })).toBe(true)
  })

  test("of a key that is no longer the person's is session_key_stale, and changes nothing", async () => {
    harness = await startHarness()
    const { session_id: sessionId } = await harness.logIn("alice")
    const { encryptedData, iv } = harness.simulator.encryptData({ user: "alice" })
    harness.simulator.rotateSessionKey({ user: "alice" })
    await expect(harness.login.sessionKeys.reset({ sessionId })).rejects.toMatchObject({
      code: "session_key_stale",
    })
    expect(await harness.login.openData.decrypt(sessionId, { encryptedData, iv })).toHaveProperty("openId")
  })

  test("of two at once has one key as its end, and it is WeChat's", async () => {
    harness = await startHarness()
    const { session_id: sessionId } = await harness.logIn("alice")
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => harness.login.sessionKeys.reset({ sessionId })),
    )
    expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true)
    expect(await harness.login.sessionKeys.check({ sessionId })).toBe(true)
  })

  test("shows the key to nobody", async () => {
    harness = await startHarness()
    const { session_id: sessionId } = await harness.logIn("alice")
    expect(await harness.login.sessionKeys.reset({ sessionId })).toBeUndefined()
    expect(harness.logged).toEqual([])
  })
})

describe("userKeys.list", () => {
  test("has the key that the person's phone has", async () => {
    harness = await startHarness()
    const { session_id } = await harness.logIn("alice")
    const { encryptKey, iv, version, expireTime } = harness.simulator.userKey({ user: "alice" })
    const [key, ...others] = await harness.login.userKeys.list(session_id)
    expect(others).toEqual([])
    expect(key).toMatchObject({ encryptKey, iv, version, createdAt: expireTime - 3_600 })
    expect(key?.expiresIn).toBeGreaterThan(3_590)
    harness.advance(3_600_000)
    const later = await harness.login.userKeys.list(session_id)
    expect(later.map(({ version, expiresIn }) => [version, expiresIn > 0])).toEqual([
      [2, true],
      [1, false],
    ])
  })

  test("with a key that is out of date is session_key_stale", async () => {
    harness = await startHarness()
    const { session_id } = await harness.logIn("alice")
    harness.simulator.rotateSessionKey({ user: "alice" })
    await expect(harness.login.userKeys.list(session_id)).rejects.toMatchObject({ code: "session_key_stale" })
  })
})

describe("openData.decrypt", () => {
  test("reads what a live session's person sends, and no other's", async () => {
    harness = await startHarness()
    const alice = await harness.logIn("alice")
    const mallory = await harness.logIn("mallory")
    const { encryptedData, iv, rawData, signature } = harness.simulator.encryptData({ user: "alice" })
    const { decrypt } = harness.login.openData
    expect(await decrypt(alice.session_id, { encryptedData, iv })).toHaveProperty("openId")
    expect(await decrypt(alice.session_id, { rawData, signature })).toEqual(JSON.parse(rawData))
    for (const sent of [
      { encryptedData, iv },
      { rawData, signature },
    ])
      await expect(decrypt(mallory.session_id, sent)).rejects.toMatchObject({ code: "open_data_invalid" })
    await expect(decrypt("x", { encryptedData, iv })).rejects.toMatchObject({ code: "not_found" })
  })
})
