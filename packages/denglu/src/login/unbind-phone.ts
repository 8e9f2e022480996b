import { newId } from "../random.ts"
import type { AuditActor } from "../store/audit-store.ts"
import type { UnbindPhone } from "../store/phone-store.ts"
import type { FlowContext } from "./flows.ts"

export interface Unbinding extends Pick<UnbindPhone, "userId" | "only"> {
  readonly actor: AuditActor & ("user" | "operator" | "wechat")
  readonly requestId: string
}

/** Takes a user's phone number away. Answers whether there was one; done twice, the second time changes nothing. */
export async function unbindPhone(
  { store, clock, random, events }: FlowContext,
  { requestId, ...request }: Unbinding,
): Promise<boolean> {
  const { userId, actor } = request
  const removed = await store.unbindPhone({ ...request, now: clock(), eventId: newId(random) })
  if (removed) events.emit("phone.unbound", { userId, by: actor, requestId })
  return removed
}
