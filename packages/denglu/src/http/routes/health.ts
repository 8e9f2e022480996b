import { HealthReply, ReadyReply } from "../../protocol/health.ts"
import { route } from "../route.ts"

export const healthRoute = route({
  method: "GET",
  path: "/healthz",
  summary: "The process answers",
  auth: false,
  reply: HealthReply,
  handle: () => ({ status: "ok" as const }),
})

export const readyRoute = route({
  method: "GET",
  path: "/readyz",
  summary: "Whether requests can be served",
  auth: false,
  reply: ReadyReply,
  async handle({ flow, accepting }) {
    const store = await flow.store.ping().then(
      () => "ok" as const,
      () => "unavailable" as const,
    )
    const ready = accepting && store === "ok"
    const body = { status: ready ? ("ready" as const) : ("not_ready" as const), checks: { store, accepting } }
    return { status: ready ? 200 : 503, body, ...(ready ? {} : { headers: { "retry-after": "1" } }) }
  },
})
