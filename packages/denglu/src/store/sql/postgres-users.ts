import { keyReplacedId } from "../session-events.ts"
import type { OwnedIdentity, SealedSessionKey, SessionKeys, User } from "../store.ts"
import type { PostgresClient } from "./postgres-connection.ts"
import { readIdentity, readOwnedIdentity, readSessionKeys, readUser } from "./rows.ts"

const userColumns = "id, nickname, avatar_url, created_at, updated_at, leaves_at"

export async function findUser(client: PostgresClient, id: string): Promise<User | undefined> {
  const { rows } = await client.query({
    name: "denglu_user",
    text: `SELECT ${userColumns.replace(/\w+/g, "u.$&")}, i.appid AS i_appid, i.openid, i.unionid, i.open_platform,
        i.created_at AS i_created_at
      FROM denglu_users u LEFT JOIN denglu_identities i ON i.user_id = u.id
      WHERE u.id = $1 ORDER BY i.created_at, i.appid, i.openid`,
    values: [id],
  })
  const [first] = rows
  if (first === undefined) return undefined
  const identities = rows
    .filter(row => row.i_appid !== null)
    .map(row => readIdentity({ ...row, appid: row.i_appid, created_at: row.i_created_at }))
  return { ...readUser(first), identities }
}

export async function findIdentity(
  client: PostgresClient,
  appid: string,
  openid: string,
): Promise<OwnedIdentity | undefined> {
  const { rows } = await client.query({
    name: "denglu_identity",
    text: `SELECT appid, openid, unionid, open_platform, created_at, user_id FROM denglu_identities
      WHERE openid = $1 AND appid = $2`,
    values: [openid, appid],
  })
  return rows[0] === undefined ? undefined : readOwnedIdentity(rows[0])
}

export async function findSessionKeys(
  client: PostgresClient,
  appid: string,
  openid: string,
): Promise<SessionKeys | undefined> {
  const { rows } = await client.query({
    name: "denglu_session_keys",
    text: `SELECT session_key, previous_session_key, session_key_changed_at FROM denglu_identities
      WHERE openid = $1 AND appid = $2`,
    values: [openid, appid],
  })
  return rows[0] === undefined ? undefined : readSessionKeys(rows[0])
}

export async function replaceSessionKey(
  client: PostgresClient,
  appid: string,
  openid: string,
  expected: string,
  { sealed, fingerprint }: SealedSessionKey,
  now: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: "denglu_replace_session_key",
    text: `WITH replaced AS (
        UPDATE denglu_identities SET previous_session_key = session_key, session_key = $4,
          session_key_fingerprint = $5, session_key_changed_at = $6
        WHERE openid = $1 AND appid = $2 AND session_key = $3 RETURNING user_id, appid
      )
      INSERT INTO denglu_audit (user_id, at, id, type, appid, actor)
      SELECT user_id, $6, $7, 'session_key.replaced', appid, 'operator' FROM replaced`,
    values: [openid, appid, expected, sealed, fingerprint, now, keyReplacedId(sealed)],
  })
  return rowCount === 1
}
