import { afterEach, expect, test } from "vitest"
import { createSimulator, faultKinds, type StartedSimulator, startSimulator } from "../src/index.ts"

let started: StartedSimulator | undefined
afterEach(async () => {
  await started?.close()
  started = undefined
})

async function start() {
  started = await startSimulator({ port: 0 })
  const { url, simulator } = started
  const control = async (method: string, path: string, body?: string, headers = {}) => {
    const response = await fetch(`${url}/__simulator__/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text) }
  }
  const [app] = simulator.state().apps
  const exchange = (code: string) =>
    fetch(
      `${url}/sns/jscode2session?${new URLSearchParams({
        appid: app?.appid ?? "",
        secret: app?.secret ?? "",
        js_code: code,
        grant_type: "authorization_code",
      })}`,
    )
  return { url, simulator, control, exchange }
}

test("a code can be had with curl -d, whatever content type curl says", async () => {
  const { control, exchange } = await start()
  const { body } = await control("POST", "code", '{"user":"alice"}', {
    "content-type": "application/x-www-form-urlencoded",
  })
  expect(await (await exchange(body.code)).json()).toHaveProperty("openid")
})

test("a phone scans a code that a page shows as a data URL", async () => {
  const { control, simulator, url } = await start()
  const [app] = simulator.state().apps
  const token = await fetch(`${url}/cgi-bin/stable_token`, {
    method: "POST",
    body: JSON.stringify({ grant_type: "client_credential", appid: app?.appid, secret: app?.secret }),
  })
  const { access_token } = (await token.json()) as { access_token: string }
  const drawn = await fetch(`${url}/wxa/getwxacodeunlimit?access_token=${access_token}`, {
    method: "POST",
    body: JSON.stringify({ scene: "s1", page: "pages/scan/scan" }),
  })
  const image = `data:image/png;base64,${Buffer.from(await drawn.arrayBuffer()).toString("base64")}`
  const scan = async (body: object) => (await control("POST", "scan", JSON.stringify(body))).body
  expect(await scan({ image, by: "album" })).toEqual({
    launch: { appid: app?.appid, path: "pages/scan/scan", query: { scene: "s1" }, scene: 1049 },
  })
  expect(await scan({ image: "data:image/png;base64,AAAA" })).toEqual({ launch: null })
  expect((await control("POST", "scan", '{"by":"telepathy"}')).status).toBe(400)
})

test("the list of routes shows each with an example, and each example that has a body works", async () => {
  const { control } = await start()
  const { routes } = (await control("GET", "")).body
  expect(routes.length).toBeGreaterThan(10)
  for (const { route, example } of routes) {
    const [method, path] = route.split(" ")
    const answer = await control(
      method,
      path.replace("/__simulator__/", ""),
      example.startsWith("{") ? example : undefined,
    )
    expect([route, answer.status]).toEqual([route, 200])
  }
})

test.each([
  ["POST", "code", "{", 400],
  ["POST", "code", "[]", 400],
  ["POST", "code", '{"user":5}', 400],
  ["POST", "code", '{"user":"a","appid":"wxsim0000000000009"}', 400],
  ["POST", "faults", '{"kind":"earthquake"}', 400],
  ["POST", "faults", '{"kind":"slow","times":0}', 400],
  ["POST", "clock", '{"advance":-5}', 400],
  ["POST", "clock", '{"advance":"5"}', 400],
  ["POST", "apps", '{"appid":"wx0123456789abcdef"}', 400],
  ["PUT", "code", "{}", 405],
  ["GET", "nothing", undefined, 404],
])("%s %s %s is answered %s with what to do", async (method, path, body, status) => {
  const { control } = await start()
  const answer = await control(method, path, body)
  expect(answer.status).toBe(status)
  expect(answer.body.error.length).toBeGreaterThan(10)
})

test("only loopback hosts are answered, and pages of other sites may not steer", async () => {
  const { control, simulator } = await start()
  const response = await simulator.fetch(new Request("http://login.example.com/__simulator__/state"))
  expect(response.status).toBe(403)
  expect((await control("GET", "state", undefined, { origin: "https://evil.example" })).status).toBe(403)
  expect((await control("GET", "state", undefined, { origin: "http://localhost:3001" })).status).toBe(200)
})

test("a real-looking appid is refused", () => {
  expect(() => createSimulator({ apps: [{ appid: "wx0123456789abcdef" }] })).toThrow("pretend")
})

test("a taken port rejects with EADDRINUSE", async () => {
  const { url } = await start()
  await expect(startSimulator({ port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: "EADDRINUSE",
  })
})

test("a fault meets so many calls of its endpoint as it was told to, and before the code is used", async () => {
  const { simulator, control, exchange } = await start()
  const code = simulator.issueCode({ user: "alice" })
  await control("POST", "faults", '{"kind":"busy","endpoint":"jscode2session","times":2}')
  expect(await (await exchange(code)).json()).toMatchObject({ errcode: -1 })
  expect(await (await exchange(code)).json()).toMatchObject({ errcode: -1 })
  expect(await (await exchange(code)).json()).toHaveProperty("openid")
})

test.each(faultKinds.filter(kind => kind !== "slow" && kind !== "truncated"))(
  "%s leaves the code as it is, unless it comes after the code was consumed",
  async kind => {
    const { simulator, exchange } = await start()
    for (const afterConsume of [false, true]) {
      const code = simulator.issueCode({ user: "alice" })
      simulator.faults.add({ kind, times: 1, afterConsume })
      await exchange(code)
        .then(response => response.text())
        .catch(() => {})
      const next = JSON.parse(await (await exchange(code)).text())
      expect([kind, next.errcode]).toEqual([kind, afterConsume ? 40163 : undefined])
    }
  },
)

test("what a fault looks like on the wire", async () => {
  const { simulator, exchange } = await start()
  const meet = async (kind: (typeof faultKinds)[number], more = {}) => {
    simulator.faults.clear()
    simulator.faults.add({ kind, ...more })
    const response = await exchange(simulator.issueCode({ user: "alice" }))
    return { status: response.status, text: await response.text() }
  }
  expect(await meet("empty")).toEqual({ status: 200, text: "" })
  expect(await meet("html")).toMatchObject({ status: 502, text: expect.stringContaining("Bad Gateway") })
  expect(await meet("wrong_json")).toEqual({ status: 200, text: "[]" })
  expect((await meet("errcode", { errcode: 40164 })).text).toContain("not in whitelist")
  await expect(meet("reset")).rejects.toThrow()
  await expect(meet("truncated")).rejects.toThrow()
  const startedAt = performance.now()
  expect((await meet("slow", { delayMs: 80 })).text).toContain("openid")
  expect(performance.now() - startedAt).toBeGreaterThan(75)
})

test("calls are recorded without what is secret in them", async () => {
  const { simulator, exchange } = await start()
  const code = simulator.issueCode({ user: "alice" })
  await exchange(code)
  await exchange(code)
  expect(simulator.calls.map(({ endpoint, errcode }) => [endpoint, errcode])).toEqual([
    ["jscode2session", 0],
    ["jscode2session", 40163],
  ])
  const text = JSON.stringify(simulator.calls)
  expect(text).not.toContain(code)
  expect(text).not.toContain(simulator.state().apps[0]?.secret)
})
