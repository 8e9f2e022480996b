import type { DatabaseSync } from "node:sqlite"
import { endedEvent } from "../session-events.ts"
import { decideRotation, rotated } from "../session-rules.ts"
import type { Revocation, RevocationReason, RotateOutcome, RotateRequest, Session } from "../store.ts"
import { readSession, readUser, sessionColumns, sessionTables } from "./rows.ts"
import { prepareRecord } from "./sqlite-audit.ts"

/** The statements about sessions and their revocations. Those that write must run inside a transaction that writes. */
export interface SessionStatements {
  find(id: string): Session | undefined
  list(userId: string, now: number): Session[]
  listAll(now: number, limit: number): Session[]
  rotate(request: RotateRequest): RotateOutcome
  revoke(id: string, reason: RevocationReason, now: number, userId: string | undefined): boolean
  revokeAll(userId: string, reason: RevocationReason, now: number, exceptId: string | undefined): string[]
  revocationsAfter(n: number): { readonly revocations: readonly Revocation[]; readonly last: number }
  purge(before: number, limit: number): number
}

export function prepareSessions(database: DatabaseSync): SessionStatements {
  const find = database.prepare(`SELECT ${sessionColumns} FROM ${sessionTables} WHERE s.id = ?`)
  const live = "s.revoked_at IS NULL AND s.idle_expires_at > ? AND s.absolute_expires_at > ?"
  const latestFirst = "ORDER BY s.created_at DESC, s.n DESC"
  const list = database.prepare(
    `SELECT ${sessionColumns} FROM ${sessionTables} WHERE u.id = ? AND ${live} ${latestFirst}`,
  )
  const listAll = database.prepare(
    `SELECT ${sessionColumns} FROM ${sessionTables} WHERE ${live} ORDER BY s.n DESC LIMIT ?`,
  )
  const findUser = database.prepare(
    "SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at FROM users WHERE id = ?",
  )
  const rotate = database.prepare(`
    UPDATE sessions SET counter = counter + 1, rotated_at = ?, idle_expires_at = ?
    WHERE id = ? AND counter = ? AND revoked_at IS NULL`)
  const revoke = database.prepare(`
    UPDATE sessions SET revoked_at = ?, revoked_reason = ?
    WHERE id = ? AND revoked_at IS NULL AND idle_expires_at > ? AND absolute_expires_at > ?`)
  const recordRevocation = database.prepare("INSERT INTO revocations (session_id, revoked_at) VALUES (?, ?)")
  const revocationsAfter = database.prepare(
    "SELECT n, session_id, revoked_at FROM revocations WHERE n > ? ORDER BY n",
  )
  const purgeEnded = database.prepare(`
    DELETE FROM sessions WHERE n IN
      (SELECT n FROM sessions WHERE idle_expires_at < ? ORDER BY idle_expires_at LIMIT ?)`)
  const oldRevocations = database.prepare(
    "SELECT n, session_id FROM revocations WHERE revoked_at < ? ORDER BY n LIMIT ?",
  )
  const dropSession = database.prepare("DELETE FROM sessions WHERE id = ? AND revoked_at IS NOT NULL")
  const dropRevocation = database.prepare("DELETE FROM revocations WHERE n = ?")
  const record = prepareRecord(database)

  const findSession = (id: string) => {
    const row = find.get(id)
    return row === undefined ? undefined : readSession(row)
  }

  function revokeOne(session: Session, reason: RevocationReason, now: number): boolean {
    const { id } = session
    if (Number(revoke.run(now, reason, id, now, now).changes) === 0) return false
    recordRevocation.run(id, now)
    record(endedEvent(session, reason, now))
    return true
  }

  function userOf(session: Session) {
    const row = findUser.get(session.userId)
    if (row === undefined) throw new Error("a session without its user")
    return readUser(row)
  }

  return {
    find: findSession,
    list: (userId, now) => list.all(userId, now, now).map(readSession),
    listAll: (now, limit) => listAll.all(now, now, limit).map(readSession),

    rotate(request) {
      const session = findSession(request.id)
      const decision = decideRotation(session, request)
      if (session === undefined || decision === "unknown") return { kind: "unknown" }
      if (decision === "expired") return { kind: "expired" }
      if (decision === "revoked") return { kind: "revoked", session }
      if (decision === "replay") return { kind: "replayed", session, user: userOf(session) }
      if (decision === "reuse") {
        revokeOne(session, "refresh_reused", request.now)
        return { kind: "reused", session: findSession(session.id) ?? session }
      }
      const next = rotated(session, request)
      rotate.run(next.rotatedAt, next.idleExpiresAt, session.id, session.counter)
      return { kind: "rotated", session: next, user: userOf(next) }
    },

    revoke(id, reason, now, userId) {
      const session = findSession(id)
      if (session === undefined || (userId !== undefined && session.userId !== userId)) return false
      return revokeOne(session, reason, now)
    },

    revokeAll: (userId, reason, now, exceptId) =>
      list
        .all(userId, now, now)
        .map(readSession)
        .filter(session => session.id !== exceptId && revokeOne(session, reason, now))
        .map(({ id }) => id),

    revocationsAfter(n) {
      const rows = revocationsAfter.all(n)
      return {
        revocations: rows.map(row => ({
          sessionId: row.session_id as string,
          revokedAt: row.revoked_at as number,
        })),
        last: Number(rows.at(-1)?.n ?? n),
      }
    },

    purge(before, limit) {
      const ended = Number(purgeEnded.run(before, limit).changes)
      const outlived = oldRevocations.all(before, limit - ended)
      for (const { n, session_id } of outlived) {
        dropSession.run(session_id as string)
        dropRevocation.run(n as number)
      }
      return ended + outlived.length
    },
  }
}
