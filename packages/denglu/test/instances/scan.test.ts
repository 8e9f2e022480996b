import { createSimulator } from "@denglu/simulator"
import { createLogin, type Login } from "denglu"
import { afterAll, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { dropPostgres, freshPostgres, hasPostgres, postgresNeed } from "../support/engines.ts"

const isThere = await hasPostgres()
afterAll(dropPostgres)

test("a code of one instance is opened on another, confirmed on a third, heard of within about a second, and redeemed anywhere", {
  timeout: 60_000,
}, async context => {
  need(context, isThere, postgresNeed)
  const simulator = createSimulator()
  const store = await freshPostgres()
  const open = () =>
    createLogin({
      apps: simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
      store,
      secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-scan-instances",
      scan: { siteName: "shop" },
      limits: false,
      wechat: { simulator: "http://127.0.0.1:3001", fetch: request => simulator.fetch(request) },
    })
  const all = [await open(), await open(), await open(), await open()] as const
  const ask = async (login: Login, method: string, path: string, headers: object = {}, body?: object) => {
    const response = await login.fetch(
      new Request(`http://login.test${path}`, {
        method,
        headers: { ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
  }
  try {
    const [first, second, third, fourth] = all
    const { body: started } = await ask(first, "POST", "/scan", {}, { binding: "value" })
    const proof = { "denglu-scan-secret": started.secret }
    const code = simulator.issueCode({ user: "alice" })
    const { body: phone } = await ask(fourth, "POST", "/login", {}, { code })
    const bearer = { authorization: `Bearer ${phone.access_token}` }
    const heard = async (status: string) => {
      const { body } = await ask(first, "GET", `/scan/${started.id}?wait=20&status=${status}`, proof)
      return { status: body.status, at: performance.now() }
    }
    const opening = heard("waiting")
    const launch = simulator.scanCode()
    const scene = { scene: launch?.query.scene, launch_scene: launch?.scene }
    expect(await ask(second, "POST", "/scan/open", bearer, scene)).toMatchObject({ body: { id: started.id } })
    const openedAt = performance.now()
    const opened = await opening
    expect(opened.status).toBe("opened")
    expect(opened.at - openedAt).toBeLessThan(2_500)
    const confirming = heard("opened")
    const { number } = started
    expect((await ask(third, "POST", `/scan/${started.id}/confirm`, bearer, { number })).status).toBe(204)
    expect((await confirming).status).toBe("confirmed")
    const redeemed = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        ask(all[index % 4] as Login, "POST", `/scan/${started.id}/redeem`, proof),
      ),
    )
    const won = redeemed.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    const token = { authorization: `Bearer ${won[0]?.body.access_token}` }
    expect((await ask(second, "GET", "/me", token)).body.id).toBe(phone.user.id)
  } finally {
    for (const login of all) await login.close()
  }
})
