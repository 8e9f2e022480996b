import type { DatabaseSync } from "node:sqlite"
import { keyReplacedId } from "../session-events.ts"
import type { OwnedIdentity, SealedSessionKey, SessionKeys, User } from "../store.ts"
import { readIdentity, readOwnedIdentity, readSessionKeys, readUser } from "./rows.ts"
import { prepareRecord } from "./sqlite-audit.ts"

/** The statements about users and what belongs to their identities. Those that write must run inside a transaction that writes. */
export interface UserStatements {
  find(id: string): User | undefined
  findIdentity(appid: string, openid: string): OwnedIdentity | undefined
  findSessionKeys(appid: string, openid: string): SessionKeys | undefined
  replaceSessionKey(
    appid: string,
    openid: string,
    expected: string,
    next: SealedSessionKey,
    now: number,
  ): boolean
}

export function prepareUsers(database: DatabaseSync): UserStatements {
  const find = database.prepare(
    "SELECT n, id, nickname, avatar_url, created_at, updated_at, leaves_at FROM users WHERE id = ?",
  )
  const identitiesOf = database.prepare(`
    SELECT appid, openid, unionid, open_platform, created_at FROM identities WHERE user_n = ? ORDER BY n`)
  const findIdentity = database.prepare(`
    SELECT i.appid, i.openid, i.unionid, i.open_platform, i.created_at, u.id AS user_id
    FROM identities i JOIN users u ON u.n = i.user_n WHERE i.openid = ? AND i.appid = ?`)
  const findKeys = database.prepare(`
    SELECT session_key, previous_session_key, session_key_changed_at FROM identities
    WHERE openid = ? AND appid = ?`)
  const replaceKey = database.prepare(`
    UPDATE identities SET previous_session_key = session_key, session_key = ?, session_key_fingerprint = ?,
      session_key_changed_at = ?
    WHERE openid = ? AND appid = ? AND session_key = ?`)
  const record = prepareRecord(database)

  return {
    find(id) {
      const row = find.get(id)
      if (row === undefined) return undefined
      return { ...readUser(row), identities: identitiesOf.all(row.n as number).map(readIdentity) }
    },
    findIdentity(appid, openid) {
      const row = findIdentity.get(openid, appid)
      return row === undefined ? undefined : readOwnedIdentity(row)
    },
    findSessionKeys(appid, openid) {
      const row = findKeys.get(openid, appid)
      return row === undefined ? undefined : readSessionKeys(row)
    },
    replaceSessionKey(appid, openid, expected, { sealed, fingerprint }, now) {
      if (Number(replaceKey.run(sealed, fingerprint, now, openid, appid, expected).changes) === 0)
        return false
      const userId = findIdentity.get(openid, appid)?.user_id as string
      const id = keyReplacedId(sealed)
      record({ id, at: now, type: "session_key.replaced", userId, appid, actor: "operator" })
      return true
    },
  }
}
