import { reasonOf } from "../store/phone-rules.ts"
import type { BoundPhone } from "../store/phone-store.ts"
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
export function tellBound({ events, revoked }: FlowContext, bound: Bound, now: number): void {
  const { userId, outcome, requestId } = bound
  if (outcome.kind === "changed" && outcome.endedSessions.length > 0) {
    const { endedSessions: sessionIds } = outcome
    revoked.add(sessionIds, now)
    events.emit("session.revoked", { sessionIds, userId, reason: reasonOf("user"), requestId })
  }
  events.emit("phone.bound", { ...bound, outcome: outcome.kind })
}
