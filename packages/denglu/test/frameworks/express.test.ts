import type { IncomingMessage, ServerResponse } from "node:http"
import type { Guard } from "denglu"
import { requireUser } from "denglu/express"
import express from "express"
import { afterEach, expect, test } from "vitest"
import { startHarness } from "../support/harness.ts"
import { type Listening, listen, post } from "./listen.ts"
import { rulesOfEveryFramework } from "./rules.ts"

rulesOfEveryFramework("express", (login, guard) => {
  const app = express()
  app.use(login.node)
  app.get("/orders", requireUser(guard), (req, res) => {
    res.json({ of: req.user.id, appid: req.user.appid })
  })
  app.get("/free", (_req, res) => {
    res.json({ free: true })
  })
  return listen(app)
})

let server: Listening | undefined
afterEach(() => server?.close())

test.each([
  ["express.json()", express.json()],
  ["express.text()", express.text({ type: "*/*" })],
])("%s in front of login.node takes nothing from it", async (_name, parser) => {
  const harness = await startHarness()
  const app = express()
  app.use(parser)
  app.use(harness.login.node)
  server = await listen(app)
  expect((await server.ask("/login", post({ code: harness.code("alice") }))).status).toBe(200)
  expect((await server.ask("/login", post({}))).body.code).toBe("invalid_request")
  await harness.close()
})

test("a whole router stands behind requireUser", async () => {
  const harness = await startHarness()
  const app = express()
  const router = express.Router()
  router.get("/orders", (req, res) => {
    res.json({ of: req.user.id })
  })
  app.use("/api", requireUser(harness.login), router)
  server = await listen(app)
  const { access_token: token, user } = await harness.logIn("alice")
  const answer = await server.ask("/api/orders", { headers: { authorization: `Bearer ${token}` } })
  expect(answer.body.of).toBe(user.id)
  expect((await server.ask("/api/orders")).status).toBe(401)
  await harness.close()
})

const remembered = { userId: "u", appid: "wx", sessionId: "s", expiresAt: 1 }
const guardWith = (authenticate: Guard["authenticate"]): Guard => ({
  authenticate,
  problem: () => ({ status: 401, headers: {}, body: "" }),
})

test("a remembered token goes through without a promise: next is called before requireUser returns", () => {
  let called = 0
  const req = { headers: {} } as IncomingMessage & { user?: { readonly id: string } }
  const middleware = requireUser(guardWith(() => remembered))
  middleware(req as never, {} as ServerResponse, () => {
    called += 1
  })
  expect([called, req.user]).toEqual([1, { id: "u", appid: "wx", sessionId: "s", expiresAt: 1 }])
})

test("an error of what comes next is not taken for a refusal", () => {
  const middleware = requireUser(guardWith(() => remembered))
  const broken = () => {
    throw new Error("the business's own")
  }
  expect(() => middleware({ headers: {} } as never, {} as ServerResponse, broken)).toThrow(
    "the business's own",
  )
})
