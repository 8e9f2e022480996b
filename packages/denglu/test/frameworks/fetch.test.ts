import { requireUser } from "denglu/fetch"
import { expect, expectTypeOf, test } from "vitest"
import { rulesOfEveryFramework } from "./rules.ts"
import { serveFetch } from "./serve-fetch.ts"

rulesOfEveryFramework("fetch", (login, guard) => {
  const orders = requireUser(guard, async (_request, user) =>
    Response.json({ of: user.id, appid: user.appid }),
  )
  return serveFetch((request, { incoming }) => {
    const { pathname } = new URL(request.url)
    if (pathname === "/orders") return orders(request)
    if (pathname === "/free") return Response.json({ free: true })
    if (!login.answers(request.method, pathname)) return new Response("", { status: 404 })
    return login.fetch(request, { address: incoming.socket.remoteAddress })
  })
})

const remembering = {
  authenticate: () => ({ userId: "u", appid: "wx", sessionId: "s", expiresAt: 1 }),
  problem: () => ({ status: 401, headers: {}, body: "" }),
}

test("what the server hands over behind the request reaches the handler, with its type", async () => {
  const handler = requireUser(
    remembering,
    async (_request, user, context: { readonly params: Promise<{ readonly id: string }> }) =>
      Response.json({ of: user.id, order: (await context.params).id }),
  )
  expectTypeOf<Parameters<typeof handler>>().toEqualTypeOf<
    [request: Request, context: { readonly params: Promise<{ readonly id: string }> }]
  >()
  const answer = await handler(new Request("http://shop.test/orders/7"), {
    params: Promise.resolve({ id: "7" }),
  })
  expect(await answer.json()).toEqual({ of: "u", order: "7" })
})

test("a remembered token makes no promise: a handler without one answers at once", () => {
  const handler = requireUser(remembering, () => Response.json({}))
  expect(handler(new Request("http://shop.test/"))).toBeInstanceOf(Response)
})
