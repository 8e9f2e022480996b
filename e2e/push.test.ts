import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { type PushOutcome, type StartedSimulator, startSimulator } from "@denglu/simulator"
import { createLogin, type Events, type Login } from "denglu"
import { afterEach, describe, expect, test } from "vitest"

const token = "e2eToken"
const encodingAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

let simulator: StartedSimulator
let login: Login
let server: Server
let refuse = 0
const told: Events["wechat.push"][] = []

async function start(push: { readonly token: string; readonly encodingAesKey?: string }) {
  told.length = 0
  refuse = 0
  simulator = await startSimulator({ port: 0 })
  login = await createLogin({
    apps: simulator.simulator.state().apps.map(({ appid, secret }) => ({ appid, secret, push })),
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-e2e-push",
    basePath: "/auth",
    wechat: { simulator: simulator.url },
  })
  login.on("wechat.push", event => told.push(event))
  server = createServer((req, res) => {
    // An instance that is being replaced.
    if (req.url?.includes("/wechat/push/") && refuse > 0) {
      refuse -= 1
      res.writeHead(502).end()
    } else login.node(req, res)
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
}

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await login.close()
  await simulator.close()
})

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/auth`

async function logIn(user: string) {
  const code = simulator.simulator.issueCode({ user })
  const response = await fetch(`${address()}/login`, { method: "POST", body: JSON.stringify({ code }) })
  const { access_token, user: person } = (await response.json()) as {
    readonly access_token: string
    readonly user: { readonly id: string }
  }
  const me = () =>
    fetch(`${address()}/me`, { headers: { authorization: `Bearer ${access_token}` } }).then(
      ({ status }) => status,
    )
  return { me, userId: person.id }
}

/** Has the simulated WeChat push over HTTP, and waits for what becomes of it. */
async function push(settings: object): Promise<PushOutcome> {
  const [app] = simulator.simulator.state().apps
  const url = `${address()}/wechat/push/${app?.appid}`
  const control = async (path: string, body?: object) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }
    const response = await fetch(`${simulator.url}/__simulator__/${path}`, init)
    expect(response.status).toBe(200)
    return response.json()
  }
  const { push: number } = (await control("push", { url, pauseMs: 20, ...settings })) as { push: number }
  let outcome: PushOutcome | undefined
  await expect
    .poll(
      async () => {
        const { pushes } = (await control("pushes")) as { pushes: readonly PushOutcome[] }
        outcome = pushes.find(one => one.number === number)
        return outcome?.state
      },
      { timeout: 10_000 },
    )
    .not.toBe("under way")
  return outcome as PushOutcome
}

const modes = [
  { name: "plain", push: { token } },
  { name: "safe", push: { token, encodingAesKey } },
] as const

describe.each(modes)("in the $name mode", ({ push: options }) => {
  test.each(["json", "xml"])(
    "a withdrawal in %s ends the person's session and nobody else's",
    async format => {
      await start(options)
      const alice = await logIn("alice")
      const bob = await logIn("bob")
      const { state, attempts } = await push({
        ...options,
        user: "alice",
        event: "user_authorization_revoke",
        format,
      })
      expect([state, attempts]).toEqual(["delivered", [{ status: 200, text: "success" }]])
      expect([await alice.me(), await bob.me()]).toEqual([401, 200])
      expect(told).toMatchObject([
        { kind: "user_authorization_revoke", userId: alice.userId, revokeInfo: ["6"] },
      ])
    },
  )

  test("WeChat's retries reach it when the server was away, and copies are told once", async () => {
    await start(options)
    const alice = await logIn("alice")
    refuse = 2
    const { state, attempts } = await push({
      ...options,
      user: "alice",
      event: "user_authorization_cancellation",
    })
    expect([state, attempts.map(({ status }) => status)]).toEqual(["delivered", [502, 502, 200]])
    expect(await alice.me()).toBe(401)
    await push({ ...options, user: "bob", event: "user_info_modified", copies: 20 })
    await expect.poll(() => simulator.simulator.pushes().every(one => one.state === "delivered")).toBe(true)
    expect(told.map(({ kind }) => kind)).toEqual(["user_authorization_cancellation", "user_info_modified"])
  })

  test("a push that somebody else signed is refused each time, and ends nothing", async () => {
    await start(options)
    const alice = await logIn("alice")
    const event = "user_authorization_revoke"
    const { state, attempts } = await push({ ...options, user: "alice", event, token: "another" })
    expect([state, attempts.map(({ status }) => status)]).toEqual(["given up", [403, 403, 403, 403]])
    expect(await alice.me()).toBe(200)
    expect(told).toEqual([])
  })
})
