import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startSimulator } from "@denglu/simulator"
import { afterAll, expect, test } from "vitest"
import { type Child, seeded, startChild } from "./support/child.ts"

const kills = 20
const logins = 5_000
const clients = 32
const people = 1_500
const folder = mkdtempSync(join(tmpdir(), "denglu-crash-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Acknowledged {
  readonly person: string
  readonly userId: string
  readonly accessToken: string
  readonly refreshToken: string
  /** `tried` if the answer to a logout was lost, or was that it could not be done: then nobody knows. */
  logout: "none" | "tried" | "done"
}

test(`killed with SIGKILL ${kills} times during ${logins} logins, the server loses nothing it acknowledged`, {
  timeout: 240_000,
}, async () => {
  const simulator = await startSimulator({ port: 0 })
  const [app] = simulator.simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  const store = `sqlite:${join(folder, "login.db")}`
  const start = async (port: number): Promise<readonly [Child, number]> => {
    const child = startChild("login-server.ts", [
      JSON.stringify({
        port,
        apps: [{ appid: app.appid, secret: app.secret }],
        store,
        secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-crash",
        limits: false,
        wechat: { simulator: simulator.url },
      }),
    ])
    return [child, Number((await child.printed(/listening (\d+)/))[1])]
  }

  let [server, port] = await start(0)
  const post = async (path: string, body: unknown, token?: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  const acknowledged: Acknowledged[] = []
  let lost = 0
  const client = async () => {
    while (acknowledged.length < logins) {
      const person = `person ${Math.floor(random() * people)}`
      try {
        const answer = await post("/login", {
          code: simulator.simulator.issueCode({ appid: app.appid, user: person }),
        })
        if (answer.status !== 200) continue
        const tokens = answer.body as unknown as {
          access_token: string
          refresh_token: string
          user: { id: string }
        }
        const entry: Acknowledged = {
          person,
          userId: tokens.user.id,
          accessToken: tokens.access_token,
          refreshToken: tokens.refresh_token,
          logout: "none",
        }
        acknowledged.push(entry)
        if (random() < 0.8) continue
        entry.logout = "tried"
        if ((await post("/logout", {}, entry.accessToken)).status === 200) entry.logout = "done"
      } catch {
        // The server was killed under the request: nothing was acknowledged, the client tries again with a new code.
        lost += 1
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
  }

  const killer = async () => {
    for (let kill = 1; kill <= kills; kill += 1) {
      const at = (logins * kill) / (kills + 1)
      while (acknowledged.length < at) await new Promise(resolve => setTimeout(resolve, 2))
      const [, signal] = await server.end("SIGKILL")
      expect(signal).toBe("SIGKILL")
      ;[server, port] = await start(port)
    }
  }
  await Promise.all([killer(), ...Array.from({ length: clients }, client)])

  const usersOf = new Map<string, Set<string>>()
  for (const { person, userId } of acknowledged)
    usersOf.set(person, (usersOf.get(person) ?? new Set()).add(userId))
  const duplicated = [...usersOf.values()].filter(users => users.size > 1)
  let missing = 0
  let undone = 0
  for (const { refreshToken, logout } of acknowledged) {
    const { status, body } = await post("/refresh", { refresh_token: refreshToken })
    if (status === 200) {
      if (logout === "done") undone += 1
      continue
    }
    const isLoggedOut = status === 401 && body.code === "session_revoked"
    if (!isLoggedOut || logout === "none") missing += 1
  }
  console.log(
    `seed ${seed}: ${acknowledged.length} logins acknowledged, ${acknowledged.filter(entry => entry.logout === "done").length} logouts, ` +
      `${kills} kills, ${lost} requests cut off; lost ${missing}, duplicate users ${duplicated.length}, undone logouts ${undone}`,
  )
  expect([missing, duplicated.length, undone]).toEqual([0, 0, 0])
  expect(lost).toBeGreaterThan(0)
  await server.end("SIGTERM")
  await simulator.close()
})
