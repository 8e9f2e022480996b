import { reasonOf } from "../store/phone-rules.ts"
import type { BoundPhone } from "../store/phone-store.ts"
import { tellEnded } from "./end-sessions.ts"
import type { FlowContext } from "./flows.ts"

interface Bound {
  readonly userId: string
  readonly appid: string
  /** Masked. */
  readonly phone: string
  readonly outcome: BoundPhone
  readonly requestId: string
}

/** Says that a number was bound, and which sessions have ended with the one before. From here on their tokens are refused. */
export function tellBound(flow: FlowContext, bound: Bound, now: number): void {
  const { userId, outcome, requestId } = bound
  const sessionIds = outcome.kind === "changed" ? outcome.endedSessions : []
  tellEnded(flow, { sessionIds, userId, reason: reasonOf("user"), requestId }, now)
  flow.events.emit("phone.bound", { ...bound, outcome: outcome.kind })
}
