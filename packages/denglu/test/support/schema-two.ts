/**
 * What code of schema 2 sends at a login, a refresh and a logout: the tables in its order, with its locks, and none of the columns that came
 * later. Of what it answers only what a test looks at.
 */
import { connectMysql } from "../../src/store/mysql-pool.ts"
import { connectPostgres } from "../../src/store/postgres-pool.ts"
import { bytes, judgeMysqlScript, number } from "../../src/store/sql/mysql-connection.ts"
import { judgePostgresScript } from "../../src/store/sql/postgres-connection.ts"

export interface SchemaTwo {
  logIn(person: string, sessionId: string): Promise<void>
  /** Answers whether the counter was the current one and has moved. */
  refresh(sessionId: string, counter: number): Promise<boolean>
  /** Answers whether the session was live until now. */
  logOut(sessionId: string): Promise<boolean>
  /** Whether that code tries once more, or answers 503 with `Retry-After`, after this error: nothing has happened. */
  isPassing(error: unknown): boolean
  close(): Promise<void>
}

const now = 1_800_000_000_000
const end = now + 30 * 86_400_000
const endsOn = Math.floor(end / 86_400_000)

export async function postgresSchemaTwo(url: string): Promise<SchemaTwo> {
  const { use, close } = await connectPostgres({ url })
  const logInText = `
WITH written AS (
  INSERT INTO denglu_identities AS i (appid, openid, user_id, unionid, open_platform, created_at,
    session_key, session_key_fingerprint, session_key_changed_at)
  VALUES ('app', $1, $2, NULL, 'default', ${now}, $3, $3, ${now})
  ON CONFLICT (openid, appid) DO UPDATE SET session_key = excluded.session_key,
    previous_session_key = i.session_key, session_key_fingerprint = excluded.session_key_fingerprint
  RETURNING i.user_id
),
created AS (
  INSERT INTO denglu_users (id, created_at, updated_at) SELECT $2, ${now}, ${now} FROM written WHERE user_id = $2
  ON CONFLICT (id) DO NOTHING
),
opened AS (
  INSERT INTO denglu_sessions (id, user_id, appid, openid, counter, created_at, rotated_at, idle_expires_at,
    absolute_expires_at, ends_on, user_agent)
  SELECT $3, user_id, 'app', $1, 0, ${now}, ${now}, ${end}, ${end}, ${endsOn}, '' FROM written
)
SELECT w.user_id, u.nickname FROM written w LEFT JOIN denglu_users u ON u.id = w.user_id`
  const refreshText = `
WITH moved AS (
  UPDATE denglu_sessions s SET counter = s.counter + 1, rotated_at = ${now}, idle_expires_at = ${end}, ends_on = ${endsOn}
  WHERE s.id = $1 AND s.counter = $2::bigint AND s.revoked_at IS NULL
  RETURNING s.id, s.user_id, s.counter
)
SELECT s.*, u.nickname, u.created_at FROM moved s JOIN denglu_users u ON u.id = s.user_id`
  const logOutText = `
WITH ended AS (
  UPDATE denglu_sessions s SET revoked_at = ${now}, revoked_reason = 'logout' WHERE s.id = $1 AND s.revoked_at IS NULL
  RETURNING s.id
),
numbered AS (
  UPDATE denglu_counters SET value = value + (SELECT count(*) FROM ended)
  WHERE name = 'revocations' AND EXISTS (SELECT FROM ended) RETURNING value
),
recorded AS (
  INSERT INTO denglu_revocations (n, session_id, revoked_at) SELECT numbered.value, ended.id, ${now} FROM numbered, ended
)
SELECT id FROM ended`
  const run = (name: string, text: string, ...values: readonly (string | number)[]) =>
    use(client => client.query({ name, text, values }))
  return {
    async logIn(person, sessionId) {
      await run("log_in", logInText, person, `user of ${person}`, sessionId)
    },
    refresh: async (sessionId, counter) =>
      (await run("refresh", refreshText, sessionId, counter)).rows.length === 1,
    logOut: async sessionId => (await run("log_out", logOutText, sessionId)).rows.length === 1,
    isPassing: error => judgePostgresScript(error) === "again",
    close,
  }
}

export async function mysqlSchemaTwo(url: string): Promise<SchemaTwo> {
  const { use, close } = await connectMysql({ url })
  const lock = (
    id: string,
  ) => `SELECT s.id, s.counter, s.revoked_at FROM denglu_sessions s FORCE INDEX (PRIMARY)
    WHERE s.id IN (${bytes(id)}) ORDER BY s.id FOR UPDATE`
  return {
    async logIn(person, sessionId) {
      const user = bytes(`user of ${person}`)
      const key = bytes(sessionId)
      await use(connection =>
        connection.query([
          "BEGIN",
          `INSERT INTO denglu_identities (appid, openid, user_id, unionid, open_platform, created_at,
              session_key, session_key_fingerprint, session_key_changed_at)
            VALUES (${bytes("app")}, ${bytes(person)}, ${user}, NULL, ${bytes("default")}, ${now}, ${key}, ${key}, ${now})
            ON DUPLICATE KEY UPDATE previous_session_key = denglu_identities.session_key,
              session_key = VALUES(session_key), session_key_fingerprint = VALUES(session_key_fingerprint)`,
          `INSERT INTO denglu_sessions (id, user_id, appid, openid, counter, created_at, rotated_at, idle_expires_at,
              absolute_expires_at, ends_on, user_agent)
            SELECT ${key}, i.user_id, i.appid, i.openid, 0, ${now}, ${now}, ${end}, ${end}, ${endsOn}, ''
            FROM denglu_identities i WHERE i.openid = ${bytes(person)} AND i.appid = ${bytes("app")}`,
          `INSERT INTO denglu_users (id, created_at, updated_at) VALUES (${user}, ${now}, ${now})
            ON DUPLICATE KEY UPDATE created_at = denglu_users.created_at`,
          `SELECT s.id AS session_id, u.id, u.nickname FROM denglu_sessions s FORCE INDEX (PRIMARY)
            LEFT JOIN denglu_users u FORCE INDEX (PRIMARY) ON u.id = s.user_id WHERE s.id IN (${key})`,
          "COMMIT",
        ]),
      )
    },
    async refresh(sessionId, counter) {
      const id = bytes(sessionId)
      const [, , people, moved] = await use(connection =>
        connection.query([
          "BEGIN",
          lock(sessionId),
          `SELECT u.id, u.nickname FROM denglu_sessions s FORCE INDEX (PRIMARY)
            JOIN denglu_users u FORCE INDEX (PRIMARY) ON u.id = s.user_id WHERE s.id IN (${id})`,
          `UPDATE denglu_sessions s SET s.counter = s.counter + 1, s.rotated_at = ${now}, s.idle_expires_at = ${end}
            WHERE s.id IN (${id}) AND s.counter = ${number(counter)} AND s.revoked_at IS NULL`,
          "COMMIT",
        ]),
      )
      return people?.rows.length === 1 && moved?.affected === 1
    },
    async logOut(sessionId) {
      const id = bytes(sessionId)
      const answers = await use(connection =>
        connection.query([
          "BEGIN",
          lock(sessionId),
          `UPDATE denglu_counters SET value = value + 1 WHERE name = ${bytes("revocations")}`,
          `INSERT INTO denglu_revocations (n, session_id, revoked_at) SELECT c.value, s.id, ${now}
            FROM denglu_sessions s JOIN denglu_counters c ON c.name = ${bytes("revocations")}
            WHERE s.id = ${id} AND s.revoked_at IS NULL`,
          `UPDATE denglu_sessions s SET s.revoked_at = ${now}, s.revoked_reason = ${bytes("logout")}
            WHERE s.id = ${id} AND s.revoked_at IS NULL`,
          "COMMIT",
        ]),
      )
      return answers[4]?.affected === 1
    },
    isPassing: error => judgeMysqlScript(error) === "again",
    close,
  }
}
