import type { Identity } from "../store.ts"
import { ownerIs } from "./owners.ts"
import { type Statement, statement } from "./script.ts"

/**
 * Users who ever had an identity of a user, by their numbers: an identity goes from one to another only by a merge or its undoing, and those are never
 * forgotten. They are found by indexes, and mostly there is none but the user; by the identity every session would have to be looked at.
 */
const everyOwner = `WITH RECURSIVE owners (id) AS (
  SELECT ?
  UNION SELECT m.absorbed_id FROM denglu_merges m JOIN owners o ON m.survivor_id = o.id
  UNION SELECT m.survivor_id FROM denglu_merges m JOIN owners o ON m.absorbed_id = o.id
) SELECT (SELECT n FROM denglu_users WHERE id = o.id) FROM owners o`

/**
 * Takes the identities of a user out of all sessions that name them, for SQLite; with `only` that one. Before identities are deleted: their numbers are
 * given again.
 */
export function unlinkSessions(userId: string, only?: Pick<Identity, "appid" | "openid">): Statement {
  return statement(
    `UPDATE denglu_sessions SET identity_n = NULL WHERE user_n IN (${everyOwner})
      AND identity_n IN (SELECT n FROM denglu_identities WHERE ${ownerIs("sqlite")}${only ? " AND openid = ? AND appid = ?" : ""})`,
    userId,
    userId,
    ...(only ? [only.openid, only.appid] : []),
  )
}
