import { type Static, Type } from "typebox"

/** `GET /healthz`: the process answers. */
export const HealthReply = Type.Object({ status: Type.Literal("ok") })
export type HealthReply = Static<typeof HealthReply>

/** `GET /readyz`: 200 if requests can be served, 503 if not (store away, or shutting down). */
export const ReadyReply = Type.Object({
  status: Type.Enum(["ready", "not_ready"]),
  checks: Type.Object({ store: Type.Enum(["ok", "unavailable"]), accepting: Type.Boolean() }),
})
export type ReadyReply = Static<typeof ReadyReply>
