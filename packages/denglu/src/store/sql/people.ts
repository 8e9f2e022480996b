import type { PeopleStore } from "../people-store.ts"
import { attachIdentity, detachIdentity, listConflicts } from "./identities.ts"
import { forgetMoved, listMergesOf, listMergesSince } from "./merge-rows.ts"
import { mergeUsers, previewMerge, resolveUser } from "./merge-users.ts"
import { findUsersBy } from "./owners.ts"
import type { ScriptRunner } from "./script.ts"
import { endStraySessions } from "./stray-rows.ts"
import { undoMerge } from "./undo-merge.ts"

/** Identities, conflicts and merges, for SQLite, PostgreSQL and MySQL. */
export function peopleMethods({ read, write }: ScriptRunner): PeopleStore {
  return {
    resolveUser: id => read(dialect => resolveUser(dialect, id)),
    findUsersBy: what => read(dialect => findUsersBy(dialect, what)),
    attachIdentity: request => write(dialect => attachIdentity(dialect, request)),
    detachIdentity: request => write(dialect => detachIdentity(dialect, request)),
    listConflicts: cursor => read(dialect => listConflicts(dialect, cursor)),
    previewMerge: (survivorId, absorbedId, now) =>
      read(dialect => previewMerge(dialect, survivorId, absorbedId, now)),
    mergeUsers: request => write(dialect => mergeUsers(dialect, request)),
    undoMerge: request => write(dialect => undoMerge(dialect, request)),
    listMergesOf: userId => read(() => listMergesOf(userId)),
    listMergesSince: (since, limit) => read(() => listMergesSince(since, limit)),
    endStraySessions: (since, now) => write(dialect => endStraySessions(dialect, since, now)),
    forgetMoved: (before, limit) => write(() => forgetMoved(before, limit)),
  }
}
