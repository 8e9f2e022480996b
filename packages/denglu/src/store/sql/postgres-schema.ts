import { postgresAvatars } from "./avatar-schema.ts"
import { postgresPlatforms } from "./platform-schema.ts"
import type { PostgresClient } from "./postgres-connection.ts"
import { postgresWeb } from "./web-schema.ts"

interface Step {
  /** Run in one transaction. */
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
const steps: readonly Step[] = [
  {
    runsCodeFrom: 1,
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
    sql: `
  -- When a user who leaves is to be gone for good; into whom a user was merged.
  ALTER TABLE denglu_users ADD COLUMN leaves_at bigint;
  ALTER TABLE denglu_users ADD COLUMN merged_into text;

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
export const postgresSchemaVersion = steps.length

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

/**
 * Takes the schema forward to {@link postgresSchemaVersion}, each step in a transaction of its own: killed at any point, the next
 * call goes on from there. Of several at once, one takes a step and the others see that it is taken.
 *
 * @throws RangeError if a newer Denglu has made a schema that this one can't use
 */
export async function migratePostgres(
  client: PostgresClient,
  onStep: (version: number) => void = () => {},
): Promise<void> {
  const before = await postgresSchemaState(client)
  if (before.version >= postgresSchemaVersion) return check(before)
  await createSchemaTable(client)
  await client.query({ text: "INSERT INTO denglu_schema VALUES (1, 0, 0) ON CONFLICT (id) DO NOTHING" })
  for (;;) {
    await client.query({ text: "BEGIN" })
    try {
      const { rows } = await client.query({
        text: "SELECT version, runs_code_from FROM denglu_schema WHERE id = 1 FOR UPDATE",
      })
      const version = Number(rows[0]?.version)
      const step = steps[version]
      if (step === undefined) {
        await client.query({ text: "COMMIT" })
        return check({ version, runsCodeFrom: Number(rows[0]?.runs_code_from) })
      }
      await client.query({ text: step.sql })
      await client.query({
        text: "UPDATE denglu_schema SET version = $1, runs_code_from = $2 WHERE id = 1",
        values: [version + 1, step.runsCodeFrom],
      })
      await client.query({ text: "COMMIT" })
      onStep(version + 1)
    } catch (error) {
      await client.query({ text: "ROLLBACK" }).catch(() => {})
      throw error
    }
  }
}

/** Of two who create a table at once PostgreSQL refuses one for the table, its type or a row of its own catalogue, whatever IF NOT EXISTS says. */
async function createSchemaTable(client: PostgresClient): Promise<void> {
  const text = `CREATE TABLE IF NOT EXISTS denglu_schema (
    id integer PRIMARY KEY, version integer NOT NULL, runs_code_from integer NOT NULL)`
  try {
    await client.query({ text })
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== "23505" && code !== "42P07" && code !== "42710") throw error
    await client.query({ text })
  }
}

function check({ version, runsCodeFrom }: PostgresSchemaState): void {
  if (postgresSchemaVersion < runsCodeFrom)
    throw new RangeError(
      `the database has schema ${version}, this Denglu knows ${postgresSchemaVersion}: install the newer version`,
    )
}
