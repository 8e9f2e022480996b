import type { DatabaseSync } from "node:sqlite"
import { sqliteAvatars } from "./avatar-schema.ts"
import { sqlitePlatforms } from "./platform-schema.ts"
import { sqliteWeb } from "./web-schema.ts"

export interface SqliteStep {
  /** Run in one transaction. */
  readonly sql: string
  /** The oldest schema whose code still runs on this one. */
  readonly runsCodeFrom: number
}

/**
 * The schema as the steps that led to it. A step that was released is never changed; a new one is added below it, and only
 * adds: so one can go back to the code before it.
 *
 * Rows point at each other by rowid (`n`), a number of few bytes, because three of four B-trees that a login writes to
 * hold such a reference; the ids the world sees (`id`) are random texts.
 */
export const sqliteSteps: readonly SqliteStep[] = [
  {
    runsCodeFrom: 1,
    sql: `
  CREATE TABLE users (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    nickname TEXT,
    avatar_url TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE identities (
    n INTEGER PRIMARY KEY,
    user_n INTEGER NOT NULL REFERENCES users (n),
    appid TEXT NOT NULL,
    openid TEXT NOT NULL,
    unionid TEXT,
    open_platform TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    session_key TEXT NOT NULL,
    session_key_fingerprint TEXT NOT NULL,
    session_key_changed_at INTEGER NOT NULL,
    previous_session_key TEXT,
    UNIQUE (openid, appid)
  ) STRICT;
  CREATE INDEX identities_of_user ON identities (user_n);
  CREATE INDEX identities_by_unionid ON identities (unionid, open_platform) WHERE unionid IS NOT NULL;

  CREATE TABLE sessions (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_n INTEGER NOT NULL REFERENCES users (n),
    identity_n INTEGER REFERENCES identities (n),
    appid TEXT NOT NULL,
    counter INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    absolute_expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT,
    user_agent TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sessions_of_user ON sessions (user_n);
  CREATE INDEX sessions_by_end ON sessions (idle_expires_at);

  -- AUTOINCREMENT: a number is never given twice, so that it can be a cursor.
  CREATE TABLE revocations (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL,
    revoked_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    status TEXT NOT NULL CHECK (status IN ('next', 'current', 'previous')),
    public_jwk TEXT NOT NULL,
    sealed_private_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    status_since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  },
  {
    runsCodeFrom: 1,
    sql: `
  CREATE TABLE app_tokens (
    appid TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    sealed TEXT,
    expires_at INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    forced_at INTEGER NOT NULL,
    holder TEXT,
    leased_until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE seen (
    n INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX seen_by_end ON seen (expires_at);
  `,
  },
  {
    runsCodeFrom: 1,
    sql: `
  -- When a user who leaves is to be gone for good; into whom a user was merged.
  ALTER TABLE users ADD COLUMN leaves_at INTEGER;
  ALTER TABLE users ADD COLUMN merged_into TEXT;

  -- Those who have leaves_at: since when, and when they are to be erased, or that is to be tried again.
  CREATE TABLE leaving (
    user_id TEXT PRIMARY KEY,
    leaves_at INTEGER NOT NULL,
    left_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX leaving_by_try ON leaving (next_try_at);
  CREATE INDEX leaving_by_beginning ON leaving (left_at);

  -- Rows were erased of which pages may still hold copies: b-trees that were balanced leave them in their unused parts.
  CREATE TABLE residue (
    since INTEGER PRIMARY KEY
  ) STRICT;

  CREATE TABLE phones (
    phone TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    country_code TEXT NOT NULL,
    appid TEXT NOT NULL,
    verified_at INTEGER NOT NULL,
    proof TEXT NOT NULL DEFAULT ''
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE merges (
    id TEXT PRIMARY KEY,
    survivor_id TEXT NOT NULL,
    absorbed_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    journal TEXT,
    undone_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX merges_of_survivor ON merges (survivor_id);
  CREATE INDEX merges_of_absorbed ON merges (absorbed_id);
  CREATE INDEX merges_by_time ON merges (at);
  CREATE INDEX merges_by_undo ON merges (undone_at);

  CREATE TABLE audit (
    user_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    session_id TEXT,
    appid TEXT,
    actor TEXT NOT NULL,
    detail TEXT,
    PRIMARY KEY (user_id, at, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX audit_by_time ON audit (at);

  CREATE TABLE audit_blocks (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    reached TEXT NOT NULL,
    digest TEXT NOT NULL,
    events TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    mac TEXT NOT NULL
  ) STRICT;

  ${sqlitePlatforms}
  ${sqliteWeb}
  ${sqliteAvatars}`,
  },
]

/** The schema this code works with. */
export const sqliteSchemaVersion = sqliteSteps.length

/** How far a database is: its schema, and the oldest code that runs on it. */
export interface SqliteSchemaState {
  readonly version: number
  readonly runsCodeFrom: number
}

/** `user_version` holds both numbers: so often the oldest code that runs on the schema, and its version. */
const both = 10_000

/** The state of the schema; version 0 if the database is empty. What only says its version was made before it also said what runs on it. */
export function sqliteSchemaState(database: DatabaseSync): SqliteSchemaState {
  const value = Number(database.prepare("PRAGMA user_version").get()?.user_version)
  const version = value % both
  return { version, runsCodeFrom: value < both ? version : Math.floor(value / both) }
}

/**
 * Takes the schema forward, each step in a transaction of its own: killed at any point, the next start goes on from there. A schema of
 * a newer Denglu stays as it is.
 *
 * @param steps other ones than those of this code, for tests
 * @throws RangeError if a newer Denglu has made a schema that this one can't use
 */
export function migrateSqlite(database: DatabaseSync, steps: readonly SqliteStep[] = sqliteSteps): void {
  for (;;) {
    const { version, runsCodeFrom } = sqliteSchemaState(database)
    const step = steps[version]
    if (step === undefined) {
      if (steps.length < runsCodeFrom)
        throw new RangeError(
          `the database has schema ${version}, this Denglu knows ${steps.length}: install the newer version`,
        )
      return
    }
    database.exec("BEGIN IMMEDIATE")
    try {
      // Another process may have taken the step while this one waited for the lock.
      if (sqliteSchemaState(database).version === version) {
        database.exec(step.sql)
        database.exec(`PRAGMA user_version = ${step.runsCodeFrom * both + version + 1}`)
      }
      database.exec("COMMIT")
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK")
      throw error
    }
  }
}
