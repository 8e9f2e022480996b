import { expect, test } from "vitest"
import type { ControlName } from "../../src/protocol.ts"
import { openRig, type Rig } from "./playground-rig.ts"

async function armed(rig: Rig): Promise<readonly ControlName[]> {
  return (await rig.state()).armed
}

test("a code that was used before is refused once, and the next one works", async () => {
  const rig = await openRig()
  await rig.control({ control: "code-used" })
  expect(await armed(rig)).toEqual(["code-used"])
  expect(await rig.logIn()).toMatchObject({ status: 400, body: { code: "code_used" } })
  expect(await armed(rig)).toEqual([])
  const messages = await rig.messages()
  expect(messages[1]?.note?.en).toContain("redeemed by somebody else")
  expect(messages[4]).toMatchObject({ ok: false, note: { en: expect.stringContaining("40163") } })
  const last = messages.at(-1)
  expect(last).toMatchObject({ step: 7, ok: false, line: "400 Bad Request" })
  expect(last?.note?.en).toContain("new one from wx.login()")
  expect(last?.body.find(({ name }) => name === "code")).toMatchObject({ value: "code_used" })
  expect((await rig.logIn()).status).toBe(200)
})

test("a code that came too late is refused once", async () => {
  const rig = await openRig()
  await rig.control({ control: "code-expired" })
  expect(await rig.logIn()).toMatchObject({ status: 400, body: { code: "code_invalid" } })
  const messages = await rig.messages()
  expect(messages[4]?.note?.en).toContain("40029")
  // The pretend WeChat's clock was moved to let it expire; what is shown is when it happened.
  const times = messages.map(({ at }) => at)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect((await rig.logIn()).status).toBe(200)
})

test("a busy WeChat is asked twice, then the mini program is told to wait; the next login works", async () => {
  const rig = await openRig()
  await rig.control({ control: "wechat-busy" })
  expect(await rig.logIn()).toMatchObject({ status: 503, body: { code: "wechat_busy" } })
  const messages = await rig.messages()
  expect(messages.map(({ step }) => step)).toEqual([1, 1, 2, 3, 4, 3, 4, 7])
  expect(messages[4]?.title.en).toBe("WeChat is busy")
  expect(messages[4]?.note?.en).toContain("asks once more")
  expect(messages[6]?.note?.en).toContain("gives up")
  expect((await rig.logIn()).status).toBe(200)
  expect(rig.simulator.state().faults).toEqual([])
})

test("a slow network holds the next request up for three seconds each way, and that one only", async () => {
  const rig = await openRig()
  await rig.control({ control: "slow-network" })
  expect((await rig.logIn()).status).toBe(200)
  expect(rig.waits).toEqual([3_000, 3_000])
  await rig.logIn()
  expect(rig.waits).toHaveLength(2)
  expect((await rig.messages())[2]?.note?.en).toContain("slowed the network down")
})

test("a lost reply has had its effect, and the mini program hears nothing", async () => {
  const rig = await openRig()
  await rig.control({ control: "lost-response" })
  await expect(rig.logIn()).rejects.toThrow("lost on its way")
  const messages = await rig.messages()
  expect(messages.map(({ step }) => step)).toEqual([1, 1, 2, 3, 4, 5, 6, 7])
  expect(messages.at(-1)).toMatchObject({ kind: "lost", line: "200 OK", ok: false, token: null })
  expect(messages.at(-1)?.note?.en).toContain("gets a new code")
  expect((await rig.logIn()).body.user.is_new).toBe(false)
})

test("an expired access token is refused; the refresh token is good", async () => {
  const rig = await openRig()
  const { body } = await rig.logIn()
  await rig.control({ control: "token-expired" })
  expect(await rig.state()).toMatchObject({ armed: [], clockAhead: 31 * 60_000 })
  expect((await rig.messages()).at(-1)).toMatchObject({ kind: "event", from: "server", line: "+31 min" })
  expect(await rig.send("GET", "/me", { token: body.access_token })).toMatchObject({
    status: 401,
    body: { code: "token_expired" },
  })
  const last = (await rig.messages()).at(-1)
  expect(last).toMatchObject({ step: 8, ok: false, note: { en: expect.stringContaining("refresh token") } })
  const refreshed = await rig.send("POST", "/refresh", { body: { refresh_token: body.refresh_token } })
  expect(refreshed.status).toBe(200)
  expect((await rig.send("GET", "/me", { token: refreshed.body.access_token })).status).toBe(200)
})

test("a new session_key is noticed by checkSession, and kept at the next login", async () => {
  const rig = await openRig()
  await rig.logIn()
  await rig.control({ control: "rotate-session-key" })
  expect((await rig.messages()).at(-1)).toMatchObject({ kind: "event", from: "wechat" })
  expect(await rig.stage.backend.checkSession()).toBe(false)
  await rig.logIn()
  const session = (await rig.messages()).findLast(({ step }) => step === 6)
  expect(session?.line).toBe("INSERT sessions, audit; UPDATE identities")
  expect(session?.note?.en).toContain("new session_key")
  expect(session?.rows.find(({ change }) => change === "changed")?.columns.map(({ name }) => name)).toEqual([
    "session_key",
    "session_key_fingerprint",
    "session_key_changed_at",
    "previous_session_key",
  ])
  expect(await rig.stage.backend.checkSession()).toBe(true)
})

test("a restart of the server is told, and sessions live on", async () => {
  const rig = await openRig()
  const { body } = await rig.logIn()
  const feed = await rig.feed()
  await rig.control({ control: "restart-server" })
  expect(rig.server.starts()).toBe(2)
  const events = await feed.until(seen => seen.filter(({ kind }) => kind === "state").length === 3)
  const states = events.flatMap(event => (event.kind === "state" ? [event.state.server] : []))
  expect(states).toEqual(["up", "restarting", "up"])
  expect((await rig.messages()).at(-1)).toMatchObject({ kind: "event", from: "server", to: "server" })
  expect((await rig.send("GET", "/me", { token: body.access_token })).status).toBe(200)
})

test("a server that does not come back is an error, and can be tried again", async () => {
  const rig = await openRig()
  rig.server.failNextStart()
  expect((await rig.post('{"control":"restart-server"}')).status).toBe(400)
  expect((await rig.state()).server).toBe("down")
  await expect(rig.logIn()).rejects.toThrow()
  expect((await rig.messages()).at(-1)).toMatchObject({ kind: "lost", line: "no connection" })
  await rig.control({ control: "restart-server" })
  expect((await rig.state()).server).toBe("up")
  expect((await rig.logIn()).status).toBe(200)
})

test("a logout on a second phone ends the session on this one", async () => {
  const rig = await openRig()
  const { body } = await rig.logIn()
  await rig.control({ control: "log-out-elsewhere" })
  const second = (await rig.messages()).slice(8)
  expect(new Set(second.map(({ step }) => step))).toEqual(new Set([null]))
  expect(second.filter(({ to }) => to === "server").map(({ line }) => line)).toEqual([
    "POST /login",
    "200 OK",
    "POST /logout",
  ])
  for (const { title } of second) expect(title.en).toMatch(/^Second phone: /)
  expect(await rig.send("GET", "/me", { token: body.access_token })).toMatchObject({
    status: 401,
    body: { code: "session_revoked" },
  })
})

test("another person gets the phone: the page loads it anew, and other storage belongs to it", async () => {
  const rig = await openRig()
  const feed = await rig.feed()
  const { body: alice } = await rig.logIn()
  expect(rig.stage.owner?.()).toBe("alice")
  await rig.control({ control: "person", person: "bob" })
  await feed.until(seen => seen.some(({ kind }) => kind === "phone"))
  expect(rig.stage.owner?.()).toBe("bob")
  expect((await rig.state()).person).toBe("bob")
  expect((await rig.messages()).at(-1)).toMatchObject({ kind: "event", from: "miniprogram", line: "bob" })
  const { body: bob } = await rig.logIn()
  expect(bob.user.id).not.toBe(alice.user.id)
})

test("a control that waits is switched off by pressing it again", async () => {
  const rig = await openRig()
  await rig.control({ control: "lost-response" })
  await rig.control({ control: "code-used" })
  await rig.control({ control: "lost-response" })
  expect(await armed(rig)).toEqual(["code-used"])
})

test("clearing forgets the messages and tells it", async () => {
  const rig = await openRig()
  const feed = await rig.feed()
  await rig.logIn()
  await rig.control({ control: "clear" })
  await feed.until(seen => seen.some(({ kind }) => kind === "cleared"))
  expect(await rig.messages()).toEqual([])
})

test("what is no control is refused with a reason", async () => {
  const rig = await openRig()
  const bodies = ["", "null", "[]", "5", "{", '{"control":"toString"}', '{"control":"person"}']
  for (const body of [
    ...bodies,
    '{"control":"person","person":"mallory"}',
    `{"control":"${"x".repeat(1024)}"}`,
  ]) {
    const response = await rig.post(body)
    expect(response.status, body).toBe(400)
    expect(await response.json()).toEqual({
      error: { en: expect.stringMatching(/./), zh: expect.stringMatching(/./) },
    })
  }
  expect((await fetch(`${rig.url}/playground/control`)).status).toBe(405)
})

test("pages of other addresses may neither steer nor listen", async () => {
  const rig = await openRig()
  const port = new URL(rig.url).port
  for (const origin of ["http://evil.example", "null", "http://127.0.0.1:1", `https://127.0.0.1:${port}`]) {
    const response = await rig.post('{"control":"clear"}', { origin })
    expect(response.status, origin).toBe(403)
  }
  expect((await rig.post('{"control":"clear"}', { origin: rig.url })).status).toBe(204)
  expect(await rig.get("/playground/feed", { host: "evil.example" })).toMatchObject({ status: 403 })
  expect(await rig.get("/phone/", { host: `evil.example:${port}` })).toMatchObject({ status: 403 })
})

test("a socket of the phone is opened for pages of this address only", async () => {
  const rig = await openRig()
  expect(await rig.upgrade("/phone/socket", rig.url)).toBe(101)
  expect(await rig.upgrade("/phone/socket", "http://evil.example")).toBeUndefined()
  expect(await rig.upgrade("/sns/jscode2session", rig.url)).toBeUndefined()
})
