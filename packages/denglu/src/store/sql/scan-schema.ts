/**
 * What logins by scanning add to the schema: how a session was opened (NULL: by a code of `wx.login()`), and the tickets that are under way.
 */
export const sqliteScans = `
  ALTER TABLE sessions ADD COLUMN opened_by TEXT;

  CREATE TABLE scans (
    id TEXT PRIMARY KEY,
    scene_digest TEXT NOT NULL UNIQUE,
    secret_digest TEXT NOT NULL,
    number TEXT NOT NULL,
    appid TEXT NOT NULL,
    origin TEXT,
    user_agent TEXT NOT NULL,
    place TEXT,
    state TEXT NOT NULL,
    user_id TEXT,
    session_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scans_by_end ON scans (expires_at);`

export const postgresScanChanges = ["ALTER TABLE denglu_sessions ADD COLUMN IF NOT EXISTS opened_by text"]

export const postgresScans = `
  CREATE TABLE denglu_scans (
    id text PRIMARY KEY,
    scene_digest text NOT NULL UNIQUE,
    secret_digest text NOT NULL,
    number text NOT NULL,
    appid text NOT NULL,
    origin text,
    user_agent text NOT NULL,
    place text,
    state text NOT NULL,
    user_id text,
    session_id text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
  );
  CREATE INDEX denglu_scans_by_end ON denglu_scans (expires_at);`

/** @param like the options of every table */
export const mysqlScans = (like: string): readonly string[] => [
  "ALTER TABLE denglu_sessions ADD COLUMN opened_by VARBINARY(16)",
  `CREATE TABLE IF NOT EXISTS denglu_scans (
        id VARBINARY(64) NOT NULL,
        scene_digest VARBINARY(64) NOT NULL,
        secret_digest VARBINARY(64) NOT NULL,
        number VARBINARY(8) NOT NULL,
        appid VARBINARY(64) NOT NULL,
        origin VARBINARY(512),
        user_agent VARCHAR(1024) NOT NULL,
        place VARCHAR(256),
        state VARBINARY(16) NOT NULL,
        user_id VARBINARY(64),
        session_id VARBINARY(64),
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        PRIMARY KEY (id),
        UNIQUE KEY denglu_scans_by_scene (scene_digest),
        KEY denglu_scans_by_end (expires_at)
      ) ${like}`,
]
