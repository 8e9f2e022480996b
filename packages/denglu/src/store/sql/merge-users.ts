import type {
  Merge,
  MergeOutcome,
  MergePreview,
  MergeRefusal,
  MergeRequest,
  ResolvedUser,
} from "../people-store.ts"
import { recordEvents } from "./audit-events.ts"
import { endSessions, type LockedSession, liveSession } from "./end-sessions.ts"
import { movePassword } from "./merge-passwords.ts"
import { absorbedBy, type Moved } from "./merge-rows.ts"
import { findUserRow, identitiesOf, lockUsers, ownerIs, type UserRow } from "./owners.ts"
import { findPhone } from "./phones.ts"
import { type Dialect, type Script, statement } from "./script.ts"

/** See `PeopleStore.resolveUser`. */
export function* resolveUser(dialect: Dialect, id: string): Script<ResolvedUser | undefined> {
  let found = yield* findUserRow(dialect, id)
  if (typeof found?.row.mergedInto === "string") found = yield* findUserRow(dialect, found.row.mergedInto)
  if (found === undefined) return undefined
  const { row: _, ...user } = found
  return { ...user, mergedIds: yield* absorbedBy(user.id) }
}

/** See `PeopleStore.previewMerge`. */
export function* previewMerge(
  dialect: Dialect,
  survivorId: string,
  absorbedId: string,
  now: number,
): Script<MergePreview> {
  const survivor = yield* findUserRow(dialect, survivorId)
  const absorbed = yield* findUserRow(dialect, absorbedId)
  const phone = yield* findPhone(absorbedId)
  const taken = yield* findPhone(survivorId)
  const { rows } = yield statement(
    `SELECT count(*) AS sessions FROM denglu_sessions s WHERE ${ownerIs(dialect)} AND ${liveSession}`,
    absorbedId,
    now,
    now,
  )
  return {
    survivor: withoutRow(survivor),
    absorbed: withoutRow(absorbed),
    phone: phone?.phone,
    dropsPhone: phone !== undefined && taken !== undefined,
    sessions: Number(rows[0]?.sessions),
    refusal: refusalOf(survivorId, absorbedId, survivor?.row, absorbed?.row),
  }
}

function withoutRow<Found extends { readonly row: UserRow }>(
  found: Found | undefined,
): Omit<Found, "row"> | undefined {
  if (found === undefined) return undefined
  const { row: _, ...user } = found
  return user
}

/**
 * See `PeopleStore.mergeUsers`. Both users are locked first, so that of several merges with one of them the second sees what the first has
 * done. Unionids move before identities: a login that joins by one of them waits for it, and finds whose it is now.
 */
export function* mergeUsers(dialect: Dialect, request: MergeRequest): Script<MergeOutcome> {
  const { id, survivorId, absorbedId, dropPhone, actor, now } = request
  const users = yield* lockUsers([survivorId, absorbedId])
  const refusal = refusalOf(survivorId, absorbedId, users.get(survivorId), users.get(absorbedId))
  if (refusal !== undefined) return { kind: "refused", why: refusal }
  const phone = yield* findPhone(absorbedId)
  const dropped = phone !== undefined && (yield* findPhone(survivorId)) !== undefined
  if (dropped && !dropPhone) return { kind: "refused", why: "phone" }

  const password = yield* movePassword(survivorId, absorbedId)
  const moved: Moved = {
    unionids: yield* moveUnionids(dialect, absorbedId, survivorId),
    identities: yield* moveIdentities(dialect, absorbedId, survivorId),
    ...(phone === undefined ? {} : { phone: { ...phone, dropped } }),
    ...(password === undefined ? {} : { password }),
    pointers: yield* absorbedBy(absorbedId),
  }
  if (dropped) yield statement("DELETE FROM denglu_phones WHERE user_id = ?", absorbedId)
  else if (phone !== undefined)
    yield statement("UPDATE denglu_phones SET user_id = ? WHERE user_id = ?", survivorId, absorbedId)
  for (const pointer of [absorbedId, ...moved.pointers])
    yield statement("UPDATE denglu_users SET merged_into = ? WHERE id = ?", survivorId, pointer)
  yield statement(
    `INSERT INTO denglu_merges (id, survivor_id, absorbed_id, at, actor, journal) VALUES (?, ?, ?, ?, ?, ?)`,
    id,
    survivorId,
    absorbedId,
    now,
    actor,
    JSON.stringify(moved),
  )
  yield recordEvents([
    {
      id: `${id}:survivor`,
      at: now,
      type: "user.merged",
      userId: survivorId,
      actor,
      detail: { absorbed: absorbedId },
    },
    {
      id: `${id}:absorbed`,
      at: now,
      type: "user.merged",
      userId: absorbedId,
      actor,
      detail: { survivor: survivorId },
    },
  ])
  const endedSessions = yield* endSessions(dialect, {
    sessions: yield* lockSessionsOf(dialect, absorbedId, now),
    reason: "merged",
    actor,
    now,
  })
  const merge: Merge = { id, survivorId, absorbedId, at: now, actor, undoneAt: null, isUndoable: true }
  return { kind: "merged", merge, endedSessions }
}

function refusalOf(
  survivorId: string,
  absorbedId: string,
  survivor: UserRow | undefined,
  absorbed: UserRow | undefined,
): MergeRefusal | undefined {
  if (survivorId === absorbedId) return "same"
  if (survivor === undefined || absorbed === undefined) return "unknown"
  if (survivor.mergedInto !== null || absorbed.mergedInto !== null) return "merged"
  return survivor.leavesAt !== null || absorbed.leavesAt !== null ? "leaving" : undefined
}

/** In SQLite a unionid is of whoever has its oldest identity, so there is nothing to move. */
function* moveUnionids(dialect: Dialect, from: string, to: string): Script<[string, string][]> {
  if (dialect === "sqlite") return []
  const { rows } = yield statement(
    `SELECT c.unionid, c.open_platform FROM denglu_unionids c
        JOIN denglu_identities i ON i.unionid = c.unionid AND i.open_platform = c.open_platform
      WHERE i.user_id = ? AND c.user_id = ? ORDER BY c.unionid, c.open_platform`,
    from,
    from,
  )
  const moved = rows.map((row): [string, string] => [row.unionid as string, row.open_platform as string])
  for (const [unionid, openPlatform] of moved)
    yield statement(
      "UPDATE denglu_unionids SET user_id = ? WHERE unionid = ? AND open_platform = ? AND user_id = ?",
      to,
      unionid,
      openPlatform,
      from,
    )
  return moved
}

function* moveIdentities(dialect: Dialect, from: string, to: string): Script<[string, string][]> {
  const found = yield* identitiesOf(dialect, from)
  yield statement(`UPDATE denglu_identities SET ${ownerIs(dialect)} WHERE ${ownerIs(dialect)}`, to, from)
  return found.map(({ appid, openid }) => [appid, openid])
}

/** The user's live sessions, locked. */
export function* lockSessionsOf(dialect: Dialect, userId: string, now: number): Script<LockedSession[]> {
  const { rows } = yield statement(
    `SELECT s.id, s.appid FROM denglu_sessions s WHERE ${ownerIs(dialect)} AND ${liveSession}
      ORDER BY s.id FOR UPDATE`,
    userId,
    now,
    now,
  )
  return rows.map(row => ({ id: row.id as string, appid: row.appid as string, userId }))
}
