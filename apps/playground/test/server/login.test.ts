import { expect, test } from "vitest"
import type { Message } from "../../src/protocol.ts"
import { openRig } from "./playground-rig.ts"

function arrow({ step, from, to, kind, line }: Message): string {
  return `${step} ${from}→${to} ${kind} ${line}`
}

function field(message: Message | undefined, name: string): string | undefined {
  return [...(message?.headers ?? []), ...(message?.body ?? [])].find(found => found.name === name)?.value
}

test("a login is told as the steps 1 to 7, in their order", async () => {
  const rig = await openRig()
  const { status } = await rig.logIn()
  expect(status).toBe(200)
  const messages = await rig.messages()
  expect(messages.map(arrow)).toEqual([
    "1 miniprogram→wechat request wx.login()",
    "1 wechat→miniprogram reply login:ok",
    "2 miniprogram→server request POST /login",
    "3 server→wechat request GET /sns/jscode2session",
    "4 wechat→server reply 200 OK",
    "5 server→store request INSERT users, identities",
    "6 server→store request INSERT identities, sessions, audit",
    "7 server→miniprogram reply 200 OK",
  ])
  expect(messages.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  for (const { title } of messages) expect(title).toEqual({ en: expect.any(String), zh: expect.any(String) })
  for (const { durationMs, kind } of messages) expect(durationMs === null).toBe(kind === "request")
})

test("a request and its reply share their exchange, and nothing else does", async () => {
  const rig = await openRig()
  await rig.logIn()
  const exchanges = (await rig.messages()).map(({ exchange }) => exchange)
  const [ask, answered, post, toWeChat, fromWeChat, person, session, reply] = exchanges
  expect([answered, fromWeChat, reply]).toEqual([ask, toWeChat, post])
  expect(new Set([ask, post, toWeChat, person, session]).size).toBe(5)
})

test("each secret is masked with why, and each field is explained", async () => {
  const rig = await openRig()
  await rig.logIn()
  const [, code, post, toWeChat, fromWeChat, , , reply] = await rig.messages()
  expect(field(code, "code")).toMatch(/^0\w{3}…\(32\)$/)
  expect(field(post, "code")).toBe(field(code, "code"))
  expect(field(toWeChat, "js_code")).toBe(field(code, "code"))
  expect(field(toWeChat, "appid")).toBe("wxsim0000000000001")
  expect(field(toWeChat, "secret")).toMatch(/^\w{4}…\(32\)$/)
  expect(field(fromWeChat, "openid")).toMatch(/^o...…\(28\)$/)
  expect(field(fromWeChat, "session_key")).toMatch(/^.{4}…\(24\)$/)
  expect(field(reply, "access_token")).toMatch(/^eyJh…\(\d+\)$/)
  expect(field(reply, "refresh_token")).toMatch(/^r1\..…\(\d+\)$/)
  expect(field(reply, "expires_in")).toMatch(/^1[78]\d\d$/)
  const key = fromWeChat?.body.find(({ name }) => name === "session_key")
  expect(key?.secret?.en).toBe("Never leaves the server.")
  const fields = [post, toWeChat, fromWeChat].flatMap(message => message?.body ?? [])
  expect(fields.filter(({ explain }) => explain === undefined)).toEqual([])
})

test("the reply shows what its access token says", async () => {
  const rig = await openRig()
  const { body } = await rig.logIn()
  const reply = (await rig.messages()).at(-1)
  expect(reply?.token).toMatchObject({
    header: { alg: "EdDSA", typ: "at+jwt" },
    payload: { sub: body.user.id, client_id: "wxsim0000000000001", sid: body.session_id },
  })
  const { issuedAt = 0, expiresAt = 0 } = reply?.token ?? {}
  expect(expiresAt - issuedAt).toBe(body.expires_in)
})

test("the rows show the person, the session and the encrypted session_key", async () => {
  const rig = await openRig()
  const { body } = await rig.logIn()
  const [person, session] = (await rig.messages()).filter(({ to }) => to === "store")
  expect(person?.rows.map(({ table, change }) => `${change} ${table}`)).toEqual([
    "added users",
    "added identities",
  ])
  expect(person?.rows[0]).toMatchObject({ key: body.user.id })
  const createdAt = person?.rows[0]?.columns.find(({ name }) => name === "created_at")
  expect(createdAt?.after).toBe(body.user.created_at)
  const openid = person?.rows[1]?.columns.find(({ name }) => name === "openid")
  expect(openid).toMatchObject({ after: expect.stringMatching(/^o...…\(28\)$/), secret: expect.anything() })
  const names = session?.rows[0]?.columns.map(({ name }) => name)
  expect(names).toEqual(["session_key", "session_key_fingerprint", "session_key_changed_at"])
  expect(session?.rows[0]?.columns[0]?.after).toMatch(/^«encrypted, \d+ bytes»$/)
  expect(session?.rows[1]).toMatchObject({ table: "sessions", change: "added", key: body.session_id })
})

test("a person who comes back is found, not created", async () => {
  const rig = await openRig()
  await rig.logIn()
  await rig.logIn()
  const again = (await rig.messages()).slice(8)
  expect(again.map(({ step }) => step)).toEqual([1, 1, 2, 3, 4, 5, 6, 7])
  expect(again[5]).toMatchObject({ line: "SELECT users, identities", rows: [] })
  expect(again[5]?.title.en).toContain("is found")
  expect(again[6]?.line).toBe("INSERT sessions, audit")
})

test("a later request is step 8, with its token masked and read", async () => {
  const rig = await openRig()
  const { body } = await rig.logIn()
  await rig.send("GET", "/me", { token: body.access_token })
  const [request, reply] = (await rig.messages()).slice(-2)
  expect(arrow(request as Message)).toBe("8 miniprogram→server request GET /me")
  expect(arrow(reply as Message)).toBe("8 server→miniprogram reply 200 OK")
  expect(field(request, "authorization")).toMatch(/^Bearer eyJh…\(\d+\)$/)
  expect(request?.token?.payload.sub).toBe(body.user.id)
})

test("a refresh, a change and a logout are told with the rows they change", async () => {
  const rig = await openRig()
  const { body } = await rig.logIn()
  await rig.send("POST", "/refresh", { body: { refresh_token: body.refresh_token } })
  await rig.send("PATCH", "/me", { token: body.access_token, body: { nickname: "小丽" } })
  await rig.send("POST", "/logout", { token: body.access_token, body: {} })
  const refused = await rig.send("GET", "/me", { token: body.access_token })
  expect(refused.status).toBe(401)
  const later = (await rig.messages()).slice(8)
  expect(later.map(arrow)).toEqual([
    "null miniprogram→server request POST /refresh",
    "null server→store request UPDATE sessions",
    "null server→miniprogram reply 200 OK",
    "8 miniprogram→server request PATCH /me",
    "null server→store request INSERT audit; UPDATE users",
    "8 server→miniprogram reply 200 OK",
    "null miniprogram→server request POST /logout",
    "null server→store request INSERT revocations, audit; UPDATE sessions",
    "null server→miniprogram reply 200 OK",
    "8 miniprogram→server request GET /me",
    "8 server→miniprogram reply 401 Unauthorized",
  ])
  expect(later[1]?.rows[0]?.columns.map(({ name }) => name)).toContain("counter")
  expect(later[4]?.rows[0]?.columns[0]).toEqual({ name: "nickname", after: "小丽" })
  expect(later[2]?.token).not.toBeNull()
  expect(later.at(-1)).toMatchObject({ ok: false, note: { en: expect.stringContaining("takes a tap") } })
})

test("what needs the session_key is step 9", async () => {
  const rig = await openRig()
  const { backend } = rig.stage
  expect(await backend.checkSession()).toBe(false)
  await backend.issueCode()
  expect(await backend.checkSession()).toBe(true)
  await backend.encryptData()
  await backend.issuePhoneCode()
  const lines = (await rig.messages()).map(({ step, line }) => `${step} ${line}`)
  expect(lines).toEqual([
    "9 wx.checkSession()",
    "9 checkSession:fail",
    "1 wx.login()",
    "1 login:ok",
    "9 wx.checkSession()",
    "9 checkSession:ok",
    "9 wx.getUserInfo()",
    "9 getUserInfo:ok",
    "null getPhoneNumber",
    "null getPhoneNumber:ok",
  ])
})

test("a login of another client is told outside the steps", async () => {
  const rig = await openRig()
  const code = rig.simulator.issueCode({ user: "dave" })
  await fetch(`${rig.server.url}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  })
  const messages = await rig.messages()
  expect(messages.map(arrow)).toEqual([
    "null server→wechat request GET /sns/jscode2session",
    "null wechat→server reply 200 OK",
  ])
  expect(messages[0]?.title.en).toMatch(/^Another client: /)
})
