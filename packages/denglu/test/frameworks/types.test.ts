import { requireUser as forExpress } from "denglu/express"
import { requireUser as forFastify } from "denglu/fastify"
import { requireUser as forHono } from "denglu/hono"
import express from "express"
import fastify from "fastify"
import { Hono } from "hono"
import { expectTypeOf, test } from "vitest"

const guard = {
  authenticate: () => ({ userId: "u", appid: "wx", sessionId: "s", expiresAt: 1 }),
  problem: () => ({ status: 401, headers: {}, body: "" }),
}

test("the user has its type behind requireUser, with no ! and no cast, and the route's own types stay", () => {
  express().get("/orders/:id", forExpress(guard), (req, res) => {
    expectTypeOf(req.user.id).toEqualTypeOf<string>()
    expectTypeOf(req.user.openid).toEqualTypeOf<string | undefined>()
    expectTypeOf(req.params.id).toEqualTypeOf<string>()
    res.end()
  })
  fastify().get<{ Params: { id: string } }>(
    "/orders/:id",
    { onRequest: forFastify(guard) },
    async request => {
      expectTypeOf(request.user.id).toEqualTypeOf<string>()
      expectTypeOf(request.params.id).toEqualTypeOf<string>()
    },
  )
  new Hono().get("/orders/:id", forHono(guard), c => {
    expectTypeOf(c.var.user.id).toEqualTypeOf<string>()
    expectTypeOf(c.get("user").expiresAt).toEqualTypeOf<number>()
    expectTypeOf(c.req.param("id")).toEqualTypeOf<string>()
    return c.body(null)
  })
})

test("without requireUser, Hono knows of no user", () => {
  new Hono().get("/", c => {
    // @ts-expect-error there is none
    c.var.user.id
    return c.body(null)
  })
})
