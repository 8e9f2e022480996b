import { mysqlAvatars } from "./avatar-schema.ts"
import type { MysqlConnection } from "./mysql-connection.ts"
import { mysqlPlatforms } from "./platform-schema.ts"
import { mysqlWeb } from "./web-schema.ts"

export interface MysqlStep {
  /**
   * Run one by one, each committing by itself: MySQL can't take back a change of a table. So each must do nothing where it has been
   * done before, also long ago, for two instances may take the same step at once.
   * What changes a table that clients use must be quick whatever the table's size.
   */
  readonly statements: readonly string[]
  /** The oldest schema whose code still runs on this one. */
  readonly runsCodeFrom: number
}

export const tableOptions =
  "ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"

/**
 * The schema as the steps that led to it. A step that was released is never changed; a new one is added below it, and only
 * adds: the code before it goes on running while instances are replaced.
 *
 * What is compared are bytes (VARBINARY): a text's collation knows `"o"` and `"o "` for the same, whichever one takes. No numbering by the
 * database and no foreign keys, as in PostgreSQL; ids are random, so that a distributed database spreads them.
 */
export const mysqlSteps: readonly MysqlStep[] = [
  {
    runsCodeFrom: 1,
    statements: [
      `CREATE TABLE IF NOT EXISTS denglu_users (
        id VARBINARY(64) NOT NULL,
        nickname TEXT,
        avatar_url TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (id)
      ) ${tableOptions}`,

      `CREATE TABLE IF NOT EXISTS denglu_identities (
        appid VARBINARY(64) NOT NULL,
        openid VARBINARY(512) NOT NULL,
        user_id VARBINARY(64) NOT NULL,
        unionid VARBINARY(512),
        open_platform VARBINARY(256) NOT NULL,
        created_at BIGINT NOT NULL,
        session_key VARCHAR(1024) NOT NULL,
        session_key_fingerprint VARBINARY(128) NOT NULL,
        session_key_changed_at BIGINT NOT NULL,
        previous_session_key VARCHAR(1024),
        PRIMARY KEY (openid, appid),
        KEY denglu_identities_of_user (user_id)
      ) ${tableOptions}`,

      // Whose a unionid is. Of several who bring it first at once, its key lets one pass.
      `CREATE TABLE IF NOT EXISTS denglu_unionids (
        unionid VARBINARY(512) NOT NULL,
        open_platform VARBINARY(256) NOT NULL,
        user_id VARBINARY(64) NOT NULL,
        PRIMARY KEY (unionid, open_platform)
      ) ${tableOptions}`,

      // ends_on is the day of idle_expires_at. Being indexed instead of the moment, it lets most refreshes leave the indexes alone.
      `CREATE TABLE IF NOT EXISTS denglu_sessions (
        id VARBINARY(64) NOT NULL,
        user_id VARBINARY(64) NOT NULL,
        appid VARBINARY(64) NOT NULL,
        openid VARBINARY(512),
        counter BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        rotated_at BIGINT NOT NULL,
        idle_expires_at BIGINT NOT NULL,
        absolute_expires_at BIGINT NOT NULL,
        revoked_at BIGINT,
        ends_on INTEGER NOT NULL,
        revoked_reason VARBINARY(32),
        user_agent VARCHAR(1024) NOT NULL,
        PRIMARY KEY (id),
        KEY denglu_sessions_of_user (user_id),
        KEY denglu_sessions_by_end (ends_on)
      ) ${tableOptions}`,

      // n comes from denglu_counters under its row's lock, so that numbers become visible in their order and one can be a cursor.
      `CREATE TABLE IF NOT EXISTS denglu_revocations (
        n BIGINT NOT NULL,
        session_id VARBINARY(64) NOT NULL,
        revoked_at BIGINT NOT NULL,
        PRIMARY KEY (n)
      ) ${tableOptions}`,

      `CREATE TABLE IF NOT EXISTS denglu_counters (
        name VARBINARY(64) NOT NULL,
        value BIGINT NOT NULL,
        PRIMARY KEY (name)
      ) ${tableOptions}`,
      `INSERT INTO denglu_counters (name, value) VALUES ('revocations', 0), ('signing_keys', 0)
        ON DUPLICATE KEY UPDATE value = value`,

      // What the instances have let pass in a minute.
      `CREATE TABLE IF NOT EXISTS denglu_limits (
        \`key\` VARBINARY(512) NOT NULL,
        minute BIGINT NOT NULL,
        count BIGINT NOT NULL,
        PRIMARY KEY (\`key\`, minute),
        KEY denglu_limits_by_minute (minute)
      ) ${tableOptions}`,

      `CREATE TABLE IF NOT EXISTS denglu_signing_keys (
        kid VARBINARY(128) NOT NULL,
        status VARBINARY(16) NOT NULL CHECK (status IN ('next', 'current', 'previous')),
        public_jwk TEXT NOT NULL,
        sealed_private_key TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        status_since BIGINT NOT NULL,
        PRIMARY KEY (kid)
      ) ${tableOptions}`,
    ],
  },
  {
    runsCodeFrom: 1,
    statements: [
      `CREATE TABLE IF NOT EXISTS denglu_app_tokens (
        appid VARBINARY(64) NOT NULL,
        version BIGINT NOT NULL,
        sealed VARCHAR(2048),
        expires_at BIGINT NOT NULL,
        refused INTEGER NOT NULL,
        forced_at BIGINT NOT NULL,
        holder VARBINARY(64),
        leased_until BIGINT NOT NULL,
        PRIMARY KEY (appid)
      ) ${tableOptions}`,

      // What may happen once, by a digest of it.
      `CREATE TABLE IF NOT EXISTS denglu_seen (
        digest VARBINARY(128) NOT NULL,
        expires_at BIGINT NOT NULL,
        PRIMARY KEY (digest),
        KEY denglu_seen_by_end (expires_at)
      ) ${tableOptions}`,
    ],
  },
  {
    runsCodeFrom: 1,
    statements: [
      // When a user who leaves is to be gone for good; into whom a user was merged.
      "ALTER TABLE denglu_users ADD COLUMN leaves_at BIGINT",
      "ALTER TABLE denglu_users ADD COLUMN merged_into VARBINARY(64)",

      // Those who have leaves_at: since when, and when they are to be erased, or that is to be tried again. An index on the users
      // themselves would hold up logins while it is built.
      `CREATE TABLE IF NOT EXISTS denglu_leaving (
        user_id VARBINARY(64) NOT NULL,
        leaves_at BIGINT NOT NULL,
        left_at BIGINT NOT NULL,
        next_try_at BIGINT NOT NULL,
        tries BIGINT NOT NULL,
        PRIMARY KEY (user_id),
        KEY denglu_leaving_by_try (next_try_at),
        KEY denglu_leaving_by_beginning (left_at)
      ) ${tableOptions}`,

      `CREATE TABLE IF NOT EXISTS denglu_phones (
        phone VARBINARY(32) NOT NULL,
        user_id VARBINARY(64) NOT NULL,
        country_code VARBINARY(8) NOT NULL,
        appid VARBINARY(64) NOT NULL,
        verified_at BIGINT NOT NULL,
        proof VARBINARY(64) NOT NULL DEFAULT '',
        PRIMARY KEY (phone),
        UNIQUE KEY denglu_phones_of_user (user_id)
      ) ${tableOptions}`,

      `CREATE TABLE IF NOT EXISTS denglu_merges (
        id VARBINARY(64) NOT NULL,
        survivor_id VARBINARY(64) NOT NULL,
        absorbed_id VARBINARY(64) NOT NULL,
        at BIGINT NOT NULL,
        actor VARBINARY(64) NOT NULL,
        journal MEDIUMBLOB,
        undone_at BIGINT,
        PRIMARY KEY (id),
        KEY denglu_merges_of_survivor (survivor_id),
        KEY denglu_merges_of_absorbed (absorbed_id),
        KEY denglu_merges_by_time (at),
        KEY denglu_merges_by_undo (undone_at)
      ) ${tableOptions}`,

      `CREATE TABLE IF NOT EXISTS denglu_audit (
        user_id VARBINARY(64) NOT NULL,
        at BIGINT NOT NULL,
        id VARBINARY(96) NOT NULL,
        type VARBINARY(32) NOT NULL,
        session_id VARBINARY(64),
        appid VARBINARY(64),
        actor VARBINARY(288) NOT NULL,
        detail VARBINARY(1024),
        PRIMARY KEY (user_id, at, id),
        KEY denglu_audit_by_time (at)
      ) ${tableOptions}`,

      `CREATE TABLE IF NOT EXISTS denglu_audit_blocks (
        n BIGINT NOT NULL,
        at BIGINT NOT NULL,
        first_at BIGINT NOT NULL,
        last_at BIGINT NOT NULL,
        count BIGINT NOT NULL,
        reached VARBINARY(512) NOT NULL,
        digest VARBINARY(64) NOT NULL,
        events MEDIUMBLOB NOT NULL,
        previous_hash VARBINARY(64) NOT NULL,
        hash VARBINARY(64) NOT NULL,
        mac VARBINARY(128) NOT NULL,
        PRIMARY KEY (n)
      ) ${tableOptions}`,
      `INSERT INTO denglu_counters (name, value) VALUES ('audit', 0) ON DUPLICATE KEY UPDATE value = value`,

      ...mysqlPlatforms(tableOptions),
      ...mysqlWeb(tableOptions),
      mysqlAvatars(tableOptions),
    ],
  },
]

/** The schema this code works with. */
export const mysqlSchemaVersion = mysqlSteps.length

/** How far a database is: its schema, and the oldest code that runs on it. */
export interface MysqlSchemaState {
  readonly version: number
  readonly runsCodeFrom: number
}

/** There is no such table. */
const noTable = 1146

/** The state of the schema; version 0 where there is none yet. */
export async function mysqlSchemaState(connection: MysqlConnection): Promise<MysqlSchemaState> {
  const [found] = await connection
    .query(["SELECT version, runs_code_from FROM denglu_schema WHERE id = 1"])
    .catch(error => {
      if (error?.errno === noTable) return []
      throw error
    })
  const row = found?.rows[0]
  return { version: Number(row?.version ?? 0), runsCodeFrom: Number(row?.runs_code_from ?? 0) }
}
