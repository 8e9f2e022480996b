/** What third-party platforms add to the schema: their tickets, and who has authorised them. */
export const sqlitePlatforms = `
  CREATE TABLE platform_tickets (
    platform_appid TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE authorizers (
    appid TEXT NOT NULL,
    platform_appid TEXT NOT NULL,
    sealed_refresh_token TEXT,
    open_platform TEXT NOT NULL,
    code_digest TEXT,
    authorized_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (appid, platform_appid)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX authorizers_of_platform ON authorizers (platform_appid, appid);`

export const postgresPlatforms = `
  CREATE TABLE denglu_platform_tickets (
    platform_appid text PRIMARY KEY,
    sealed text NOT NULL,
    issued_at bigint NOT NULL,
    received_at bigint NOT NULL
  );

  CREATE TABLE denglu_authorizers (
    appid text NOT NULL,
    platform_appid text NOT NULL,
    sealed_refresh_token text,
    open_platform text NOT NULL,
    code_digest text,
    authorized_at bigint NOT NULL,
    revoked_at bigint,
    PRIMARY KEY (appid, platform_appid)
  );
  CREATE INDEX denglu_authorizers_of_platform ON denglu_authorizers (platform_appid, appid);`

/** @param like the options of every table */
export const mysqlPlatforms = (like: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS denglu_platform_tickets (
        platform_appid VARBINARY(64) NOT NULL,
        sealed VARBINARY(2048) NOT NULL,
        issued_at BIGINT NOT NULL,
        received_at BIGINT NOT NULL,
        PRIMARY KEY (platform_appid)
      ) ${like}`,
  `CREATE TABLE IF NOT EXISTS denglu_authorizers (
        appid VARBINARY(64) NOT NULL,
        platform_appid VARBINARY(64) NOT NULL,
        sealed_refresh_token VARBINARY(2048),
        open_platform VARBINARY(256) NOT NULL,
        code_digest VARBINARY(64),
        authorized_at BIGINT NOT NULL,
        revoked_at BIGINT,
        PRIMARY KEY (appid, platform_appid),
        KEY denglu_authorizers_of_platform (platform_appid, appid)
      ) ${like}`,
]
