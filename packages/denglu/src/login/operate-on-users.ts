import { newId } from "../random.ts"
import type { Users } from "../running-login.ts"
import type { FlowContext } from "./flows.ts"
import { mergeUsers, undoMerge } from "./merge-users.ts"

const mostMerges = 1_000

/** What `login.users` can do. */
export function operateOnUsers(flow: FlowContext): Users {
  const { store, clock, random } = flow
  return {
    get: id => store.resolveUser(id),
    conflicts: (cursor = "") => store.listConflicts(cursor),
    previewMerge: (survivorId, absorbedId) => store.previewMerge(survivorId, absorbedId, clock()),
    merge: (survivorId, absorbedId, { dropPhone = false } = {}) =>
      mergeUsers(flow, { survivorId, absorbedId, dropPhone, actor: "operator", requestId: newId(random) }),
    undoMerge: mergeId => undoMerge(flow, mergeId, "operator", newId(random)),
    merges: since => store.listMergesSince(since, mostMerges),
  }
}
