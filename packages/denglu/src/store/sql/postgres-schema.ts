import { postgresAvatars } from "./avatar-schema.ts"
import { postgresPlatforms } from "./platform-schema.ts"
import type { PostgresClient } from "./postgres-connection.ts"
import { postgresWeb, postgresWebChanges } from "./web-schema.ts"

export interface PostgresStep {
  /**
   * What it changes of tables that clients use: each statement about one table, quick whatever the table's size, and run by itself, before
   * {@link sql}. For it has to have the table alone for a moment, and whoever held one table and waited for another would meet a
   * refresh that holds the other. Each must do nothing where it has been done before.
   */
  readonly changes: readonly string[]
  /** The rest, run in one transaction: new tables and their rows. */
  readonly sql: string
  /** The oldest schema whose code still runs on this one. */
  readonly runsCodeFrom: number
}

/**
 * The schema as the steps that led to it. A step that was released is never changed; a new one is added below it, and only
 * adds: the code before it goes on running while instances are replaced.
 *
 * Plain tables with keys of text, no sequences and no foreign keys: a sequence is one place that all inserts of a
 * distributed database meet at, a foreign key forbids distributing by its own key and costs a look-up a row.
 */
export const postgresSteps: readonly PostgresStep[] = [
  {
    runsCodeFrom: 1,
    changes: [],
    sql: `
  CREATE TABLE denglu_users (
    id text PRIMARY KEY,
    nickname text,
    avatar_url text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
  );

  CREATE TABLE denglu_identities (
    appid text NOT NULL,
    openid text NOT NULL,
    user_id text NOT NULL,
    unionid text,
    open_platform text NOT NULL,
    created_at bigint NOT NULL,
    session_key text NOT NULL,
    session_key_fingerprint text NOT NULL,
    session_key_changed_at bigint NOT NULL,
    previous_session_key text,
    PRIMARY KEY (openid, appid)
  );
  CREATE INDEX denglu_identities_of_user ON denglu_identities (user_id);

  -- Whose a unionid is. Of several who bring it first at once, its key lets one pass.
  CREATE TABLE denglu_unionids (
    unionid text NOT NULL,
    open_platform text NOT NULL,
    user_id text NOT NULL,
    PRIMARY KEY (unionid, open_platform)
  );

  -- ends_on is the day of idle_expires_at. Being indexed instead of the moment, it lets most refreshes leave the indexes
  -- alone (heap-only tuples), for which each page keeps some room.
  CREATE TABLE denglu_sessions (
    id text PRIMARY KEY,
    user_id text NOT NULL,
    appid text NOT NULL,
    openid text,
    counter bigint NOT NULL,
    created_at bigint NOT NULL,
    rotated_at bigint NOT NULL,
    idle_expires_at bigint NOT NULL,
    absolute_expires_at bigint NOT NULL,
    revoked_at bigint,
    ends_on integer NOT NULL,
    revoked_reason text,
    user_agent text NOT NULL
  ) WITH (fillfactor = 90);
  CREATE INDEX denglu_sessions_of_user ON denglu_sessions (user_id);
  CREATE INDEX denglu_sessions_by_end ON denglu_sessions (ends_on);

  -- n comes from denglu_counters under its row's lock, so that numbers become visible in their order and one can be a cursor.
  CREATE TABLE denglu_revocations (
    n bigint PRIMARY KEY,
    session_id text NOT NULL,
    revoked_at bigint NOT NULL
  );

  CREATE TABLE denglu_counters (
    name text PRIMARY KEY,
    value bigint NOT NULL
  );
  INSERT INTO denglu_counters (name, value) VALUES ('revocations', 0), ('signing_keys', 0);

  -- What the instances have let pass in a minute.
  CREATE TABLE denglu_limits (
    key text NOT NULL,
    minute bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (key, minute)
  );
  CREATE INDEX denglu_limits_by_minute ON denglu_limits (minute);

  CREATE TABLE denglu_signing_keys (
    kid text PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('next', 'current', 'previous')),
    public_jwk text NOT NULL,
    sealed_private_key text NOT NULL,
    created_at bigint NOT NULL,
    status_since bigint NOT NULL
  );
  `,
  },
  {
    runsCodeFrom: 1,
    changes: [],
    sql: `
  CREATE TABLE denglu_app_tokens (
    appid text PRIMARY KEY,
    version bigint NOT NULL,
    sealed text,
    expires_at bigint NOT NULL,
    refused integer NOT NULL,
    forced_at bigint NOT NULL,
    holder text,
    leased_until bigint NOT NULL
  );
  -- What may happen once, by a digest of it.
  CREATE TABLE denglu_seen (
    digest text PRIMARY KEY,
    expires_at bigint NOT NULL
  );
  CREATE INDEX denglu_seen_by_end ON denglu_seen (expires_at);
  `,
  },
  {
    runsCodeFrom: 1,
    changes: [
      // When a user who leaves is to be gone for good; into whom a user was merged.
      `ALTER TABLE denglu_users
        ADD COLUMN IF NOT EXISTS leaves_at bigint, ADD COLUMN IF NOT EXISTS merged_into text`,
      ...postgresWebChanges,
    ],
    sql: `
  -- Those who have leaves_at: since when, and when they are to be erased, or that is to be tried again. An index on the users
  -- themselves would hold up logins while it is built.
  CREATE TABLE denglu_leaving (
    user_id text PRIMARY KEY,
    leaves_at bigint NOT NULL,
    left_at bigint NOT NULL,
    next_try_at bigint NOT NULL,
    tries bigint NOT NULL
  );
  CREATE INDEX denglu_leaving_by_try ON denglu_leaving (next_try_at);
  CREATE INDEX denglu_leaving_by_beginning ON denglu_leaving (left_at);

  CREATE TABLE denglu_phones (
    phone text PRIMARY KEY,
    user_id text NOT NULL UNIQUE,
    country_code text NOT NULL,
    appid text NOT NULL,
    verified_at bigint NOT NULL,
    proof text NOT NULL DEFAULT ''
  );

  CREATE TABLE denglu_merges (
    id text PRIMARY KEY,
    survivor_id text NOT NULL,
    absorbed_id text NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    journal text,
    undone_at bigint
  );
  CREATE INDEX denglu_merges_of_survivor ON denglu_merges (survivor_id);
  CREATE INDEX denglu_merges_of_absorbed ON denglu_merges (absorbed_id);
  CREATE INDEX denglu_merges_by_time ON denglu_merges (at);
  CREATE INDEX denglu_merges_by_undo ON denglu_merges (undone_at);

  CREATE TABLE denglu_audit (
    user_id text NOT NULL,
    at bigint NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    session_id text,
    appid text,
    actor text NOT NULL,
    detail text,
    PRIMARY KEY (user_id, at, id)
  );
  CREATE INDEX denglu_audit_by_time ON denglu_audit (at);

  CREATE TABLE denglu_audit_blocks (
    n bigint PRIMARY KEY,
    at bigint NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    count bigint NOT NULL,
    reached text NOT NULL,
    digest text NOT NULL,
    events text NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL,
    mac text NOT NULL
  );
  INSERT INTO denglu_counters (name, value) VALUES ('audit', 0);

  ${postgresPlatforms}
  ${postgresWeb}
  ${postgresAvatars}`,
  },
]

/** The schema this code works with. */
export const postgresSchemaVersion = postgresSteps.length

/** How far a database is: its schema, and the oldest code that runs on it. */
export interface PostgresSchemaState {
  readonly version: number
  readonly runsCodeFrom: number
}

/** The state of the schema; version 0 where there is none yet. */
export async function postgresSchemaState(client: PostgresClient): Promise<PostgresSchemaState> {
  const found = await client.query({ text: "SELECT to_regclass('denglu_schema') IS NOT NULL AS there" })
  if (found.rows[0]?.there !== true) return { version: 0, runsCodeFrom: 0 }
  const { rows } = await client.query({ text: "SELECT version, runs_code_from FROM denglu_schema" })
  const [row] = rows
  if (row === undefined) return { version: 0, runsCodeFrom: 0 }
  return { version: Number(row.version), runsCodeFrom: Number(row.runs_code_from) }
}
