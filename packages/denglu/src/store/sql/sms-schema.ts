/**
 * What digits in an SMS add to the schema: when a number was last proved by them (NULL: only WeChat has vouched for it), and the digits that are
 * on their way. No number has two messages with one `seq`, which is what keeps their count exact.
 */
export const sqliteSms = `
  ALTER TABLE phones ADD COLUMN sms_verified_at INTEGER;

  CREATE TABLE sms (
    id_digest TEXT PRIMARY KEY,
    phone TEXT NOT NULL,
    seq INTEGER NOT NULL,
    country_code TEXT NOT NULL,
    purpose TEXT NOT NULL,
    user_id TEXT,
    digits TEXT NOT NULL,
    tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    UNIQUE (phone, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sms_of_user ON sms (user_id);
  CREATE INDEX sms_by_age ON sms (created_at);`

export const postgresSms = `
  ALTER TABLE denglu_phones ADD COLUMN sms_verified_at bigint;

  CREATE TABLE denglu_sms (
    id_digest text PRIMARY KEY,
    phone text NOT NULL,
    seq bigint NOT NULL,
    country_code text NOT NULL,
    purpose text NOT NULL,
    user_id text,
    digits text NOT NULL,
    tries bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    UNIQUE (phone, seq)
  );
  CREATE INDEX denglu_sms_of_user ON denglu_sms (user_id);
  CREATE INDEX denglu_sms_by_age ON denglu_sms (created_at);`

/** @param like the options of every table */
export const mysqlSms = (like: string): readonly string[] => [
  "ALTER TABLE denglu_phones ADD COLUMN sms_verified_at BIGINT",
  `CREATE TABLE IF NOT EXISTS denglu_sms (
        id_digest VARBINARY(64) NOT NULL,
        phone VARBINARY(32) NOT NULL,
        seq BIGINT NOT NULL,
        country_code VARBINARY(8) NOT NULL,
        purpose VARBINARY(16) NOT NULL,
        user_id VARBINARY(64),
        digits VARBINARY(64) NOT NULL,
        tries BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        used_at BIGINT,
        PRIMARY KEY (id_digest),
        UNIQUE KEY denglu_sms_of_phone (phone, seq),
        KEY denglu_sms_of_user (user_id),
        KEY denglu_sms_by_age (created_at)
      ) ${like}`,
]
