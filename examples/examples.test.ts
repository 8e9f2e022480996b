import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startSimulator } from "@denglu/simulator"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"

type Environment = Readonly<Record<string, string>>

let simulator: Awaited<ReturnType<typeof startSimulator>>
let settings: Environment
const toClose: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 })
  const [app] = simulator.simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  settings = {
    WECHAT_APPID: app.appid,
    WECHAT_SECRET: app.secret,
    WECHAT_SIMULATOR: simulator.url,
    DENGLU_SECRET: "2b7e151628aed2a6abf7158809cf4f3c-e7a1",
  }
})
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})
afterAll(() => simulator?.close())

/** Runs an example as `npm start` does, in an empty folder, with this environment on top of the machine's. */
async function run(example: string, environment: Environment) {
  const cwd = await mkdtemp(join(tmpdir(), "denglu-example-"))
  const file = fileURLToPath(new URL(`${example}/server.ts`, import.meta.url))
  const child = spawn(process.execPath, ["--conditions=denglu-source", file], {
    cwd,
    env: { PATH: process.env.PATH, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", text => printed.push(text))
  }
  toClose.push(async () => {
    if (child.exitCode === null) child.kill("SIGKILL")
    await ended
    await rm(cwd, { recursive: true })
  })
  return { child, ended, output: () => printed.join("") }
}

/** Starts an example and answers its address when it listens. */
async function start(example: string, environment: Environment) {
  const running = await run(example, environment)
  const port = await portOf(running.child, running.output)
  return { ...running, url: `http://127.0.0.1:${port}` }
}

async function portOf(child: ChildProcess, output: () => string): Promise<string> {
  const over = once(child, "close").then(() => "over" as const)
  for (;;) {
    const port = /listening on .*port: (\d+)/s.exec(output())?.[1]
    if (port !== undefined) return port
    const more = once(child.stdout as NonNullable<typeof child.stdout>, "data")
    if ((await Promise.race([more, over])) === "over") throw new Error(`it ended: ${output()}`)
  }
}

async function logIn(url: string, user: string) {
  const body = JSON.stringify({ code: simulator.simulator.issueCode({ user }) })
  const response = await fetch(`${url}/login`, { method: "POST", body })
  expect(response.status).toBe(200)
  return (await response.json()) as { readonly access_token: string; readonly user: { readonly id: string } }
}

const orders = (url: string, headers: Record<string, string> = {}) => fetch(`${url}/orders`, { headers })

async function expectServed(url: string, { access_token, user }: Awaited<ReturnType<typeof logIn>>) {
  const answer = await orders(url, { authorization: `Bearer ${access_token}` })
  expect([answer.status, await answer.json()]).toEqual([200, { orders: [], of: user.id }])
  const refused = await orders(url)
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: "token_missing" }])
  expect((await fetch(`${url}/nowhere`)).status).toBe(404)
}

describe.each(["express", "fastify", "hono", "node-http"])("the example %s", example => {
  test("logs in, serves the user's orders, refuses strangers, and ends cleanly on SIGTERM", async () => {
    const { child, ended, output, url } = await start(example, settings)
    await expectServed(url, await logIn(url, "alice"))
    child.kill("SIGTERM")
    expect(await ended, output()).toEqual([0, null])
  })

  test("says which settings are missing", async () => {
    const { ended, output } = await run(example, {})
    expect(await ended).toEqual([1, null])
    expect(output()).toContain("Set WECHAT_APPID, WECHAT_SECRET and DENGLU_SECRET")
  })
})

/** What a browser sends from a page of the site. */
const fromPage = { "sec-fetch-site": "same-origin", "denglu-session": "cookie" }

/** The cookies that a browser has after an answer. */
function cookiesOf(response: Response, before = ""): string {
  const set = response.headers.getSetCookie().map(cookie => cookie.split(";")[0] ?? "")
  return [...before.split("; ").filter(Boolean), ...set].join("; ")
}

describe("the example web", () => {
  test("serves a page with the panel; a browser is logged in by scanning, and keeps its session in cookies", async () => {
    const { child, ended, output, url } = await start("web", settings)
    expect(await (await fetch(url)).text()).toContain("<denglu-login")
    expect(await (await fetch(`${url}/page.js`)).text()).toContain("customElements")

    const asked = await fetch(`${url}/scan`, { method: "POST", headers: fromPage })
    const code = (await asked.json()) as {
      readonly id: string
      readonly image: string
      readonly number: string
    }
    const cookie = cookiesOf(asked)
    const image = Buffer.from(code.image.split(",")[1] ?? "", "base64")
    const { query, scene } = simulator.simulator.scanCode({ image }) ?? {}
    const { access_token, user } = await logIn(url, "alice")
    const answer = (path: string, body: object) =>
      fetch(`${url}/scan/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${access_token}` },
        body: JSON.stringify(body),
      })
    const opened = await answer("open", {
      scene: decodeURIComponent(query?.scene ?? ""),
      launch_scene: scene,
    })
    expect([opened.status, await opened.json()]).toMatchObject([200, { site: { name: "示例商城" } }])
    expect((await answer(`${code.id}/confirm`, { number: code.number })).status).toBe(204)

    const redeemed = await fetch(`${url}/scan/${code.id}/redeem`, {
      method: "POST",
      headers: { ...fromPage, cookie },
    })
    expect([redeemed.status, await redeemed.json()]).toMatchObject([200, { user: { id: user.id } }])
    const served = await orders(url, { cookie: cookiesOf(redeemed) })
    expect([served.status, await served.json()]).toEqual([200, { orders: [], of: user.id }])
    expect((await orders(url)).status).toBe(401)
    child.kill("SIGTERM")
    expect(await ended, output()).toEqual([0, null])
  })

  test("says which settings are missing", async () => {
    const { ended, output } = await run("web", {})
    expect(await ended).toEqual([1, null])
    expect(output()).toContain("Set WECHAT_APPID, WECHAT_SECRET and DENGLU_SECRET")
  })
})

describe("the example verifier", () => {
  test("serves who logged in elsewhere, without a database, and refuses them within a second of the logout", async () => {
    const login = await start("express", settings)
    const { child, ended, output, url } = await start("verifier", { LOGIN_URL: login.url })
    const tokens = await logIn(login.url, "alice")
    await expectServed(url, tokens)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    expect((await fetch(`${login.url}/logout`, { method: "POST", headers })).status).toBe(200)
    const loggedOutAt = performance.now()
    let refused = await orders(url, headers)
    while (refused.status === 200 && performance.now() - loggedOutAt < 1000)
      refused = await orders(url, headers)
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: "session_revoked" }])
    expect(performance.now() - loggedOutAt).toBeLessThan(1000)
    child.kill("SIGTERM")
    expect(await ended, output()).toEqual([0, null])
  })

  test("says that the login server's address is missing", async () => {
    const { ended, output } = await run("verifier", {})
    expect(await ended).toEqual([1, null])
    expect(output()).toContain("Set LOGIN_URL")
  })
})
