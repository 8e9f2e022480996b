import type { AuditActor } from "../audit-store.ts"
import { type Merge, undoableFor } from "../people-store.ts"
import type { Phone } from "../phone-store.ts"
import type { Row } from "./rows.ts"
import { type Script, statement } from "./script.ts"

/** What a merge moved: what an undo gives back. */
export interface Moved {
  /** Each an appid and an openid. */
  readonly identities: readonly (readonly [string, string])[]
  /** Each a unionid and an open platform. */
  readonly unionids: readonly (readonly [string, string])[]
  readonly phone?: MovedPhone
  readonly password?: MovedPassword
  /** Users who had been merged into the absorbed one. */
  readonly pointers: readonly string[]
}

export interface MovedPhone extends Phone {
  /** Nobody got it: the survivor had one. */
  readonly dropped: boolean
}

export interface MovedPassword {
  readonly account: string | null
  /** Sealed. */
  readonly hash: string
  readonly changedAt: number
  /** Nobody got it: the survivor had one. */
  readonly dropped: boolean
}

export const mergeColumns = "id, survivor_id, absorbed_id, at, actor, journal, undone_at"

export function readMerge(row: Row): Merge {
  return {
    id: row.id as string,
    survivorId: row.survivor_id as string,
    absorbedId: row.absorbed_id as string,
    at: row.at as number,
    actor: row.actor as AuditActor,
    undoneAt: row.undone_at as number | null,
    isUndoable: row.journal !== null && row.undone_at === null,
  }
}

/** Merges of which the user was one side, the latest first. */
export function* listMergesOf(userId: string): Script<Merge[]> {
  const { rows } = yield statement(
    `SELECT ${mergeColumns} FROM denglu_merges WHERE survivor_id = ? OR absorbed_id = ? ORDER BY at DESC, id DESC`,
    userId,
    userId,
  )
  return rows.map(readMerge)
}

/** Merges that were done or undone at `since` or later, at most `limit`, in the order of their `at`. */
export function* listMergesSince(since: number, limit: number): Script<Merge[]> {
  const { rows } = yield statement(
    `SELECT ${mergeColumns} FROM denglu_merges WHERE at >= ? OR undone_at >= ? ORDER BY at, id LIMIT ?`,
    since,
    since,
    limit,
  )
  return rows.map(readMerge)
}

/** All who were merged into a user, directly or through others, the earliest first. */
export function* absorbedBy(userId: string): Script<string[]> {
  const found: { readonly id: string; readonly at: number }[] = []
  const asked = new Set<string>()
  const waiting = [userId]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (asked.has(next)) continue
    asked.add(next)
    const { rows } = yield statement(
      "SELECT absorbed_id, at FROM denglu_merges WHERE survivor_id = ? AND undone_at IS NULL ORDER BY at",
      next,
    )
    for (const row of rows) {
      found.push({ id: row.absorbed_id as string, at: row.at as number })
      waiting.push(row.absorbed_id as string)
    }
  }
  return found.sort((one, other) => one.at - other.at).map(({ id }) => id)
}

/** Forgets what merges before `before` moved, at most `limit` of them. */
export function* forgetMoved(before: number, limit: number): Script<number> {
  const { rows } = yield statement(
    "SELECT id FROM denglu_merges WHERE at < ? AND journal IS NOT NULL ORDER BY at LIMIT ?",
    before,
    limit,
  )
  for (const { id } of rows)
    yield statement("UPDATE denglu_merges SET journal = NULL WHERE id = ?", id as string)
  return rows.length
}

/** Whether a merge is too long ago to be undone, whatever of it is still there. */
export function isTooLate(merge: Merge, now: number): boolean {
  return now - merge.at > undoableFor
}
