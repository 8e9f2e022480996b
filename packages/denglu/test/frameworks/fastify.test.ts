import type { Guard, Login } from "denglu"
import { loginRoutes, requireUser } from "denglu/fastify"
import fastify, { type FastifyInstance } from "fastify"
import { afterEach, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"
import { bearer, type Listening, listening, post } from "./listen.ts"
import { rulesOfEveryFramework } from "./rules.ts"

async function listen(app: FastifyInstance): Promise<Listening> {
  await app.listen({ port: 0, host: "127.0.0.1" })
  return listening(app.server, () => app.close())
}

function build(login: Login, guard: Guard): FastifyInstance {
  const app = fastify({ forceCloseConnections: true })
  app.register(loginRoutes, { login })
  app.get("/orders", { onRequest: requireUser(guard) }, async ({ user }) => ({
    of: user.id,
    appid: user.appid,
  }))
  app.get("/free", async () => ({ free: true }))
  return app
}

rulesOfEveryFramework("fastify", (login, guard) => listen(build(login, guard)))

let harness: Harness
let server: Listening | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
  await harness?.close()
})

test("the app's own routes keep Fastify's body parser", async () => {
  harness = await startHarness()
  const app = build(harness.login, harness.login)
  app.post("/echo", async request => ({ body: request.body }))
  server = await listen(app)
  expect((await server.ask("/echo", post({ a: 1 }))).body).toEqual({ body: { a: 1 } })
  expect((await server.ask("/login", post({ code: harness.code("alice") }))).status).toBe(200)
})

test("requireUser works as preHandler, for a whole context, and where loginRoutes is not registered", async () => {
  harness = await startHarness()
  const app = fastify({ forceCloseConnections: true })
  app.register(async context => {
    context.addHook("preHandler", requireUser(harness.login))
    context.get("/orders", async request => ({ of: request.user.id }))
  })
  server = await listen(app)
  const { access_token: token, user } = await harness.logIn("alice")
  expect((await server.ask("/orders", bearer(token))).body.of).toBe(user.id)
  expect((await server.ask("/orders")).body.code).toBe("token_missing")
})

test("headers that hooks set are on the login's replies too", async () => {
  harness = await startHarness()
  const app = fastify({ forceCloseConnections: true })
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("x-served-by", "hook")
  })
  app.register(loginRoutes, { login: harness.login })
  server = await listen(app)
  const answer = await server.ask("/login", post({ code: harness.code("alice") }))
  expect([answer.status, answer.headers.get("x-served-by")]).toEqual([200, "hook"])
})

test("a base path is given to createLogin", async () => {
  harness = await startHarness({ basePath: "/auth" })
  const app = fastify({ forceCloseConnections: true })
  app.register(loginRoutes, { login: harness.login })
  server = await listen(app)
  expect((await server.ask("/auth/login", post({ code: harness.code("alice") }))).status).toBe(200)
})

test("a prefix, under which no route would match, is refused with the remedy", async () => {
  harness = await startHarness()
  const app = fastify()
  app.register(loginRoutes, { login: harness.login, prefix: "/auth" })
  await expect(app.ready()).rejects.toThrow('createLogin basePath: "/auth"')
})

test("a remembered token goes through without a promise: done is called before requireUser returns", () => {
  let called = 0
  const request = { headers: {} } as Parameters<ReturnType<typeof requireUser>>[0]
  const hook = requireUser({
    authenticate: () => ({ userId: "u", appid: "wx", sessionId: "s", expiresAt: 1 }),
    problem: () => ({ status: 401, headers: {}, body: "" }),
  })
  hook(request, {} as Parameters<typeof hook>[1], () => {
    called += 1
  })
  expect([called, request.user.id]).toEqual([1, "u"])
})
