import { DengluError } from "../errors.ts"
import { describeError } from "../log.ts"
import { newId } from "../random.ts"
import type { AuditActor } from "../store/audit-store.ts"
import type { Merge, MergeRefusal, UndoRefusal } from "../store/store.ts"
import { tellEnded } from "./end-sessions.ts"
import type { FlowContext } from "./flows.ts"

export interface MergeInput {
  readonly survivorId: string
  readonly absorbedId: string
  /** Whether the absorbed user's phone number may go if the survivor has one too. */
  readonly dropPhone: boolean
  readonly actor: AuditActor
  readonly requestId: string
}

/** Why a merge does not come about, for whoever asked. */
const refusals: Readonly<Record<Exclude<MergeRefusal, "unknown">, string>> = {
  same: "both are the same account",
  merged: "one of the accounts was merged before",
  leaving: "one of the accounts is about to be deleted",
  phone: "both accounts have a phone number; drop_phone gives up the other one's",
}

const undoRefusals: Readonly<Record<Exclude<UndoRefusal, "unknown">, string>> = {
  undone: "the merge was undone before",
  too_late: "the merge is more than 30 days ago",
}

/** The error of a merge that is refused. */
export function mergeRefused(why: MergeRefusal): DengluError {
  return why === "unknown"
    ? new DengluError("not_found", { message: "no such user" })
    : new DengluError("merge_refused", { pointer: "", message: refusals[why] })
}

/**
 * Makes two users one: see `PeopleStore.mergeUsers`. The absorbed user's sessions end here at once, elsewhere within a second.
 *
 * @throws DengluError `merge_refused`; `not_found` if there is no such user
 */
export async function mergeUsers(flow: FlowContext, input: MergeInput): Promise<Merge> {
  const { requestId, ...request } = input
  const now = flow.clock()
  const outcome = await flow.store.mergeUsers({ ...request, id: newId(flow.random), now })
  if (outcome.kind === "refused") throw mergeRefused(outcome.why)
  const { merge, endedSessions } = outcome
  const { id: mergeId, survivorId, absorbedId } = merge
  tellEnded(flow, { sessionIds: endedSessions, userId: absorbedId, reason: "merged", requestId }, now)
  flow.events.emit("user.merged", { mergeId, survivorId, absorbedId, requestId })
  await sweepAtOnce(flow)
  return merge
}

/** Undoes a merge: see `PeopleStore.undoMerge`. @throws DengluError `merge_refused`; `not_found` if there is no such merge */
export async function undoMerge(
  flow: FlowContext,
  id: string,
  actor: AuditActor,
  requestId: string,
): Promise<Merge> {
  const now = flow.clock()
  const outcome = await flow.store.undoMerge({ id, actor, now })
  if (outcome.kind === "refused")
    throw outcome.why === "unknown"
      ? new DengluError("not_found", { message: "no such merge" })
      : new DengluError("merge_refused", { pointer: "", message: undoRefusals[outcome.why] })
  const { merge, endedSessions } = outcome
  const { id: mergeId, survivorId, absorbedId } = merge
  tellEnded(flow, { sessionIds: endedSessions, userId: survivorId, reason: "merge_undone", requestId }, now)
  flow.events.emit("user.merge_undone", { mergeId, survivorId, absorbedId, requestId })
  await sweepAtOnce(flow)
  return merge
}

/** How long (ms) after a merge a login that began before may still write: many times what a statement may take. */
const strayWindow = 60_000

/**
 * Ends what logins that were under way have opened for users who were merged meanwhile. Runs after each merge and, for those of other processes and
 * those that take longer, every few seconds on every instance.
 */
export async function endStraySessions(flow: FlowContext): Promise<void> {
  const { store, clock, random } = flow
  const now = clock()
  const since = now - strayWindow
  if ((await store.listMergesSince(since, 1)).length === 0) return
  const sessionIds = await store.endStraySessions(since, now)
  tellEnded(flow, { sessionIds, userId: undefined, reason: "merged", requestId: newId(random) }, now)
}

/** The merge is done, whatever comes of it; it is swept again soon. */
async function sweepAtOnce(flow: FlowContext): Promise<void> {
  try {
    await endStraySessions(flow)
  } catch (error) {
    flow.log.warn({ error: describeError(error) }, "sessions that a merge left over are ended later")
  }
}
