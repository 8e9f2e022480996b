import { DengluError } from "../../errors.ts"
import { newId } from "../../random.ts"
import { tellEnded } from "../end-sessions.ts"
import type { FlowContext } from "../flows.ts"
import { waysOn } from "../ways-in.ts"
import type { PasswordAsker } from "./change-password.ts"
import { passwordParts } from "./password-parts.ts"

/**
 * Takes the password away of who asks, and ends the sessions it has opened, but for the one that asks.
 *
 * @throws DengluError `not_found` if there is none; `last_way_in` if there is no other way in
 */
export async function removePassword(
  flow: FlowContext,
  { userId, sessionId: exceptId, requestId }: PasswordAsker,
): Promise<void> {
  passwordParts(flow)
  const { store, clock, random, events } = flow
  const now = clock()
  const occasion = { now, eventId: newId(random), actor: "user" } as const
  const outcome = await store.removePassword({ userId, exceptId, ways: waysOn(flow), ...occasion })
  if (outcome.kind !== "removed")
    throw outcome.kind === "last"
      ? new DengluError("last_way_in")
      : new DengluError("not_found", { message: "there is no password" })
  const { endedSessions: sessionIds } = outcome
  events.emit("password.removed", { userId, requestId })
  tellEnded(flow, { sessionIds, userId, reason: "password_changed", requestId }, now)
}
