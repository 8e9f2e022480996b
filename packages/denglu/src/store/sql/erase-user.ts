import type { UserChange } from "../leaving-store.ts"
import { recordEvents } from "./audit-events.ts"
import { endSessions } from "./end-sessions.ts"
import { absorbedBy } from "./merge-rows.ts"
import { lockSessionsOf } from "./merge-users.ts"
import { identitiesOf, ownerIs } from "./owners.ts"
import { type Dialect, type Script, statement } from "./script.ts"
import { eraseSmsTo } from "./sms.ts"
import { unlinkSessions } from "./unlink-sessions.ts"

/**
 * See `LeavingStore.eraseUser`. Everything personal of a user hangs on their id, so that it is found by it; `erasedTables` names where. A table
 * that gets a column with a user's id belongs there, or among those that keep the bare id.
 */
export function* eraseUser(
  dialect: Dialect,
  { userId, now, actor, eventId }: UserChange,
): Script<readonly string[] | undefined> {
  const ids = [userId, ...(yield* absorbedBy(userId))]
  const { rows } = yield statement(
    `SELECT id, leaves_at, merged_into FROM denglu_users WHERE id IN (${ids.map(() => "?").join(", ")}) ORDER BY id FOR UPDATE`,
    ...ids,
  )
  const leavesAt = rows.find(({ id }) => id === userId)?.leaves_at
  if (typeof leavesAt !== "number" || leavesAt > now) return undefined
  const erased = [userId, ...rows.filter(row => row.merged_into === userId).map(({ id }) => id as string)]
  for (const id of erased) yield* eraseOne(dialect, id, now)
  if (dialect === "sqlite")
    yield statement("INSERT INTO residue (since) VALUES (?) ON CONFLICT DO NOTHING", now)
  yield recordEvents(
    erased.map((id, index) => ({
      id: index === 0 ? eventId : `${eventId}.${index}`,
      at: now,
      type: "user.purged",
      userId: id,
      actor,
    })),
  )
  return erased
}

/** What is deleted by the user's id, beside sessions, identities, unionids and the user's row. */
export const erasedTables = ["passwords", "phones", "leaving", "scans", "sms"] as const

function* eraseOne(dialect: Dialect, userId: string, now: number): Script<void> {
  // A login that was under way when the user left may have opened one: its access token must not outlive this.
  yield* endSessions(dialect, {
    sessions: yield* lockSessionsOf(dialect, userId, now),
    reason: "account_deleted",
    actor: "system",
    now,
  })
  const identities = yield* identitiesOf(dialect, userId)
  yield statement(`DELETE FROM denglu_sessions WHERE ${ownerIs(dialect)}`, userId)
  // Sessions of another user may still name them: those that an undone merge has ended.
  if (dialect === "sqlite") yield unlinkSessions(userId)
  else
    for (const { unionid, openPlatform } of identities)
      if (unionid !== null)
        yield statement(
          "DELETE FROM denglu_unionids WHERE unionid = ? AND open_platform = ? AND user_id = ?",
          unionid,
          openPlatform,
          userId,
        )
  yield statement(`DELETE FROM denglu_identities WHERE ${ownerIs(dialect)}`, userId)
  yield* eraseSmsTo(userId, now)
  for (const table of erasedTables) yield statement(`DELETE FROM denglu_${table} WHERE user_id = ?`, userId)
  // Random names of pictures stay until those are removed: an upload that was under way may just be leaving one.
  yield statement(
    "UPDATE denglu_avatars SET remove_after = COALESCE(remove_after, 0), user_id = '' WHERE user_id = ?",
    userId,
  )
  yield statement("UPDATE denglu_merges SET journal = NULL WHERE survivor_id = ?", userId)
  yield statement("UPDATE denglu_merges SET journal = NULL WHERE absorbed_id = ?", userId)
  yield statement("DELETE FROM denglu_users WHERE id = ?", userId)
}
