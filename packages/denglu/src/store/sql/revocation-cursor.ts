import type { Revocation } from "../store.ts"
import type { Row } from "./rows.ts"

/** How far somebody has read: the number of the last revocation, and its session. Number 0: nothing yet. */
interface Cursor {
  readonly n: number
  readonly sessionId: string
}

export interface RevocationPage {
  readonly revocations: readonly Revocation[]
  readonly cursor: string
}

/** `""`, or a number and a session's id. */
export function readCursor(cursor: string): Cursor {
  const at = cursor.indexOf(" ")
  return at === -1
    ? { n: 0, sessionId: "" }
    : { n: Number(cursor.slice(0, at)), sessionId: cursor.slice(at + 1) }
}

/**
 * Whether the database has forgotten what was read: a backup was played back, or a replica took over that had not heard all. Numbers above
 * the cursor's would be given anew then, and whoever goes on from it would not hear of them. That the row is gone says nothing: it may have
 * been purged.
 *
 * @param row the counter's `value`, and `at_cursor`: whose the cursor's number is now
 */
export function wentBack({ n, sessionId }: Cursor, row: Row | undefined): boolean {
  if (n === 0 || row === undefined) return false
  return Number(row.value) < n || (row.at_cursor !== null && row.at_cursor !== sessionId)
}

/** @param rows with `n`, `session_id` and `revoked_at`, in order */
export function revocationPage(rows: readonly Row[], cursor: string): RevocationPage {
  const last = rows.at(-1)
  return {
    revocations: rows.map(row => ({
      sessionId: row.session_id as string,
      revokedAt: row.revoked_at as number,
    })),
    cursor: last === undefined ? cursor : `${last.n} ${last.session_id}`,
  }
}
