import { DengluError } from "../errors.ts"
import { newId } from "../random.ts"
import type { AuditActor } from "../store/audit-store.ts"
import { reasonOf } from "../store/phone-rules.ts"
import type { UnbindPhone } from "../store/phone-store.ts"
import { tellEnded } from "./end-sessions.ts"
import type { FlowContext } from "./flows.ts"
import { waysOn } from "./ways-in.ts"

export interface Unbinding extends Pick<UnbindPhone, "userId" | "only"> {
  readonly actor: AuditActor & ("user" | "operator" | "wechat")
  readonly requestId: string
}

/**
 * Takes a user's phone number away, and ends the sessions that were opened by it. Answers whether there was one; done twice, the second time
 * changes nothing. An operator may take the last way in: a number that was given to another person has to be freed.
 *
 * @throws DengluError `last_way_in` if the user themselves would have no other
 */
export async function unbindPhone(flow: FlowContext, { requestId, ...request }: Unbinding): Promise<boolean> {
  const { store, clock, random, events } = flow
  const { userId, actor } = request
  const now = clock()
  const ways = actor === "user" ? { ways: waysOn(flow) } : {}
  const outcome = await store.unbindPhone({ ...request, ...ways, now, eventId: newId(random) })
  if (outcome.kind === "last") throw new DengluError("last_way_in")
  if (outcome.kind !== "unbound") return false
  const { endedSessions: sessionIds } = outcome
  tellEnded(flow, { sessionIds, userId, reason: reasonOf(actor), requestId }, now)
  events.emit("phone.unbound", { userId, by: actor, requestId })
  return true
}
