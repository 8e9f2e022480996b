import { expect, test } from "vitest"
import { createSimulator } from "../src/index.ts"

const host = "http://127.0.0.1:3001"
const now = 1_800_000_000_000
const website = "wxsim00000000000we"
const account = "wxsim00000000000oa"

function start() {
  const simulator = createSimulator({
    now,
    apps: [{}, { appid: website, kind: "website" }, { appid: account, kind: "official_account" }],
  })
  const secretOf = (appid: string) => simulator.state().apps.find(app => app.appid === appid)?.secret ?? ""
  const exchange = async (appid: string, code: string, given: Record<string, string> = {}) => {
    const query = { appid, secret: secretOf(appid), code, grant_type: "authorization_code", ...given }
    const url = `${host}/sns/oauth2/access_token?${new URLSearchParams(query)}`
    const response = await simulator.fetch(new Request(url))
    return { contentType: response.headers.get("content-type"), body: JSON.parse(await response.text()) }
  }
  const logIn = async (code: string) => {
    const [app] = simulator.state().apps
    const query = { appid: app?.appid ?? "", secret: app?.secret ?? "", js_code: code }
    const url = `${host}/sns/jscode2session?${new URLSearchParams({ ...query, grant_type: "authorization_code" })}`
    return JSON.parse(await (await simulator.fetch(new Request(url))).text())
  }
  return { simulator, exchange, logIn }
}

test("a website's code becomes tokens, openid, scope and unionid, in this order, without errcode", async () => {
  const { simulator, exchange, logIn } = start()
  const { contentType, body } = await exchange(
    website,
    simulator.issueOauthCode({ appid: website, user: "alice" }),
  )
  expect(contentType).toBe("text/plain")
  expect(Object.keys(body)).toEqual([
    "access_token",
    "expires_in",
    "refresh_token",
    "openid",
    "scope",
    "unionid",
  ])
  expect(body).toMatchObject({ expires_in: 7_200, scope: "snsapi_login" })
  const mini = await logIn(simulator.issueCode({ user: "alice" }))
  expect(body.unionid).toBe(mini.unionid)
  expect(body.openid).not.toBe(mini.openid)
})

test("an official account's silent login brings the openid alone, one that was agreed to the unionid too", async () => {
  const { simulator, exchange } = start()
  const code = (scope: "snsapi_base" | "snsapi_userinfo") =>
    simulator.issueOauthCode({ appid: account, user: "alice", scope })
  const { body: silent } = await exchange(account, code("snsapi_base"))
  const { body: agreed } = await exchange(account, code("snsapi_userinfo"))
  expect(silent).not.toHaveProperty("unionid")
  expect(agreed.openid).toBe(silent.openid)
  expect(agreed.unionid).toMatch(/^o[A-Za-z0-9_-]{27}$/)
})

test("a visitor of a preview has a virtual openid, another one each time", async () => {
  const { simulator, exchange } = start()
  const visit = () => simulator.issueOauthCode({ appid: account, user: "alice", isSnapshotUser: true })
  const [one, other] = [await exchange(account, visit()), await exchange(account, visit())]
  expect(one.body).toMatchObject({ is_snapshotuser: 1 })
  expect(one.body.openid).not.toBe(other.body.openid)
})

test("a code is good once, ten minutes for a website, five for an official account, in its own app", async () => {
  const { simulator, exchange } = start()
  const code = (appid: string) => simulator.issueOauthCode({ appid, user: "alice" })
  const used = code(website)
  await exchange(website, used)
  expect((await exchange(website, used)).body).toMatchObject({
    errcode: 40163,
    errmsg: expect.stringMatching(/^code been used, rid: /),
  })
  expect((await exchange(account, code(website))).body.errcode).toBe(40029)
  const [ofWebsite, ofAccount] = [code(website), code(account)]
  simulator.clock.advance(300_000)
  expect((await exchange(account, ofAccount)).body.errcode).toBe(40029)
  simulator.clock.advance(299_999)
  expect((await exchange(website, ofWebsite)).body.errcode).toBeUndefined()
  const late = code(website)
  simulator.clock.advance(600_000)
  expect((await exchange(website, late)).body.errcode).toBe(40029)
})

test("a code of wx.login() is 40242, in WeChat's words", async () => {
  const { simulator, exchange } = start()
  expect((await exchange(website, simulator.issueCode({ user: "alice" }))).body).toMatchObject({
    errcode: 40242,
    errmsg: expect.stringMatching(
      /^invalid oauth code, it is miniprogram jscode, please use jscode2session, rid: /,
    ),
  })
})

test.each([
  ["no appid", { appid: "" }, 41002],
  ["an unknown appid, before everything else", { appid: "wx0", secret: "", code: "" }, 40013],
  ["no secret", { secret: "" }, 41004],
  ["a wrong secret, before the code", { secret: "0".repeat(32) }, 40125],
  ["another grant_type", { grant_type: "password" }, 40002],
])("%s is errcode %3$s, and leaves the code alone", async (_name, given, errcode) => {
  const { simulator, exchange } = start()
  const code = simulator.issueOauthCode({ appid: website, user: "alice" })
  expect((await exchange(website, code, given)).body.errcode).toBe(errcode)
  expect((await exchange(website, code)).body.errcode).toBeUndefined()
})

test("each kind of app has its own kind of code", () => {
  const { simulator } = start()
  expect(() => simulator.issueOauthCode({ user: "alice" })).toThrow(TypeError)
  expect(() => simulator.issueCode({ appid: website, user: "alice" })).toThrow(TypeError)
})

test("an app that is bound to the open platform later brings the unionid from then on", async () => {
  const simulator = createSimulator({ now, apps: [{ boundToOpenPlatform: false }] })
  const [app] = simulator.state().apps
  const unionids = () => simulator.state().users.map(user => user.unionid)
  simulator.issueCode({ user: "alice" })
  expect(unionids()).toEqual([null])
  simulator.addApp({ appid: app?.appid ?? "", secret: app?.secret ?? "" })
  expect(unionids()).toEqual([expect.stringMatching(/^o/)])
})

test("codes come over HTTP too, and what is wrong is told", async () => {
  const { simulator, exchange } = start()
  const ask = async (body: object) => {
    const request = new Request(`${host}/__simulator__/oauth-code`, {
      method: "POST",
      body: JSON.stringify(body),
    })
    const response = await simulator.fetch(request)
    return { status: response.status, body: (await response.json()) as { code: string; error: string } }
  }
  const { body } = await ask({ appid: website, user: "alice" })
  expect((await exchange(website, body.code)).body.scope).toBe("snsapi_login")
  expect(await ask({ user: "alice" })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("is a mini program") },
  })
  expect((await ask({ appid: website, user: "alice", scope: "all" })).status).toBe(400)
})
