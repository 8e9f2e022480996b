import type { Events } from "denglu"
import { afterEach, expect, test, vi } from "vitest"
import { logIn } from "../../src/store/contract/store-case.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { type Harness, startHarness } from "../support/harness.ts"
import { pushOptions, safePush, sendPush, userPush } from "../support/push.ts"

const day = 86_400_000
const running: Harness[] = []
afterEach(async () => {
  for (const harness of running.splice(0)) await harness.close()
})

async function start(options: Parameters<typeof startHarness>[0] = {}): Promise<Harness> {
  const harness = await startHarness(options)
  running.push(harness)
  return harness
}

const deleteMe = (harness: Harness, token: string, code: string) =>
  harness.send("DELETE", "/me", { token, body: { code } })

test("who deletes the account is out at once, everywhere, and may come back within the cooling-off", async () => {
  const harness = await start()
  const here = await harness.logIn("ming")
  const elsewhere = await harness.logIn("ming")
  const { id } = here.user
  const seen: string[] = []
  for (const name of ["user.leaving", "user.restored", "session.revoked"] as const)
    harness.login.on(name, event => seen.push(`${name} ${event.userId}`))

  const answer = await deleteMe(harness, here.access_token, harness.code("ming"))
  expect(answer.status).toBe(200)
  const restoreUntil = new Date(harness.now() + 7 * day).toISOString()
  expect(answer.body).toEqual({ restore_until: restoreUntil })
  expect(seen).toEqual([`session.revoked ${id}`, `user.leaving ${id}`])

  for (const { access_token: token, refresh_token } of [here, elsewhere]) {
    expect((await harness.send("GET", "/me", { token })).body.code).toBe("session_revoked")
    const refreshed = await harness.send("POST", "/refresh", { body: { refresh_token } })
    expect([refreshed.status, refreshed.body.code]).toEqual([401, "session_revoked"])
  }
  const silent = await harness.send("POST", "/login", { body: { code: harness.code("ming") } })
  expect([silent.status, silent.body.code, silent.body.restore_until, silent.body.retryable]).toEqual([
    403,
    "account_deleted",
    restoreUntil,
    false,
  ])
  expect(silent.body.remedy).toContain('"restore": true')

  harness.advance(7 * day - 1)
  const back = await harness.send("POST", "/login", { body: { code: harness.code("ming"), restore: true } })
  expect(back.status).toBe(200)
  expect(back.body.user).toMatchObject({ id, is_new: false })
  expect(seen.at(-1)).toBe(`user.restored ${id}`)
  harness.advance(30 * day)
  expect(await harness.login.users.purge()).toBe(0)
  expect((await harness.logIn("ming")).user).toMatchObject({ id, is_new: false })
})

test("after the cooling-off everything is gone, and the same person is a new user", async () => {
  const harness = await start()
  const { user, access_token } = await harness.logIn("ming")
  const purged: Events["user.purged"][] = []
  harness.login.on("user.purged", event => purged.push(event))
  await deleteMe(harness, access_token, harness.code("ming"))
  expect(await harness.login.users.purge()).toBe(0)
  harness.advance(7 * day)
  expect(await harness.login.users.purge()).toBe(1)
  expect(purged).toEqual([{ userId: user.id, mergedIds: [] }])
  expect(await harness.login.users.get(user.id)).toBeUndefined()
  const again = await harness.logIn("ming")
  expect(again.user.is_new).toBe(true)
  expect(again.user.id).not.toBe(user.id)
})

test("a login after the end that comes before the sweep erases by itself and makes a new user", async () => {
  const harness = await start()
  const { user, access_token } = await harness.logIn("ming")
  await deleteMe(harness, access_token, harness.code("ming"))
  harness.advance(7 * day)
  const again = await harness.logIn("ming")
  expect(again.user).toMatchObject({ is_new: true })
  expect(await harness.login.users.get(user.id)).toBeUndefined()
})

test("restore means nothing to who is not leaving", async () => {
  const harness = await start()
  const { user } = await harness.logIn("ming")
  const { status, body } = await harness.send("POST", "/login", {
    body: { code: harness.code("ming"), restore: true },
  })
  expect([status, body.user.id]).toEqual([200, user.id])
})

test("the code must be fresh and of the same person: a stolen access token deletes nothing", async () => {
  const harness = await start()
  const ming = await harness.logIn("ming")
  await harness.logIn("hong")
  const token = ming.access_token
  const refuse = async (body: object | undefined, status: number, code: string) => {
    const answer = await harness.send("POST", "/me/delete", body === undefined ? { token } : { token, body })
    expect([answer.status, answer.body.code]).toEqual([status, code])
  }
  await refuse({ code: harness.code("hong") }, 403, "person_mismatch")
  await refuse({ code: harness.code("nobody yet") }, 403, "person_mismatch")
  await refuse({ code: "forged" }, 400, "code_invalid")
  await refuse({}, 400, "invalid_request")
  await refuse(undefined, 400, "invalid_request")
  await refuse({ code: harness.code("ming"), appid: "wx0000000000000000" }, 400, "app_unknown")
  const used = harness.code("ming")
  await harness.send("POST", "/login", { body: { code: used } })
  await refuse({ code: used }, 400, "code_used")
  expect((await harness.send("POST", "/me/delete", { body: { code: harness.code("ming") } })).status).toBe(
    401,
  )
  expect((await harness.send("GET", "/me", { token })).status).toBe(200)

  const deleted = await harness.send("POST", "/me/delete", { token, body: { code: harness.code("ming") } })
  expect(deleted.status).toBe(200)
  const again = await harness.send("POST", "/me/delete", { token, body: { code: harness.code("ming") } })
  expect([again.status, again.body.code]).toEqual([401, "session_revoked"])
})

test("coolingOff says how long; 0 is ten seconds, and what is not a number of seconds is refused", async () => {
  const harness = await start({ coolingOff: 0 })
  const { access_token, user } = await harness.logIn("ming")
  const { body } = await deleteMe(harness, access_token, harness.code("ming"))
  expect(body.restore_until).toBe(new Date(harness.now() + 10_000).toISOString())
  harness.advance(10_000)
  expect(await harness.login.users.purge()).toBe(1)
  expect(await harness.login.users.get(user.id)).toBeUndefined()
  for (const coolingOff of [-1, 0.5, 1_814_401, Number.NaN])
    await expect(startHarness({ coolingOff })).rejects.toThrow(
      "coolingOff must be a whole number from 0 to 1814400",
    )
  await expect(startHarness({ onPurge: "yes" as never })).rejects.toThrow("onPurge must be a function")
})

test("onPurge comes first and may refuse: nothing is erased, it is told, and tried again later", async () => {
  const asked: { id: string; openids: string[] }[] = []
  let fails = 3
  const harness = await start({
    async onPurge({ id, identities }) {
      asked.push({ id, openids: identities.map(({ openid }) => openid) })
      fails -= 1
      if (fails >= 0) throw new Error("orders of 小明 are open")
    },
  })
  const { user, access_token } = await harness.logIn("ming")
  const { openid } = (await harness.login.users.get(user.id))?.identities[0] ?? { openid: "" }
  await deleteMe(harness, access_token, harness.code("ming"))
  harness.advance(7 * day)
  expect(await harness.login.users.purge()).toBe(0)
  expect(await harness.login.users.purge()).toBe(0)
  expect(asked).toEqual([{ id: user.id, openids: [openid] }])
  expect((await harness.login.users.get(user.id))?.identities).toHaveLength(1)
  const refused = await harness.send("POST", "/login", {
    body: { code: harness.code("ming"), restore: true },
  })
  expect([refused.body.code, refused.body.restore_until]).toEqual(["account_deleted", undefined])
  const told = harness.logged.filter(line => line.includes("can't be erased"))
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('"retryInSeconds":60')
  expect(told[0]).not.toContain("小明")

  for (const minutes of [1, 2, 4]) {
    harness.advance(minutes * 60_000 - 1)
    expect(await harness.login.users.purge()).toBe(0)
    harness.advance(1)
    expect(await harness.login.users.purge()).toBe(minutes === 4 ? 1 : 0)
  }
  expect(asked).toHaveLength(4)
  expect(await harness.login.users.get(user.id)).toBeUndefined()
})

test("an onPurge that never ends counts as failed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  try {
    const harness = await start({ onPurge: () => new Promise(() => {}) })
    const { access_token } = await harness.logIn("ming")
    await deleteMe(harness, access_token, harness.code("ming"))
    harness.advance(7 * day)
    const sweep = harness.login.users.purge()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await sweep).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test("what was killed after onPurge goes on: the hook comes again, and the rest follows", async () => {
  const store = createMemoryStore()
  let asked = 0
  const dying = { ...store, eraseUser: () => new Promise<never>(() => {}) }
  const onPurge = () => {
    asked += 1
  }
  const first = await start({ store: dying, onPurge })
  const { access_token, user } = await first.logIn("ming")
  await deleteMe(first, access_token, first.code("ming"))
  first.advance(7 * day)
  void first.login.users.purge()
  await vi.waitFor(() => expect(asked).toBe(1))
  const now = first.now()

  const second = await start({ store, clock: () => now + 60_000, onPurge })
  expect(await second.login.users.purge()).toBe(1)
  expect(asked).toBe(2)
  expect(await store.findUser(user.id)).toBeUndefined()
})

test("everything that is held is exported as JSON, without secrets, five times an hour", async () => {
  const harness = await start()
  const { access_token: token, user, session_id, refresh_token } = await harness.logIn("ming")
  await harness.send("POST", "/login", {
    body: { code: harness.code("ming") },
    headers: { "user-agent": "x" },
  })
  await harness.send("PATCH", "/me", { token, body: { nickname: "小明 o'\\\"" } })
  const { status, headers, body, text } = await harness.send("GET", "/me/export", { token })
  expect(status).toBe(200)
  expect(headers.get("content-disposition")).toContain("attachment")
  expect(headers.get("cache-control")).toBe("no-store")
  expect(body.user).toMatchObject({ id: user.id, nickname: "小明 o'\\\"", leaves_at: null })
  const known = await harness.login.users.get(user.id)
  expect(body.identities).toMatchObject([{ appid: harness.appid, openid: known?.identities[0]?.openid }])
  expect(body.phone).toBeNull()
  expect(body.sessions).toHaveLength(2)
  expect(body.sessions.map(({ id }: { id: string }) => id)).toContain(session_id)
  for (const secret of ["session_key", "sealed", "fingerprint", token, refresh_token])
    expect(text).not.toContain(secret)
  expect(await harness.login.users.export(user.id)).toEqual(body)
  expect(await harness.login.users.export("nobody")).toBeUndefined()

  for (let more = 0; more < 4; more += 1)
    expect((await harness.send("GET", "/me/export", { token })).status).toBe(200)
  const limited = await harness.send("GET", "/me/export", { token })
  expect([limited.status, limited.body.code]).toEqual([429, "rate_limited"])
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0)
})

test("an operator deletes, at once if need be, and restores", async () => {
  const harness = await start()
  const { user, access_token: token } = await harness.logIn("ming")
  const { users } = harness.login
  expect(await users.delete("nobody")).toBeUndefined()
  expect(await users.delete(user.id)).toEqual({ leavesAt: harness.now() + 7 * day })
  expect((await harness.send("GET", "/me", { token })).status).toBe(401)
  expect(await users.restore(user.id)).toBe(true)
  expect(await users.restore(user.id)).toBe(false)
  expect((await harness.logIn("ming")).user.id).toBe(user.id)
  await users.delete(user.id)
  expect(await users.delete(user.id, { now: true })).toEqual({ leavesAt: harness.now() + 10_000 })
  harness.advance(10_000)
  expect(await users.purge()).toBe(1)
})

/** A login that takes pushes of one app, and a person who has logged in there. */
async function startPushed(loggedInAfter = 0) {
  const store = createMemoryStore()
  const appid = "wxba5fad812f8e6fb9"
  const harness = await start({ store, apps: [{ appid, secret: "0".repeat(32), push: pushOptions }] })
  const madeAt = harness.now()
  harness.advance(loggedInAfter)
  const { user } = await logIn(store, { appid, openid: "ming", now: harness.now() })
  const push = (event: string, at = madeAt) => {
    const now = harness.now()
    return sendPush(
      harness.login,
      appid,
      safePush(JSON.stringify(userPush(event, "ming", at)), { appid, now }),
    )
  }
  const found = async () => {
    const { leavesAt, identities } = (await store.findUser(user.id)) ?? { identities: [] }
    return { leavesAt, openids: identities.map(({ openid }) => openid) }
  }
  return { ...harness, store, userId: user.id, push, found }
}

test("a WeChat account that is gone begins the deletion of who has no other way in", async () => {
  const { push, found, login, store, userId, now } = await startPushed()
  const left: string[] = []
  login.on("user.leaving", event => left.push(event.userId))
  expect((await push("user_authorization_cancellation")).status).toBe(200)
  expect(left).toEqual([userId])
  expect(await found()).toEqual({ leavesAt: now() + 7 * day, openids: ["ming"] })
  expect(await store.listSessions(userId, now())).toEqual([])
  expect((await store.exportUser(userId))?.events.find(({ type }) => type === "user.leaving")).toMatchObject({
    actor: "wechat",
  })
  expect(await login.users.restore(userId)).toBe(true)
})

test("of who has another way in a WeChat account that is gone takes the identity only", async () => {
  const { push, found, store, userId, now } = await startPushed()
  const sessionKey = { sealed: "", fingerprint: "" }
  const other = { appid: "wxsim0000000000099", openid: "other", unionid: null, openPlatform: "default" }
  await store.attachIdentity({ id: "attached", userId, ...other, sessionKey, now: now() })
  expect((await push("user_authorization_cancellation")).status).toBe(200)
  expect(await found()).toEqual({ leavesAt: null, openids: ["other"] })
  expect((await store.exportUser(userId))?.events.map(({ type, actor }) => `${type} ${actor}`)).toContain(
    "identity.detached wechat",
  )
})

test("a login after such a push says that the WeChat account is there: nothing is deleted", async () => {
  const { push, found, store, userId, now } = await startPushed(61_000)
  expect((await push("user_authorization_cancellation")).status).toBe(200)
  expect(await found()).toEqual({ leavesAt: null, openids: ["ming"] })
  expect(await store.listSessions(userId, now())).toHaveLength(1)
})

test("a withdrawal ends the sessions and deletes nobody", async () => {
  const { push, found, store, userId, now } = await startPushed()
  expect((await push("user_authorization_revoke")).status).toBe(200)
  expect(await found()).toEqual({ leavesAt: null, openids: ["ming"] })
  expect(await store.listSessions(userId, now())).toEqual([])
})

test("50 people who delete, restore and log in at once: nobody who is leaving has a session", async () => {
  const store = createMemoryStore()
  const harness = await start({ store, limits: false })
  const people = Array.from({ length: 50 }, (_, index) => `person ${index}`)
  const tokens = await Promise.all(people.map(person => harness.logIn(person)))
  const post = (person: string, body: object) =>
    harness.send("POST", "/login", { body: { code: harness.code(person), ...body } })
  await Promise.all(
    people.flatMap((person, index) => [
      deleteMe(harness, tokens[index]?.access_token ?? "", harness.code(person)),
      post(person, {}),
      post(person, { restore: true }),
      post(person, {}),
    ]),
  )
  let leaving = 0
  for (const { user } of tokens) {
    if ((await store.findUser(user.id))?.leavesAt === null) continue
    leaving += 1
    expect(await store.listSessions(user.id, harness.now())).toEqual([])
  }
  expect(leaving).toBeGreaterThan(0)
})
