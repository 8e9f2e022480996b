import { keyReplacedId } from "../session-events.ts"
import type { OwnedIdentity, SealedSessionKey, SessionKeys, User } from "../store.ts"
import { bytes, type MysqlConnection, number, text } from "./mysql-connection.ts"
import { readIdentity, readOwnedIdentity, readSessionKeys, readUser } from "./rows.ts"

export async function findUser(connection: MysqlConnection, id: string): Promise<User | undefined> {
  const [found] = await connection.query([
    `SELECT u.id, u.nickname, u.avatar_url, u.created_at, u.updated_at, u.leaves_at, i.appid AS i_appid, i.openid,
        i.unionid, i.open_platform, i.created_at AS i_created_at
      FROM denglu_users u LEFT JOIN denglu_identities i ON i.user_id = u.id
      WHERE u.id = ${bytes(id)} ORDER BY i.created_at, i.appid, i.openid`,
  ])
  const rows = found?.rows ?? []
  const [first] = rows
  if (first === undefined) return undefined
  const identities = rows
    .filter(row => row.i_appid !== null)
    .map(row => readIdentity({ ...row, appid: row.i_appid, created_at: row.i_created_at }))
  return { ...readUser(first), identities }
}

export async function findIdentity(
  connection: MysqlConnection,
  appid: string,
  openid: string,
): Promise<OwnedIdentity | undefined> {
  const [found] = await connection.query([
    `SELECT appid, openid, unionid, open_platform, created_at, user_id FROM denglu_identities
      WHERE openid = ${bytes(openid)} AND appid = ${bytes(appid)}`,
  ])
  const row = found?.rows[0]
  return row === undefined ? undefined : readOwnedIdentity(row)
}

export async function findSessionKeys(
  connection: MysqlConnection,
  appid: string,
  openid: string,
): Promise<SessionKeys | undefined> {
  const [found] = await connection.query([
    `SELECT session_key, previous_session_key, session_key_changed_at FROM denglu_identities
      WHERE openid = ${bytes(openid)} AND appid = ${bytes(appid)}`,
  ])
  const row = found?.rows[0]
  return row === undefined ? undefined : readSessionKeys(row)
}

/**
 * In one round trip. The event comes first, for it finds the row as it was: locked, so that of two who expect the same one does.
 * `SET` works from left to right, so the previous key comes first.
 */
export async function replaceSessionKey(
  connection: MysqlConnection,
  appid: string,
  openid: string,
  expected: string,
  { sealed, fingerprint }: SealedSessionKey,
  now: number,
): Promise<boolean> {
  const found = `openid = ${bytes(openid)} AND appid = ${bytes(appid)} AND CAST(session_key AS BINARY) = ${bytes(expected)}`
  const [, , done] = await connection.query([
    "BEGIN",
    `INSERT INTO denglu_audit (user_id, at, id, type, appid, actor)
      SELECT user_id, ${number(now)}, ${bytes(keyReplacedId(sealed))}, 'session_key.replaced', appid, 'operator'
      FROM denglu_identities WHERE ${found} FOR UPDATE`,
    `UPDATE denglu_identities SET previous_session_key = session_key, session_key = ${text(sealed)},
        session_key_fingerprint = ${bytes(fingerprint)}, session_key_changed_at = ${number(now)}
      WHERE ${found}`,
    "COMMIT",
  ])
  return done?.affected === 1
}
