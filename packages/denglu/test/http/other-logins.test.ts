import { afterEach, describe, expect, test } from "vitest"
import { apps, type SeveralApps, startSeveralApps } from "../support/several-apps.ts"

const running: SeveralApps[] = []
afterEach(() => Promise.all(running.splice(0).map(({ close }) => close())))

async function start(options: Parameters<typeof startSeveralApps>[0] = {}) {
  const started = await startSeveralApps(options)
  running.push(started)
  return started
}

describe("websites and official accounts", () => {
  test("join the mini program's user by unionid, with an openid of their own", async () => {
    const { logInTo, login } = await start()
    const mini = await logInTo("shop", "alice")
    const web = await logInTo("website", "alice")
    const page = await logInTo("account", "alice")
    expect([web.user.id, page.user.id]).toEqual([mini.user.id, mini.user.id])
    expect([web.user.is_new, page.user.is_new]).toEqual([false, false])
    const identities = (await login.users.get(mini.user.id))?.identities ?? []
    expect(identities.map(({ appid }) => appid)).toEqual([apps.shop, apps.website, apps.account])
    expect(new Set(identities.map(({ openid }) => openid)).size).toBe(3)
    expect(new Set(identities.map(({ unionid }) => unionid)).size).toBe(1)
  })

  test("a silent login of an official account brings no unionid; one that was agreed to later attaches it", async () => {
    const { logInTo, simulator, tryIn } = await start()
    const code = simulator.issueOauthCode({ appid: apps.account, user: "alice", scope: "snsapi_base" })
    const silent = (await tryIn("account", "alice", { code })).body
    await logInTo("account", "alice")
    expect((await logInTo("shop", "alice")).user.id).toBe(silent.user.id)
  })

  test("a visitor of a preview is refused, and no user comes into being", async () => {
    const { simulator, tryIn, login } = await start()
    const created: string[] = []
    login.on("user.created", ({ userId }) => created.push(userId))
    const code = simulator.issueOauthCode({ appid: apps.account, user: "alice", isSnapshotUser: true })
    const answer = await tryIn("account", "alice", { code })
    expect(answer).toMatchObject({ status: 403, body: { code: "snapshot_user" } })
    expect(created).toEqual([])
  })

  test("a code used twice, one of wx.login(), and one of another app are 400, as for a mini program", async () => {
    const { codeIn, tryIn } = await start()
    const code = codeIn("website", "alice")
    expect((await tryIn("website", "alice", { code })).status).toBe(200)
    expect((await tryIn("website", "alice", { code })).body.code).toBe("code_used")
    for (const other of [codeIn("shop", "alice"), codeIn("account", "alice")])
      expect(await tryIn("website", "alice", { code: other })).toMatchObject({
        status: 400,
        body: { code: "code_invalid" },
      })
  })

  test("the same code sent at once reaches WeChat once", async () => {
    const { codeIn, tryIn, simulator } = await start()
    const code = codeIn("website", "alice")
    const answers = await Promise.all([1, 2, 3, 4].map(() => tryIn("website", "alice", { code })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
    expect(simulator.calls.filter(({ endpoint }) => endpoint === "oauth2_access_token")).toHaveLength(1)
  })

  test("have no session_key: open data is a 400 that says so, and no try is counted", async () => {
    const { logInTo, send, simulator } = await start()
    const { access_token: token } = await logInTo("website", "alice")
    const { encryptedData, iv } = simulator.encryptData({ appid: apps.shop, user: "alice" })
    for (let tries = 0; tries < 25; tries += 1)
      expect(
        await send("POST", "/me/open-data", { token, body: { encrypted_data: encryptedData, iv } }),
      ).toMatchObject({ status: 400, body: { code: "session_key_missing" } })
  })

  test("nothing of WeChat's tokens for web pages is kept or logged", async () => {
    const { codeIn, tryIn, simulator, logged } = await start({
      wechat: { fetch: async request => taken(await simulatorOf().fetch(request)) },
    })
    function simulatorOf() {
      return simulator
    }
    const seen: string[] = []
    async function taken(response: Response) {
      const text = await response.text()
      const { access_token, refresh_token } = JSON.parse(text)
      seen.push(access_token, refresh_token)
      return new Response(text, response)
    }
    const answer = await tryIn("website", "alice", { code: codeIn("website", "alice") })
    expect(answer.status).toBe(200)
    expect(seen).toHaveLength(2)
    for (const secret of seen) expect(answer.text + logged.join("")).not.toContain(secret)
  })

  test("a kind that isn't there is refused at the start", async () => {
    const secret = "0123456789abcdef0123456789abcdef"
    await expect(start({ apps: [{ appid: apps.website, secret, kind: "app" as never }] })).rejects.toThrow(
      /kind of app .* is none of mini_program, website, official_account/,
    )
  })
})

describe("cloud hosting", () => {
  const headers = {
    "x-wx-source": "wx_client",
    "x-wx-appid": apps.shop,
    "x-wx-openid": "oGZUI0egBJY1zhBYw2KhdUfwVJJE",
    "x-wx-unionid": "oXZUI0egBJY1zhBYw2KhdUfwVJJE",
  }

  test("switched off, the headers mean nothing", async () => {
    const { send, logInTo } = await start()
    expect(await send("POST", "/login/cloud", { headers })).toMatchObject({
      status: 404,
      body: { code: "not_found" },
    })
    const { access_token: token } = await logInTo("shop", "alice")
    expect((await send("GET", "/me", { headers })).status).toBe(401)
    const me = await send("GET", "/me", { headers, token })
    expect(me.status).toBe(200)
  })

  test("switched on, whom they name is logged in without a code, and is warned of at the start", async () => {
    const { send, login, logged, simulator } = await start({ cloudHosting: true })
    expect(logged.join("")).toMatch(/must not be reachable but through WeChat/)
    const first = await send("POST", "/login/cloud", { headers })
    expect(first).toMatchObject({ status: 200, body: { token_type: "Bearer", user: { is_new: true } } })
    const again = await send("POST", "/login/cloud", { headers })
    expect(again.body.user).toMatchObject({ id: first.body.user.id, is_new: false })
    expect((await login.users.get(first.body.user.id))?.identities).toMatchObject([
      { appid: apps.shop, openid: headers["x-wx-openid"], unionid: headers["x-wx-unionid"] },
    ])
    expect(simulator.calls).toEqual([])
    const open = await send("POST", "/me/open-data", {
      token: first.body.access_token,
      body: { encrypted_data: "AAAA", iv: "AAAA" },
    })
    expect(open.body.code).toMatch(/session_key_missing|invalid_request/)
  })

  test("a session_key that wx.login() brought stays", async () => {
    const { send, logInTo, login, simulator } = await start({ cloudHosting: true })
    const { user, session_id } = await logInTo("shop", "alice")
    const [identity] = (await login.users.get(user.id))?.identities ?? []
    const cloud = await send("POST", "/login/cloud", {
      headers: { ...headers, "x-wx-openid": identity?.openid ?? "", "x-wx-unionid": "" },
    })
    expect(cloud.body.user.id).toBe(user.id)
    const sent = simulator.encryptData({ appid: apps.shop, user: "alice", data: { openGId: "g" } })
    expect(await login.openData.decrypt(session_id, sent)).toMatchObject({ openGId: "g" })
    expect(await login.openData.decrypt(cloud.body.session_id, sent)).toMatchObject({ openGId: "g" })
  })

  test.each([
    ["X-WX-SOURCE", { "x-wx-source": "" }, "invalid_request"],
    ["X-WX-APPID", { "x-wx-appid": "" }, "invalid_request"],
    ["X-WX-OPENID", { "x-wx-openid": "" }, "invalid_request"],
    ["a second X-WX-OPENID", { "x-wx-openid": "oOne, oTwo" }, "invalid_request"],
    ["an openid without end", { "x-wx-openid": "o".repeat(129) }, "invalid_request"],
    ["a unionid that is none", { "x-wx-unionid": "'; --" }, "invalid_request"],
    ["an app that isn't ours", { "x-wx-appid": "wx0123456789abcdef" }, "app_unknown"],
  ])("without a good %s nobody is logged in", async (_, wrong, code) => {
    const { send } = await start({ cloudHosting: true })
    const answer = await send("POST", "/login/cloud", { headers: { ...headers, ...wrong } })
    expect(answer).toMatchObject({ status: 400, body: { code } })
  })

  test("it counts against the limits of logins", async () => {
    const { send } = await start({ cloudHosting: true, limits: { loginsPerAddress: 2 } })
    const statuses: number[] = []
    for (let tries = 0; tries < 3; tries += 1)
      statuses.push((await send("POST", "/login/cloud", { headers })).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  test("the option is a yes or a no", async () => {
    await expect(start({ cloudHosting: "yes" as never })).rejects.toThrow(/cloudHosting is true or false/)
  })
})
