import { recordEvent } from "./audit-events.ts"
import { endSessions, liveSession } from "./end-sessions.ts"
import { type Moved, mergeColumns, readMerge } from "./merge-rows.ts"
import { identitiesOf, joinOwner, ownerIs } from "./owners.ts"
import { type Dialect, type Script, statement } from "./script.ts"

/**
 * See `PeopleStore.endStraySessions`. A login that read an identity or a unionid before a merge was committed writes what it read: a session for the
 * absorbed user, or even an identity, or the unionid that it claims. All of it is put right here; what came too late for the merge is written
 * to its journal.
 */
export function* endStraySessions(dialect: Dialect, since: number, now: number): Script<string[]> {
  const { rows } = yield statement(
    `SELECT ${mergeColumns} FROM denglu_merges WHERE at >= ? OR undone_at >= ? ORDER BY at, id`,
    since,
    since,
  )
  const ended: string[] = []
  for (const row of rows) {
    const { id, survivorId, absorbedId, undoneAt } = readMerge(row)
    if (undoneAt === null) yield* moveLate(dialect, id, absorbedId, now)
    else yield* giveBackUnionids(dialect, survivorId, absorbedId)
    for (const userId of undoneAt === null ? [absorbedId] : [survivorId])
      ended.push(...(yield* endStrays(dialect, userId, undoneAt === null ? "merged" : "merge_undone", now)))
  }
  return ended
}

function* moveLate(dialect: Dialect, mergeId: string, absorbedId: string, now: number): Script<void> {
  const late = yield* identitiesOf(dialect, absorbedId)
  const { rows: found } = yield statement("SELECT merged_into FROM denglu_users WHERE id = ?", absorbedId)
  const holderId = found[0]?.merged_into
  if (typeof holderId !== "string") return
  const unionids = yield* unionidsHeldWrongly(dialect, holderId, absorbedId)
  if (late.length === 0 && unionids.length === 0) return
  const { rows } = yield statement(
    "SELECT journal FROM denglu_merges WHERE id = ? AND undone_at IS NULL FOR UPDATE",
    mergeId,
  )
  const journal = rows[0]?.journal
  if (typeof journal !== "string") return
  const moved = JSON.parse(journal) as Moved
  for (const [unionid, openPlatform] of unionids)
    yield statement(
      "UPDATE denglu_unionids SET user_id = ? WHERE unionid = ? AND open_platform = ? AND user_id = ?",
      holderId,
      unionid,
      openPlatform,
      absorbedId,
    )
  yield statement(
    `UPDATE denglu_identities SET ${ownerIs(dialect)} WHERE ${ownerIs(dialect)}`,
    holderId,
    absorbedId,
  )
  const added: Moved = {
    ...moved,
    identities: [...moved.identities, ...late.map(({ appid, openid }) => [appid, openid] as const)],
    unionids: [...moved.unionids, ...unionids],
  }
  yield statement("UPDATE denglu_merges SET journal = ? WHERE id = ?", JSON.stringify(added), mergeId)
  yield recordEvent({
    id: `${mergeId}:late${added.identities.length + added.unionids.length}`,
    at: now,
    type: "user.merged",
    userId: holderId,
    actor: "system",
    detail: { absorbed: absorbedId, late: true },
  })
}

/** Unionids of `holderId`'s identities that are still `wrongId`'s. */
function* unionidsHeldWrongly(
  dialect: Dialect,
  holderId: string,
  wrongId: string,
): Script<(readonly [string, string])[]> {
  if (dialect === "sqlite") return []
  const { rows } = yield statement(
    `SELECT DISTINCT c.unionid, c.open_platform FROM denglu_identities i
        JOIN denglu_unionids c ON c.unionid = i.unionid AND c.open_platform = i.open_platform
      WHERE i.user_id IN (?, ?) AND c.user_id = ?`,
    holderId,
    wrongId,
    wrongId,
  )
  return rows.map(row => [row.unionid as string, row.open_platform as string] as const)
}

/** Unionids that were claimed for the survivor by an identity that is the absorbed user's again. */
function* giveBackUnionids(dialect: Dialect, survivorId: string, absorbedId: string): Script<void> {
  if (dialect === "sqlite") return
  const { rows } = yield statement(
    `SELECT DISTINCT c.unionid, c.open_platform FROM denglu_identities i
        JOIN denglu_unionids c ON c.unionid = i.unionid AND c.open_platform = i.open_platform
      WHERE i.user_id = ? AND c.user_id = ?`,
    absorbedId,
    survivorId,
  )
  for (const { unionid, open_platform: openPlatform } of rows) {
    const { rows: own } = yield statement(
      "SELECT appid FROM denglu_identities WHERE user_id = ? AND unionid = ? AND open_platform = ? LIMIT 1",
      survivorId,
      unionid as string,
      openPlatform as string,
    )
    if (own.length > 0) continue
    yield statement(
      "UPDATE denglu_unionids SET user_id = ? WHERE unionid = ? AND open_platform = ? AND user_id = ?",
      absorbedId,
      unionid as string,
      openPlatform as string,
      survivorId,
    )
  }
}

/** Sessions of a user who was merged, or whose identity has become another's. */
function* endStrays(
  dialect: Dialect,
  userId: string,
  reason: "merged" | "merge_undone",
  now: number,
): Script<string[]> {
  const [joinIdentity, isAnothers] =
    dialect === "sqlite"
      ? ["i.n = s.identity_n", "i.user_n <> s.user_n"]
      : ["i.openid = s.openid AND i.appid = s.appid", "i.user_id <> s.user_id"]
  const { rows } = yield statement(
    `SELECT s.id, s.appid FROM denglu_sessions s ${joinOwner(dialect, "s")}
        LEFT JOIN denglu_identities i ON ${joinIdentity}
      WHERE u.id = ? AND ${liveSession} AND (u.merged_into IS NOT NULL OR ${isAnothers})`,
    userId,
    now,
    now,
  )
  const sessions: { readonly id: string; readonly userId: string; readonly appid: string }[] = []
  for (const row of rows) {
    const { rows: locked } = yield statement(
      `SELECT s.id FROM denglu_sessions s WHERE s.id = ? AND ${liveSession} FOR UPDATE`,
      row.id as string,
      now,
      now,
    )
    if (locked.length > 0) sessions.push({ id: row.id as string, appid: row.appid as string, userId })
  }
  return yield* endSessions(dialect, { sessions, reason, actor: "system", now })
}
