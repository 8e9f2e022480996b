import { EventEmitter, once } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import { expect, test, vi } from "vitest"
import { openStage, relay, relayed, send, serve } from "./serve.ts"

const ours = (url: string) => ({ origin: url })

/** A server that says what it was asked. */
const echo = () =>
  serve(async (req, res) => {
    const { method, url, headers } = req
    res.writeHead(201, { "content-type": "application/json", "set-cookie": ["a=1; Path=/", "b=2"] })
    res.end(JSON.stringify({ method, url, headers, body: await text(req) }))
  })

test("a request goes out as the mini program made it, and the answer comes back whole", async () => {
  const { url } = await openStage()
  const target = await echo()
  const got = relayed(
    await relay(url, `${target}/login?x=1`, {
      method: "PUT",
      header: { authorization: "Bearer abc", referer: "https://servicewechat.com/x" },
      headers: ours(url),
      body: '{"code":"1"}',
    }),
  )
  expect(got).toMatchObject({
    status: 201,
    headers: { "content-type": "application/json" },
    cookies: ["a=1; Path=/", "b=2"],
  })
  expect(JSON.parse(got.text)).toMatchObject({
    method: "PUT",
    url: "/login?x=1",
    headers: { authorization: "Bearer abc", referer: "https://servicewechat.com/x" },
    body: '{"code":"1"}',
  })
  expect(JSON.parse(got.text).headers).not.toHaveProperty("x-relay-url")
})

test.each([
  ["another site's page", { origin: "https://evil.example" }],
  ["a page of another port of this machine", { origin: "http://127.0.0.1:1" }],
  ["a page that hides where it is from", { origin: "null" }],
  [
    "a name of a stranger's that leads here",
    { host: "evil.example:3002", origin: "http://evil.example:3002" },
  ],
  ["such a name without an origin", { host: "evil.example:3002" }],
  ["an address that only looks like this machine", { host: "127.0.0.1.evil.example" }],
])("%s is refused, whatever it asks for, and nothing is sent", async (_, headers) => {
  const { url } = await openStage({ "a.png": "picture" })
  const asked = vi.fn()
  const target = await serve((_, res) => {
    asked()
    res.end()
  })
  expect((await relay(url, target, { headers })).status).toBe(403)
  for (const path of [
    "/phone/",
    "/phone/setting.json",
    "/phone/file/a.png",
    "/phone/events",
    "/phone/phone.js",
  ])
    expect((await send(url, path, { headers })).status, path).toBe(403)
  for (const path of ["/phone/backend/code", "/phone/backend/user-data"])
    expect((await send(url, path, { method: "POST", headers })).status, path).toBe(403)
  expect(asked).not.toHaveBeenCalled()
})

test("no answer may be read, framed or loaded by another site", async () => {
  const { url } = await openStage({ "a.png": "picture" })
  for (const path of ["/", "/phone/", "/phone/setting.json", "/phone/file/a.png"]) {
    const { headers } = await send(url, path)
    expect(headers, path).not.toHaveProperty("access-control-allow-origin")
    expect(headers, path).toMatchObject({
      "content-security-policy": "frame-ancestors 'self'",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    })
  }
  const preflight = await send(url, "/phone/relay", {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
  })
  expect(preflight.headers).not.toHaveProperty("access-control-allow-origin")
})

test.each([
  "http://169.254.169.254/latest/meta-data",
  "http://10.0.0.1/",
  "http://0.0.0.0:1/",
  "http://[::ffff:127.0.0.1]:1/",
  "https://api.example.com/login",
  "http://127.0.0.1.example.com/",
  "http://127.0.0.1@example.com/",
])("%s is not asked, unless it was allowed", async target => {
  const { url } = await openStage()
  const { status, text: why } = await relay(url, target, { headers: ours(url) })
  const { origin } = new URL(target)
  expect([status, why]).toEqual([
    502,
    `${origin} is not this machine: start the stage with --allow ${origin}`,
  ])
})

test.each([
  ["file:///etc/passwd", "GET"],
  ["ftp://127.0.0.1/", "GET"],
  ["not a url", "GET"],
  ["http://127.0.0.1:1/", "GET / HTTP/1.1"],
])("%s by %s is no request", async (target, method) => {
  const { url } = await openStage()
  expect((await relay(url, target, { method, headers: ours(url) })).status).toBe(400)
})

test("a redirect is followed, but not to where nothing may be asked", async () => {
  const { url } = await openStage()
  const far = await serve((_, res) => res.writeHead(302, { location: "http://169.254.169.254/" }).end())
  const { status, text: why } = await relay(url, far, { headers: ours(url) })
  expect(status).toBe(502)
  expect(why).toContain("http://169.254.169.254 is not this machine")

  const target = await echo()
  const near = await serve((_, res) => res.writeHead(307, { location: `${target}/next` }).end())
  const got = relayed(await relay(url, near, { method: "POST", body: "x", headers: ours(url) }))
  expect(JSON.parse(got.text)).toMatchObject({ method: "POST", url: "/next", body: "x" })
})

test("what proves who asks does not follow a redirect to another server", async () => {
  const { url } = await openStage()
  const target = await echo()
  const away = await serve((_, res) => res.writeHead(302, { location: `${target}/next` }).end())
  const got = relayed(
    await relay(url, away, { header: { Authorization: "Bearer abc", "X-Mine": "1" }, headers: ours(url) }),
  )
  const { headers } = JSON.parse(got.text)
  expect(headers).toMatchObject({ "x-mine": "1" })
  expect(headers).not.toHaveProperty("authorization")
})

test("a connection that fails is told without the address", async () => {
  const { url } = await openStage()
  const target = await serve((req: IncomingMessage) => req.socket.destroy())
  const { status, text: why } = await relay(url, `${target}/?token=abc`, { headers: ours(url) })
  expect([status, why]).toEqual([502, "the connection failed"])
})

test("who stops waiting stops the request", async () => {
  const { url } = await openStage()
  const server = new EventEmitter()
  const target = await serve((_, res) => void server.emit("asked", res))
  const controller = new AbortController()
  const asked = fetch(`${url}/phone/relay`, {
    method: "POST",
    headers: { "x-relay-method": "GET", "x-relay-url": target, "x-relay-headers": "%7B%7D" },
    signal: controller.signal,
  })
  const [response] = (await once(server, "asked")) as [ServerResponse]
  const cut = once(response, "close")
  controller.abort()
  await expect(asked).rejects.toThrow()
  await cut
})

test.each(["//", "/\\", "http://evil.example/", "*", "/%", "/phone/%E4%ZZ"])(
  "the path %s is answered, and the server goes on",
  async path => {
    const { url } = await openStage()
    expect((await send(url, path)).status).toBeGreaterThanOrEqual(400)
    expect((await send(url, "/phone/")).status).toBe(200)
  },
)
