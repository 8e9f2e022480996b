import type {
  EndedOfUser,
  LeaveOutcome,
  LeaveRequest,
  LeavingStore,
  LeftUser,
  TakeRequest,
  UserChange,
} from "../leaving-store.ts"
import { backOff } from "../leaving-store.ts"
import { recordEvent } from "./audit-events.ts"
import { endSessions, liveSession } from "./end-sessions.ts"
import { eraseUser } from "./erase-user.ts"
import { exportUser } from "./export-user.ts"
import { lockSessionsOf } from "./merge-users.ts"
import { type Dialect, type Script, type ScriptRunner, statement } from "./script.ts"

/** Users who go, for SQLite, PostgreSQL and MySQL. */
export function leavingMethods({ read, write }: ScriptRunner): Omit<LeavingStore, "scrub"> {
  return {
    leaveUser: request => write(dialect => leaveUser(dialect, request)),
    restoreUser: request => write(() => restoreUser(request)),
    endSessionsOfLeaving: (since, now) => write(dialect => endSessionsOfLeaving(dialect, since, now)),
    takeLeft: request => write(() => takeLeft(request)),
    eraseUser: request => write(dialect => eraseUser(dialect, request)),
    exportUser: id => read(dialect => exportUser(dialect, id)),
    countOverdue: now => read(() => countOverdue(now)),
  }
}

/** See `LeavingStore.leaveUser`. */
function* leaveUser(
  dialect: Dialect,
  { userId, leavesAt, now, actor, eventId }: LeaveRequest,
): Script<LeaveOutcome> {
  const { rows } = yield statement(
    "SELECT leaves_at, merged_into FROM denglu_users WHERE id = ? FOR UPDATE",
    userId,
  )
  const [user] = rows
  if (user === undefined || user.merged_into !== null) return { kind: "unknown" }
  const before = user.leaves_at as number | null
  if (before === null || leavesAt < before) {
    yield statement("UPDATE denglu_users SET leaves_at = ? WHERE id = ?", leavesAt, userId)
    yield statement("DELETE FROM denglu_leaving WHERE user_id = ?", userId)
    yield statement(
      "INSERT INTO denglu_leaving (user_id, leaves_at, left_at, next_try_at, tries) VALUES (?, ?, ?, ?, 0)",
      userId,
      leavesAt,
      now,
      leavesAt,
    )
    yield recordEvent({ id: eventId, at: now, type: "user.leaving", userId, actor, detail: { leavesAt } })
  }
  const endedSessions = yield* endSessions(dialect, {
    sessions: yield* lockSessionsOf(dialect, userId, now),
    reason: "account_deleted",
    actor,
    now,
  })
  return before === null
    ? { kind: "left", leavesAt, endedSessions }
    : { kind: "leaving", leavesAt: Math.min(before, leavesAt), endedSessions }
}

/** See `LeavingStore.restoreUser`. */
function* restoreUser({ userId, now, actor, eventId }: UserChange): Script<boolean> {
  const { rows } = yield statement("SELECT leaves_at FROM denglu_users WHERE id = ? FOR UPDATE", userId)
  const leavesAt = rows[0]?.leaves_at
  if (typeof leavesAt !== "number" || leavesAt <= now) return false
  yield statement("UPDATE denglu_users SET leaves_at = NULL WHERE id = ?", userId)
  yield statement("DELETE FROM denglu_leaving WHERE user_id = ?", userId)
  yield recordEvent({ id: eventId, at: now, type: "user.restored", userId, actor })
  return true
}

/** See `LeavingStore.endSessionsOfLeaving`. */
function* endSessionsOfLeaving(dialect: Dialect, since: number, now: number): Script<EndedOfUser[]> {
  const { rows } = yield statement(
    `SELECT DISTINCT l.user_id FROM denglu_leaving l JOIN denglu_sessions s ON ${
      dialect === "sqlite"
        ? "s.user_n = (SELECT n FROM denglu_users WHERE id = l.user_id)"
        : "s.user_id = l.user_id"
    }
      WHERE l.left_at >= ? AND ${liveSession} ORDER BY l.user_id`,
    since,
    now,
    now,
  )
  const ended: EndedOfUser[] = []
  for (const row of rows) {
    const userId = row.user_id as string
    const user = yield statement("SELECT leaves_at FROM denglu_users WHERE id = ? FOR UPDATE", userId)
    if (typeof user.rows[0]?.leaves_at !== "number") continue
    const sessions = yield* lockSessionsOf(dialect, userId, now)
    const sessionIds = yield* endSessions(dialect, {
      sessions,
      reason: "account_deleted",
      actor: "system",
      now,
    })
    ended.push({ userId, sessionIds })
  }
  return ended
}

/** Who is looked at in one call: more than there are instances. */
const candidates = 32

/** See `LeavingStore.takeLeft`. What was read decides only together with `tries`, which whoever was faster has counted up. */
function* takeLeft({ now, userId }: TakeRequest): Script<LeftUser | undefined> {
  const { rows } = yield userId === undefined
    ? statement(
        `SELECT user_id, leaves_at, tries FROM denglu_leaving
          WHERE next_try_at <= ? ORDER BY next_try_at LIMIT ${candidates}`,
        now,
      )
    : statement(
        "SELECT user_id, leaves_at, tries FROM denglu_leaving WHERE user_id = ? AND next_try_at <= ?",
        userId,
        now,
      )
  for (const row of rows) {
    const tries = (row.tries as number) + 1
    const { affected } = yield statement(
      "UPDATE denglu_leaving SET tries = ?, next_try_at = ? WHERE user_id = ? AND tries = ? AND next_try_at <= ?",
      tries,
      now + backOff(tries),
      row.user_id as string,
      tries - 1,
      now,
    )
    if (affected === 1) return { userId: row.user_id as string, leavesAt: row.leaves_at as number, tries }
  }
  return undefined
}

/** See `LeavingStore.countOverdue`. */
function* countOverdue(now: number): Script<{ count: number; oldest: number | undefined }> {
  const { rows } = yield statement(
    "SELECT count(*) AS count, min(leaves_at) AS oldest FROM denglu_leaving WHERE leaves_at <= ?",
    now,
  )
  return { count: Number(rows[0]?.count), oldest: (rows[0]?.oldest as number | null) ?? undefined }
}
