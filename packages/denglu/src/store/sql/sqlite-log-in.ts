import type { DatabaseSync } from "node:sqlite"
import { eventsOfLogIn, type LogInChanges } from "../session-events.ts"
import { openedSession } from "../session-rules.ts"
import type { LogInEntry, LogInOutcome, UserProfile } from "../store.ts"
import { leavingOutcome, readUser } from "./rows.ts"
import { prepareRecord } from "./sqlite-audit.ts"

interface KnownPerson {
  readonly user_n: number
  readonly identity_n: number
  readonly unionid: string | null
  readonly session_key_fingerprint: string
}

/**
 * The statements of a login: finds or creates the user, keeps the `session_key`, opens the session. Must run inside a transaction
 * that writes. A person who is known costs three or four statements, a new one six or seven.
 */
export function prepareLogIn(database: DatabaseSync): (entry: LogInEntry) => LogInOutcome {
  const findPerson = database.prepare(`
    SELECT u.id, u.nickname, u.avatar_url, u.created_at, u.updated_at, u.leaves_at,
      u.n AS user_n, i.n AS identity_n, i.unionid, i.session_key_fingerprint
    FROM identities i JOIN users u ON u.n = i.user_n
    WHERE i.openid = ? AND i.appid = ?`)
  const findByUnionid = database.prepare(`
    SELECT u.id, u.nickname, u.avatar_url, u.created_at, u.updated_at, u.leaves_at, u.n AS user_n
    FROM identities i JOIN users u ON u.n = i.user_n
    WHERE i.unionid = ? AND i.open_platform = ?
    ORDER BY i.n LIMIT 1`)
  const findOther = database.prepare(`
    SELECT u.id FROM identities i JOIN users u ON u.n = i.user_n
    WHERE i.unionid = ? AND i.open_platform = ? AND i.user_n <> ?
    ORDER BY i.n LIMIT 1`)
  const addUser = database.prepare("INSERT INTO users (id, created_at, updated_at) VALUES (?, ?, ?)")
  const addIdentity = database.prepare(`
    INSERT INTO identities (user_n, appid, openid, unionid, open_platform, created_at,
      session_key, session_key_fingerprint, session_key_changed_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const changeSessionKey = database.prepare(`
    UPDATE identities SET previous_session_key = session_key, session_key = ?, session_key_fingerprint = ?,
      session_key_changed_at = ?
    WHERE n = ?`)
  const attachUnionid = database.prepare("UPDATE identities SET unionid = ? WHERE n = ? AND unionid IS NULL")
  const addSession = database.prepare(`
    INSERT INTO sessions (id, user_n, identity_n, appid, counter, created_at, rotated_at, idle_expires_at,
      absolute_expires_at, user_agent)
    VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`)
  const record = prepareRecord(database)

  return entry => {
    const found = findPerson.get(entry.openid, entry.appid)
    if (found === undefined) return logInNewIdentity(entry)
    const leaving = leavingOutcome(found)
    if (leaving !== undefined) return leaving
    const { user_n, identity_n, unionid, session_key_fingerprint } = found as unknown as KnownPerson
    const { sealed, fingerprint } = entry.sessionKey
    if (fingerprint !== "" && session_key_fingerprint !== fingerprint)
      changeSessionKey.run(sealed, fingerprint, entry.now, identity_n)
    const broughtUnionid = unionid === null && entry.unionid !== undefined
    if (broughtUnionid) attachUnionid.run(entry.unionid as string, identity_n)
    const changes = { isNew: false, joined: false, broughtUnionid }
    const outcome = openSession(entry, user_n, identity_n, readUser(found), changes)
    if (!broughtUnionid) return outcome
    const other = findOther.get(entry.unionid as string, entry.openPlatform, user_n)
    return other === undefined ? outcome : { ...outcome, conflictsWith: other.id as string }
  }

  function logInNewIdentity(entry: LogInEntry): LogInOutcome {
    const { now, appid, openid, openPlatform, newUserId, sessionKey } = entry
    const unionid = entry.unionid ?? null
    const joined = unionid === null ? undefined : findByUnionid.get(unionid, openPlatform)
    const leaving = joined && leavingOutcome(joined)
    if (leaving !== undefined) return leaving
    const userN =
      joined === undefined
        ? Number(addUser.run(newUserId, now, now).lastInsertRowid)
        : (joined.user_n as number)
    const { sealed, fingerprint } = sessionKey
    const { lastInsertRowid } = addIdentity.run(
      userN,
      appid,
      openid,
      unionid,
      openPlatform,
      now,
      sealed,
      fingerprint,
      now,
    )
    const user: UserProfile =
      joined === undefined
        ? { id: newUserId, nickname: null, avatarUrl: null, createdAt: now, updatedAt: now, leavesAt: null }
        : readUser(joined)
    const isNew = joined === undefined
    const changes = { isNew, joined: !isNew, broughtUnionid: false }
    return openSession(entry, userN, Number(lastInsertRowid), user, changes)
  }

  function openSession(
    entry: LogInEntry,
    userN: number,
    identityN: number,
    user: UserProfile,
    changes: LogInChanges,
  ): LogInOutcome {
    const { now, appid } = entry
    const { id, idleExpiresAt, absoluteExpiresAt, userAgent } = entry.session
    addSession.run(id, userN, identityN, appid, now, now, idleExpiresAt, absoluteExpiresAt, userAgent)
    for (const event of eventsOfLogIn(entry, user.id, changes)) record(event)
    return { kind: "logged_in", user, isNew: changes.isNew, session: openedSession(entry, user.id) }
  }
}
