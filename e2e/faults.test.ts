import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { faultKinds, startSimulator } from "@denglu/simulator"
import { createLogin, type Login } from "denglu"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const documented = new Set([
  "phone_code_invalid",
  "wechat_unreachable",
  "wechat_busy",
  "wechat_rate_limited",
  "code_invalid",
  "code_used",
  "code_blocked",
  "app_misconfigured",
])
let simulator: Awaited<ReturnType<typeof startSimulator>>
let login: Login
let server: Server
let url: string
const logged: string[] = []
let count = 0

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 })
  const note = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`)
  login = await createLogin({
    apps: simulator.simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-faults",
    limits: false,
    clock: () => simulator.simulator.clock.now(),
    log: { info: note, warn: note, error: note },
    wechat: { simulator: simulator.url },
  })
  server = createServer(login.node)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await login.close()
  await simulator.close()
})

const app = () => {
  const [first] = simulator.simulator.state().apps
  if (first === undefined) throw new Error("the simulator has no app")
  return first
}

async function logIn(code: string) {
  const startedAt = performance.now()
  const response = await fetch(`${url}/login`, { method: "POST", body: JSON.stringify({ code }) })
  const text = await response.text()
  return {
    status: response.status,
    body: JSON.parse(text),
    text,
    headers: response.headers,
    took: performance.now() - startedAt,
  }
}

describe.each([...faultKinds])("WeChat's fault %s", kind => {
  test.each([
    ["before the code is consumed", false],
    ["after the code is consumed", true],
  ])(
    "%s: a documented answer within 3.2 s that gives nothing away, and the next login works",
    async (_when, afterConsume) => {
      const code = simulator.simulator.issueCode({ appid: app().appid, user: "alice" })
      simulator.simulator.faults.add({ kind, endpoint: "jscode2session", times: 1, afterConsume })
      const answer = await logIn(code)
      simulator.simulator.faults.clear()
      expect(answer.took).toBeLessThan(3200)
      if (answer.status !== 200) {
        expect(documented).toContain(answer.body.code)
        expect(answer.body.remedy.length).toBeGreaterThan(10)
        if (answer.status === 503) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0)
      }
      for (const secret of [code, app().secret]) {
        expect(answer.text).not.toContain(secret)
        expect(logged.join("\n")).not.toContain(secret)
      }
      const again = await logIn(simulator.simulator.issueCode({ appid: app().appid, user: "alice" }))
      expect([kind, again.status]).toEqual([kind, 200])
    },
  )
})

describe.each([...faultKinds])("WeChat's fault %s at a phone number", kind => {
  test.each([
    ["before the code is consumed", false, "getuserphonenumber"],
    ["after the code is consumed", true, "getuserphonenumber"],
    ["where the access_token is fetched", false, "stable_token"],
  ])(
    "%s: a documented answer within 3.2 s that gives nothing away, and the next code works",
    async (_when, afterConsume, endpoint) => {
      count += 1
      const user = `carol ${kind} ${count}`
      const number = `138001${String(count).padStart(5, "0")}`
      simulator.simulator.addUser({ name: user, phone: number })
      const code = () => simulator.simulator.issuePhoneCode({ user })
      // An access_token that is kept would not be fetched.
      if (endpoint === "stable_token") simulator.simulator.clock.advance(7_200_000)
      const { body } = await logIn(simulator.simulator.issueCode({ user }))
      const bind = async (sent: string) => {
        const startedAt = performance.now()
        const response = await fetch(`${url}/me/phone`, {
          method: "POST",
          headers: { authorization: `Bearer ${body.access_token}` },
          body: JSON.stringify({ code: sent }),
        })
        const text = await response.text()
        return { status: response.status, body: JSON.parse(text), text, took: performance.now() - startedAt }
      }
      const sent = code()
      simulator.simulator.faults.add({ kind, endpoint, times: 1, afterConsume })
      const answer = await bind(sent)
      simulator.simulator.faults.clear()
      expect(answer.took).toBeLessThan(3200)
      if (answer.status !== 200) {
        expect(documented).toContain(answer.body.code)
        expect(answer.body.remedy.length).toBeGreaterThan(10)
        expect(answer.text).not.toContain(number)
      }
      for (const secret of [sent, app().secret, number]) expect(logged.join("\n")).not.toContain(secret)
      expect(answer.text).not.toContain(sent)
      // For so long a failed access_token is told to all who want one.
      simulator.simulator.clock.advance(1_000)
      const again = await bind(code())
      expect([kind, again.status, again.body.number]).toEqual([kind, 200, `+86${number}`])
    },
  )
})

test("when WeChat is gone, whoever is logged in stays so", async () => {
  const { body } = await logIn(simulator.simulator.issueCode({ appid: app().appid, user: "bob" }))
  simulator.simulator.faults.add({ kind: "reset", endpoint: "jscode2session" })
  const refused = await logIn(simulator.simulator.issueCode({ appid: app().appid, user: "bob" }))
  expect(refused.status).toBe(503)
  const me = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${body.access_token}` } })
  expect(me.status).toBe(200)
  const refreshed = await fetch(`${url}/refresh`, {
    method: "POST",
    body: JSON.stringify({ refresh_token: body.refresh_token }),
  })
  expect(refreshed.status).toBe(200)
  simulator.simulator.faults.clear()
})
