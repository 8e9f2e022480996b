import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createSimulator, type Simulator } from "@denglu/simulator"
import { type AvatarStorage, DengluError, type Events } from "denglu"
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest"
import { createRandomBytes } from "../../src/random.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { Store } from "../../src/store/store.ts"
import { openAvatarFolder } from "../../src/user/avatars/avatar-folder.ts"
import { createAvatars } from "../../src/user/avatars/avatars.ts"
import { type Harness, startHarness } from "../support/harness.ts"
import { png } from "../support/pictures.ts"
import { pushOptions, safePush, sendPush, userPush } from "../support/push.ts"

const root = mkdtempSync(join(tmpdir(), "denglu-kept-avatars-"))
afterAll(() => rmSync(root, { recursive: true }))
const publicUrl = "https://login.example.com"
const hour = 3_600_000
const day = 24 * hour

let folder: string
let count = 0
let store: Store
const closing: (() => Promise<unknown>)[] = []
beforeEach(() => {
  count += 1
  folder = join(root, `folder${count}`)
  store = createMemoryStore()
})
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closing.splice(0).reverse()) await close()
})

const files = () => (existsSync(folder) ? readdirSync(folder) : [])
const folderStorage = () => openAvatarFolder(folder, () => publicUrl)

async function start(
  storage: AvatarStorage = folderStorage(),
  options = {},
  simulator?: Simulator,
): Promise<Harness> {
  const harness = await startHarness({ store, avatars: { storage }, ...options }, simulator)
  closing.push(() => harness.close())
  return harness
}

async function upload({ login }: Harness, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const request = new Request(`${publicUrl}/me/avatar`, {
    method: "POST",
    body: new Uint8Array(png()),
    headers,
  })
  const answer = await login.fetch(request)
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

/** What the upkeep of a login does every minute. */
function sweepAt(now: number, storage: AvatarStorage = folderStorage()): Promise<number> {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const parts = { store, clock: () => now, random: createRandomBytes(), log }
  return createAvatars({ storage, maxBytes: 1, ...parts }).sweep()
}

function noSpace(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device, /secret/path"), { code: "ENOSPC" })
}

test("with the disk full the answer is 503, nothing changes, and nothing is left behind", async () => {
  let full = false
  const whole = folderStorage()
  const harness = await start({
    ...whole,
    put: (...given) => (full ? Promise.reject(noSpace()) : whole.put(...given)),
  })
  const { access_token: token } = await harness.logIn("ming")
  const before = (await upload(harness, token)).body.avatar_url
  full = true
  const answer = await upload(harness, token)
  expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([503, "storage_unavailable", true])
  expect(answer.headers.get("retry-after")).toBe("5")
  expect(answer.body.remedy).toContain("avatars.storage")
  expect((await harness.send("GET", "/me", { token })).body.avatar_url).toBe(before)
  expect(files()).toHaveLength(1)
  const told = harness.logged.filter(line => line.includes("storage_unavailable"))
  expect(told).toHaveLength(1)
  expect(told[0]).toContain("ENOSPC")
  expect(told[0]).not.toContain("/secret/path")
  full = false
  expect((await upload(harness, token)).status).toBe(200)
  expect(files()).toHaveLength(1)
  expect(await sweepAt(harness.now() + hour)).toBe(1)
  expect(files()).toHaveLength(1)
})

test("a folder that can't be made, or is a file, is a 503 too", async () => {
  writeFileSync(folder, "in the way")
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  const answer = await upload(harness, token)
  expect([answer.status, answer.body.code]).toEqual([503, "storage_unavailable"])
  const shown = await harness.send("GET", "/avatars/0123456789abcdefghijklmnop.png")
  expect([shown.status, shown.body.code]).toEqual([503, "storage_unavailable"])
})

test("a storage that never answers is given up after ten seconds, and what it keeps late is removed later", async () => {
  const whole = folderStorage()
  let goOn = () => {}
  const slow = new Promise<void>(resolve => {
    goOn = resolve
  })
  const harness = await start({ ...whole, put: (...given) => slow.then(() => whole.put(...given)) })
  const { access_token: token } = await harness.logIn("ming")
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  const answer = upload(harness, token)
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await Promise.race([answer, "waiting"])).toMatchObject({ status: 503 })
  })
  vi.useRealTimers()
  goOn()
  await vi.waitFor(() => expect(files()).toHaveLength(1))
  expect(await sweepAt(harness.now() + hour - 1)).toBe(0)
  expect(await sweepAt(harness.now() + hour)).toBe(1)
  expect(files()).toEqual([])
})

test("an avatar that can't be removed stays noted, and the next sweep removes it", async () => {
  const whole = folderStorage()
  let stuck = true
  const storage = {
    ...whole,
    remove: (name: string) => (stuck ? Promise.reject(noSpace()) : whole.remove(name)),
  }
  const harness = await start(storage)
  const { access_token: token } = await harness.logIn("ming")
  await upload(harness, token)
  const { body } = await upload(harness, token)
  expect(files()).toHaveLength(2)
  await expect(sweepAt(harness.now(), storage)).rejects.toThrow("ENOSPC")
  stuck = false
  expect(await sweepAt(harness.now(), storage)).toBe(1)
  expect(files()).toEqual([body.avatar_url.split("/").at(-1)])
})

test("what was killed between the file and the profile is removed an hour later, also half a file", async () => {
  const name = "0123456789abcdefghijklmnop.png"
  await store.reserveAvatar({ name, userId: "whoever", removeAfter: hour })
  await folderStorage().put(name, { type: "image/png", bytes: new Uint8Array(3) })
  writeFileSync(join(folder, `${name}.part`), "half")
  expect(await sweepAt(hour - 1)).toBe(0)
  expect(files()).toHaveLength(2)
  expect(await sweepAt(hour)).toBe(1)
  expect(files()).toEqual([])
  expect(await sweepAt(hour)).toBe(0)
})

test("the running login sweeps by itself", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  const name = "0123456789abcdefghijklmnop.png"
  await folderStorage().put(name, { type: "image/png", bytes: new Uint8Array(3) })
  await store.reserveAvatar({ name, userId: "whoever", removeAfter: 0 })
  await start()
  await vi.advanceTimersByTimeAsync(60_000)
  vi.useRealTimers()
  await vi.waitFor(() => expect(files()).toEqual([]))
})

test("a name that is not one of ours reaches no file", async () => {
  const storage = folderStorage()
  const picture = { type: "image/png", bytes: new Uint8Array(3) } as const
  for (const name of ["../x.png", "/etc/passwd", "", ".", "0123456789abcdefghijklmnop.svg", "x/../a.png"]) {
    await expect(storage.put(name, picture)).rejects.toThrow(RangeError)
    await expect(storage.remove(name)).rejects.toThrow(RangeError)
    await expect(storage.read?.(name)).rejects.toThrow(RangeError)
  }
})

test("an upload whose answer of the database is lost keeps its file: it may be the one in use", async () => {
  let lost = false
  const keeping = store
  store = {
    ...keeping,
    async changeProfile(request) {
      const outcome = await keeping.changeProfile(request)
      if (lost) throw new DengluError("store_unavailable")
      return outcome
    },
  }
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  lost = true
  expect((await upload(harness, token)).status).toBe(503)
  lost = false
  const { avatar_url } = (await harness.send("GET", "/me", { token })).body
  expect(files()).toEqual([avatar_url.split("/").at(-1)])
  expect(await sweepAt(harness.now() + day)).toBe(0)
})

test("whoever is erased leaves no picture, nor do those who were merged into them", async () => {
  const harness = await start()
  const ming = await harness.logIn("ming")
  const hong = await harness.logIn("hong")
  const bystander = await harness.logIn("bystander")
  for (const { access_token } of [ming, hong, bystander]) await upload(harness, access_token)
  const merge = { id: "merge", survivorId: ming.user.id, absorbedId: hong.user.id, dropPhone: true } as const
  expect((await store.mergeUsers({ ...merge, actor: "operator", now: harness.now() })).kind).toBe("merged")
  expect(files()).toHaveLength(3)
  const exported = await harness.send("GET", "/me/export", { token: ming.access_token })
  expect(exported.body.user.avatar_url).toMatch(/^https:\/\/login\.example\.com\/avatars\//)
  await harness.send("DELETE", "/me", { token: ming.access_token, body: { code: harness.code("ming") } })
  harness.advance(7 * day)
  expect(files()).toHaveLength(3)
  expect(await harness.login.users.purge()).toBe(1)
  expect(files()).toHaveLength(1)
  expect(await store.listAvatars(bystander.user.id)).toEqual(files())
  expect(await store.listUnusedAvatars(harness.now() + day, 10)).toEqual([])
})

test("nobody is erased whose picture can't be removed; it is tried again", async () => {
  const whole = folderStorage()
  let stuck = true
  const remove = (name: string) => (stuck ? Promise.reject(noSpace()) : whole.remove(name))
  const harness = await start({ ...whole, remove })
  const { access_token: token, user } = await harness.logIn("ming")
  await upload(harness, token)
  await harness.send("DELETE", "/me", { token, body: { code: harness.code("ming") } })
  harness.advance(7 * day)
  expect(await harness.login.users.purge()).toBe(0)
  expect(await store.findUser(user.id)).toBeDefined()
  stuck = false
  harness.advance(60_000)
  expect(await harness.login.users.purge()).toBe(1)
  expect(files()).toEqual([])
})

test("an upload that ends after its user has begun to leave changes nothing and leaves nothing", async () => {
  const whole = folderStorage()
  let leave = async () => {}
  const harness = await start({
    ...whole,
    async put(...given) {
      await whole.put(...given)
      await leave()
    },
  })
  const { access_token: token, user } = await harness.logIn("ming")
  leave = async () => {
    const change = { userId: user.id, now: harness.now(), actor: "user", eventId: "leaving" } as const
    await store.leaveUser({ ...change, leavesAt: harness.now() + day })
  }
  const answer = await upload(harness, token)
  expect([answer.status, answer.body.code]).toEqual([401, "session_revoked"])
  expect(files()).toEqual([])
  expect((await store.findUser(user.id))?.avatarUrl).toBeNull()
})

/** A person with a profile, and pushes about them. */
async function startPushed() {
  const simulator = createSimulator()
  const apps = simulator.state().apps.map(({ appid, secret }) => ({ appid, secret, push: pushOptions }))
  const harness = await start(folderStorage(), { apps }, simulator)
  const { appid } = harness
  const session = await harness.logIn("ming")
  const token = session.access_token
  await harness.send("PATCH", "/me", { token, body: { nickname: "小明" } })
  await upload(harness, token)
  const at = harness.now()
  const identity = (await store.findUser(session.user.id))?.identities[0]
  const updates: Events["user.updated"][] = []
  harness.login.on("user.updated", event => updates.push(event))
  return {
    ...harness,
    userId: session.user.id,
    token,
    updates,
    async push(event: string, fields: Record<string, string> = {}, nonce = "1") {
      const message = JSON.stringify(userPush(event, identity?.openid ?? "", at, fields))
      return (await sendPush(harness.login, appid, safePush(message, { appid, now: harness.now(), nonce })))
        .status
    },
    async profile() {
      const user = await store.findUser(session.user.id)
      return [user?.nickname ?? null, user?.avatarUrl === null ? null : "picture"]
    },
  }
}

test("a profile that WeChat has cleaned is cleared here, with its picture, once", async () => {
  const { push, profile, updates, userId, login } = await startPushed()
  for (const nonce of ["1", "2"]) expect(await push("user_info_modified", {}, nonce)).toBe(200)
  expect(await profile()).toEqual([null, null])
  expect(files()).toEqual([])
  expect(updates).toEqual([
    { userId, fields: ["nickname", "avatarUrl"], requestId: expect.stringMatching(/^[0-9a-v]{26}$/) },
  ])
  const events = (await login.audit.list(userId)).filter(({ actor }) => actor === "wechat")
  expect(events).toMatchObject([{ type: "user.updated", detail: { fields: ["nickname", "avatar_url"] } }])
})

test("what the person has changed since stays, however late the push comes", async () => {
  const { push, profile, advance, send, token } = await startPushed()
  advance(61_000)
  await send("PATCH", "/me", { token, body: { nickname: "小明二号" } })
  expect(await push("user_info_modified")).toBe(200)
  expect(await profile()).toEqual(["小明二号", "picture"])
})

test.each([
  ["6", [null, null]],
  ["19", [null, "picture"]],
  ["20", ["小明", null]],
  ["19,20", [null, null]],
  ["13", ["小明", "picture"]],
])("withdrawn in WeChat, %s leaves %j", async (RevokeInfo, left) => {
  const { push, profile } = await startPushed()
  expect(await push("user_authorization_revoke", { RevokeInfo })).toBe(200)
  expect(await profile()).toEqual(left)
  expect(files()).toHaveLength(left[1] === null ? 0 : 1)
})

test("an operator clears what breaks rules, at once", async () => {
  const { login, profile, userId } = await startPushed()
  expect(await login.users.clearProfile(userId, ["avatarUrl"])).toBe(true)
  expect(await profile()).toEqual(["小明", null])
  expect(files()).toEqual([])
  expect(await login.users.clearProfile(userId)).toBe(true)
  expect(await profile()).toEqual([null, null])
  expect(await login.users.clearProfile(userId)).toBe(false)
  expect(await login.users.clearProfile("nobody")).toBe(false)
  const actors = (await login.audit.list(userId)).filter(({ type }) => type === "user.updated")
  expect(actors.filter(({ actor }) => actor === "operator")).toHaveLength(2)
})

test("one picture that can't be removed keeps no other from it", async () => {
  const whole = folderStorage()
  const names = ["0", "1", "2"].map(letter => `${letter.repeat(26)}.png`)
  for (const name of names) {
    await store.reserveAvatar({ name, userId: "whoever", removeAfter: 0 })
    await whole.put(name, { type: "image/png", bytes: new Uint8Array(3) })
  }
  const remove = (name: string) => (name === names[0] ? Promise.reject(noSpace()) : whole.remove(name))
  await expect(sweepAt(0, { ...whole, remove })).rejects.toThrow("ENOSPC")
  expect(files()).toEqual([names[0]])
})

test("a withdrawal from a plugin changes no profile", async () => {
  const { push, profile } = await startPushed()
  expect(await push("user_info_modified", { PluginID: "wxplugin" })).toBe(200)
  expect(await profile()).toEqual(["小明", "picture"])
})
