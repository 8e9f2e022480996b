import assert from "node:assert/strict"
import type { Merge, MergeOutcome, MergeRequest, Store, UndoOutcome } from "../store.ts"
import { minute, start } from "./store-case.ts"

let count = 0

/** The request to merge two users, a minute after the beginning. */
export function merging(
  survivorId: string,
  absorbedId: string,
  given: Partial<MergeRequest> = {},
): MergeRequest {
  count += 1
  return {
    id: `merge${count}`,
    survivorId,
    absorbedId,
    dropPhone: false,
    actor: "operator",
    now: start + minute,
    ...given,
  }
}

/** Merges, and fails the case if that is refused. */
export async function merge(store: Store, ...given: Parameters<typeof merging>): Promise<Merge> {
  const outcome: MergeOutcome = await store.mergeUsers(merging(...given))
  assert.equal(outcome.kind, "merged")
  return (outcome as MergeOutcome & { kind: "merged" }).merge
}

/** Undoes a merge, two minutes after the beginning. */
export const undo = (store: Store, id: string, now = start + 2 * minute): Promise<UndoOutcome> =>
  store.undoMerge({ id, actor: "operator", now })
