import { afterEach, expect, test } from "vitest"
import { type AppName, apps, type SeveralApps, startSeveralApps } from "../support/several-apps.ts"

const running: SeveralApps[] = []
afterEach(() => Promise.all(running.splice(0).map(({ close }) => close())))

interface IdentityRow {
  readonly id: string
  readonly appid: string
  readonly kind: string
  readonly current: boolean
}

async function start(options: Parameters<typeof startSeveralApps>[0] = {}) {
  const started = await startSeveralApps(options)
  running.push(started)
  const attach = (token: string, app: AppName, person: string) =>
    started.send("POST", "/me/identities", {
      token,
      body: { appid: apps[app], code: started.codeIn(app, person) },
    })
  const identities = async (token: string) =>
    (await started.send("GET", "/me/identities", { token })).body.identities as IdentityRow[]
  return { ...started, attach, identities }
}

test("the code of another app attaches its identity to the user who asks, who logs in by it from then on", async () => {
  const { attach, identities, logInTo, login } = await start()
  const attached: object[] = []
  login.on("identity.attached", event => attached.push(event))
  const mini = await logInTo("club", "alice")
  const answer = await attach(mini.access_token, "website", "alice")
  expect(answer.status).toBe(200)
  expect(answer.body.identities).toMatchObject([
    { appid: apps.club, kind: "mini_program", current: true },
    { appid: apps.website, kind: "website", current: false },
  ])
  expect(await logInTo("website", "alice")).toMatchObject({ user: { id: mini.user.id, is_new: false } })
  expect((await logInTo("shop", "alice")).user.id).toBe(mini.user.id)
  expect(attached).toMatchObject([{ userId: mini.user.id, appid: apps.website }])
  const [identity] = (await login.users.get(mini.user.id))?.identities ?? []
  expect(JSON.stringify(await identities(mini.access_token))).not.toContain(identity?.openid)
})

test("attaching the same identity again changes nothing", async () => {
  const { attach, logInTo } = await start()
  const { access_token } = await logInTo("club", "alice")
  await attach(access_token, "website", "alice")
  const again = await attach(access_token, "website", "alice")
  expect(again.status).toBe(200)
  expect(again.body.identities).toHaveLength(2)
})

test("another user's identity is a 409, and so is one whose unionid is another user's", async () => {
  const { attach, identities, logInTo } = await start()
  const mine = await logInTo("club", "mallory")
  const theirs = await logInTo("shop", "alice")
  for (const app of ["shop", "website"] as const) {
    const answer = await attach(mine.access_token, app, "alice")
    expect(answer).toMatchObject({ status: 409, body: { code: "identity_taken" } })
    expect(answer.text).not.toContain(theirs.user.id)
  }
  expect(await identities(mine.access_token)).toHaveLength(1)
  expect((await logInTo("website", "alice")).user.id).toBe(theirs.user.id)
})

test("a bad code, an unknown app and no token are what they are elsewhere", async () => {
  const { codeIn, logInTo, send } = await start()
  const { access_token: token } = await logInTo("club", "alice")
  const code = codeIn("website", "alice")
  const attach = (body: object) => send("POST", "/me/identities", { token, body })
  expect(await attach({ appid: apps.account, code })).toMatchObject({
    status: 400,
    body: { code: "code_invalid" },
  })
  expect((await attach({ appid: "wx0123456789abcdef", code })).body.code).toBe("app_unknown")
  expect((await attach({ code })).body.code).toBe("invalid_request")
  expect((await attach({ appid: apps.website, code, user_id: "somebody" })).status).toBe(200)
  for (const [method, path] of [
    ["GET", "/me/identities"],
    ["POST", "/me/identities"],
    ["DELETE", "/me/identities/x"],
    ["POST", "/me/merge"],
  ] as const)
    expect((await send(method, path, { body: method === "GET" ? undefined : {} })).status).toBe(401)
})

test("an identity that is taken away logs in somebody else, and its sessions are over at once", async () => {
  const { attach, identities, logInTo, login, send } = await start()
  const detached: object[] = []
  login.on("identity.detached", event => detached.push(event))
  const mini = await logInTo("club", "alice")
  await attach(mini.access_token, "website", "alice")
  const web = await logInTo("website", "alice")
  const id = (await identities(mini.access_token)).find(({ appid }) => appid === apps.website)?.id
  const gone = await send("DELETE", `/me/identities/${id}`, { token: mini.access_token })
  expect(gone.status).toBe(204)
  expect((await send("GET", "/me", { token: web.access_token })).body.code).toBe("session_revoked")
  expect((await send("GET", "/me", { token: mini.access_token })).status).toBe(200)
  expect(await logInTo("website", "alice")).toMatchObject({ user: { is_new: true } })
  expect(detached).toMatchObject([{ userId: mini.user.id, appid: apps.website }])
})

test("the last identity stays, and another user's is not found", async () => {
  const { identities, logInTo, send } = await start()
  const alice = await logInTo("club", "alice")
  const bob = await logInTo("club", "bob")
  const [own] = await identities(alice.access_token)
  const remove = (token: string, id: string | undefined) => send("DELETE", `/me/identities/${id}`, { token })
  expect(await remove(alice.access_token, own?.id)).toMatchObject({
    status: 409,
    body: { code: "last_way_in" },
  })
  expect((await remove(bob.access_token, own?.id)).status).toBe(404)
  expect(await identities(alice.access_token)).toHaveLength(1)
})

test("a session_key that comes with an attached mini program opens its data", async () => {
  const { attach, logInTo, send, simulator } = await start()
  const web = await logInTo("website", "alice")
  await attach(web.access_token, "club", "alice")
  const sent = simulator.encryptData({ appid: apps.club, user: "alice", data: { openGId: "g" } })
  const { access_token: token } = await logInTo("club", "alice")
  const body = { encrypted_data: sent.encryptedData, iv: sent.iv }
  expect((await send("POST", "/me/open-data", { token, body })).status).toBe(200)
})
