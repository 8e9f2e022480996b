import type { Guard, Login } from "denglu"
import { loginRoutes, requireUser } from "denglu/hono"
import { Hono } from "hono"
import { cors } from "hono/cors"
import { afterEach, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"
import { post } from "./listen.ts"
import { rulesOfEveryFramework } from "./rules.ts"
import { serveFetch } from "./serve-fetch.ts"

const build = (login: Login, guard: Guard) =>
  new Hono()
    .use(loginRoutes(login))
    .get("/orders", requireUser(guard), c => c.json({ of: c.var.user.id, appid: c.get("user").appid }))
    .get("/free", c => c.json({ free: true }))

rulesOfEveryFramework("hono", (login, guard) => {
  const app = build(login, guard)
  return serveFetch((request, env) => app.fetch(request, env))
})

let harness: Harness
afterEach(() => harness?.close())

const request = (path: string, init?: RequestInit) => new Request(`http://login.test${path}`, init)

test("a body that middleware in front has read is read from Hono's copy", async () => {
  harness = await startHarness()
  const app = new Hono()
  app.use(async (c, next) => {
    if (c.req.method === "POST") await c.req.json()
    await next()
  })
  app.use(loginRoutes(harness.login))
  expect((await app.fetch(request("/login", post({ code: harness.code("alice") })))).status).toBe(200)
})

test("the peer's address counts for the limits: as @hono/node-server says it, or as the option says", async () => {
  harness = await startHarness({ limits: { loginsPerAddress: 1 } })
  const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } })
  const body = () => request("/login", post({ code: harness.code("alice") }))
  const app = new Hono().use(loginRoutes(harness.login))
  expect((await app.fetch(body(), from("203.0.113.1"))).status).toBe(200)
  expect((await app.fetch(body(), from("203.0.113.1"))).status).toBe(429)
  expect((await app.fetch(body(), from("203.0.113.2"))).status).toBe(200)
  const named = new Hono().use(loginRoutes(harness.login, { address: c => c.req.header("x-peer") }))
  const other = body()
  other.headers.set("x-peer", "203.0.113.3")
  expect((await named.fetch(other)).status).toBe(200)
})

test("a refusal keeps the headers that middleware in front has set", async () => {
  harness = await startHarness()
  const app = new Hono()
    .use(cors({ origin: "https://shop.example.com" }))
    .get("/orders", requireUser(harness.login), c => c.json({ of: c.var.user.id }))
  const answer = await app.fetch(request("/orders", { headers: { origin: "https://shop.example.com" } }))
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
    401,
    "https://shop.example.com",
  ])
})

test("a preflight for the login's routes is the login's to answer, and of no other route", async () => {
  harness = await startHarness({ allowedOrigins: ["https://shop.example.com"] })
  const app = build(harness.login, harness.login)
  const preflight = {
    method: "OPTIONS",
    headers: { origin: "https://shop.example.com", "access-control-request-method": "POST" },
  }
  expect((await app.fetch(request("/login", preflight))).status).toBe(204)
  expect((await app.fetch(request("/free", preflight))).status).toBe(404)
})

test("a remembered token makes no promise of its own: what next answers is handed on", () => {
  const answer = Promise.resolve()
  const kept = new Map<string, unknown>()
  const c = { req: { header: () => "Bearer t" }, set: (key: string, value: unknown) => kept.set(key, value) }
  const middleware = requireUser({
    authenticate: () => ({ userId: "u", appid: "wx", sessionId: "s", expiresAt: 1 }),
    problem: () => ({ status: 401, headers: {}, body: "" }),
  })
  expect(middleware(c as never, () => answer)).toBe(answer)
  expect(kept.get("user")).toMatchObject({ id: "u" })
})
