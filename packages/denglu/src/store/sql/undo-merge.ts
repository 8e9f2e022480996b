import type { Merge, UndoOutcome, UndoRequest } from "../people-store.ts"
import { recordEvents } from "./audit-events.ts"
import { endSessions, type LockedSession, lockSessionsBySms, lockSessionsOfIdentity } from "./end-sessions.ts"
import { giveBackPassword } from "./merge-passwords.ts"
import { isTooLate, type Moved, type MovedPhone, mergeColumns, readMerge } from "./merge-rows.ts"
import { lockUsers, ownerIs } from "./owners.ts"
import { findPhone, insertPhone } from "./phones.ts"
import { type Dialect, type Script, statement } from "./script.ts"

/** See `PeopleStore.undoMerge`. The users are locked before the merge is read again: whoever comes second finds it undone. */
export function* undoMerge(dialect: Dialect, { id, actor, now }: UndoRequest): Script<UndoOutcome> {
  const before = yield* findMerge(id)
  if (before === undefined) return { kind: "refused", why: "unknown" }
  const { absorbedId } = before
  const holderId = yield* holderOf(before.survivorId)
  const users = yield* lockUsers([holderId, absorbedId])
  if (!users.has(holderId) || !users.has(absorbedId)) return { kind: "refused", why: "unknown" }
  const merge = yield* findMerge(id)
  if (merge === undefined) return { kind: "refused", why: "unknown" }
  if (merge.undoneAt !== null) return { kind: "refused", why: "undone" }
  if (merge.journal === null || isTooLate(merge, now)) return { kind: "refused", why: "too_late" }
  const moved = JSON.parse(merge.journal) as Moved

  // First, while the identities still are who opened them.
  const sessions = yield* lockSessionsOpenedBy(dialect, holderId, moved, now)
  for (const [unionid, openPlatform] of moved.unionids)
    yield statement(
      "UPDATE denglu_unionids SET user_id = ? WHERE unionid = ? AND open_platform = ? AND user_id = ?",
      absorbedId,
      unionid,
      openPlatform,
      holderId,
    )
  for (const [appid, openid] of moved.identities)
    yield statement(
      `UPDATE denglu_identities SET ${ownerIs(dialect)} WHERE openid = ? AND appid = ? AND ${ownerIs(dialect)}`,
      absorbedId,
      openid,
      appid,
      holderId,
    )
  if (moved.phone !== undefined) yield* giveBackPhone(moved.phone, holderId, absorbedId)
  const byPassword =
    moved.password === undefined
      ? []
      : yield* giveBackPassword(dialect, moved.password, holderId, absorbedId, now)
  yield statement("UPDATE denglu_users SET merged_into = NULL WHERE id = ?", absorbedId)
  for (const pointer of moved.pointers)
    yield statement(
      "UPDATE denglu_users SET merged_into = ? WHERE id = ? AND merged_into = ?",
      absorbedId,
      pointer,
      holderId,
    )
  yield statement("UPDATE denglu_merges SET undone_at = ?, journal = NULL WHERE id = ?", now, id)
  yield recordEvents([
    {
      id: `${id}:undone`,
      at: now,
      type: "user.merge_undone",
      userId: merge.survivorId,
      actor,
      detail: { absorbed: absorbedId },
    },
    {
      id: `${id}:restored`,
      at: now,
      type: "user.merge_undone",
      userId: absorbedId,
      actor,
      detail: { survivor: merge.survivorId },
    },
  ])
  const byIdentity = yield* endSessions(dialect, { sessions, reason: "merge_undone", actor, now })
  const endedSessions = [...byIdentity, ...byPassword]
  const { journal: _, ...facts } = merge
  return { kind: "undone", merge: { ...facts, undoneAt: now, isUndoable: false }, endedSessions }
}

function* findMerge(id: string): Script<(Merge & { readonly journal: string | null }) | undefined> {
  const { rows } = yield statement(`SELECT ${mergeColumns} FROM denglu_merges WHERE id = ? FOR UPDATE`, id)
  const [row] = rows
  return row === undefined ? undefined : { ...readMerge(row), journal: row.journal as string | null }
}

/** Who has by now what the survivor got: the survivor, or whom that one was merged into. */
function* holderOf(survivorId: string): Script<string> {
  const { rows } = yield statement("SELECT merged_into FROM denglu_users WHERE id = ?", survivorId)
  return (rows[0]?.merged_into as string | null | undefined) ?? survivorId
}

function* lockSessionsOpenedBy(
  dialect: Dialect,
  userId: string,
  { identities, phone }: Moved,
  now: number,
): Script<LockedSession[]> {
  const sessions: LockedSession[] = []
  if (phone?.dropped === false && (yield* findPhone(userId))?.phone === phone.phone)
    sessions.push(...(yield* lockSessionsBySms(dialect, userId, now)))
  for (const [appid, openid] of identities)
    sessions.push(...(yield* lockSessionsOfIdentity(dialect, { userId, appid, openid, now })))
  return sessions
}

/** A number that the survivor has given up, or that is somebody's by now, is left alone; so is the one that came to the absorbed user. */
function* giveBackPhone(moved: MovedPhone, holderId: string, absorbedId: string): Script<void> {
  const { dropped, ...number } = moved
  const { phone } = number
  if (!dropped) {
    yield statement(
      "UPDATE denglu_phones SET user_id = ? WHERE phone = ? AND user_id = ?",
      absorbedId,
      phone,
      holderId,
    )
    return
  }
  if ((yield* findPhone(absorbedId)) !== undefined) return
  yield insertPhone(absorbedId, number)
}
