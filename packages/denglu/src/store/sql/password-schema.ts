/** What logins by password add to the schema. `account` is NULL for who logs in by phone number; `hash` is sealed. */
export const sqlitePasswords = `
  CREATE TABLE passwords (
    user_id TEXT PRIMARY KEY,
    account TEXT UNIQUE,
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`

export const postgresPasswords = `
  CREATE TABLE denglu_passwords (
    user_id text PRIMARY KEY,
    account text UNIQUE,
    hash text NOT NULL,
    changed_at bigint NOT NULL
  );`

/** @param like the options of every table */
export const mysqlPasswords = (like: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS denglu_passwords (
        user_id VARBINARY(64) NOT NULL,
        account VARBINARY(256),
        hash VARBINARY(768) NOT NULL,
        changed_at BIGINT NOT NULL,
        PRIMARY KEY (user_id),
        UNIQUE KEY denglu_passwords_of_account (account)
      ) ${like}`,
]
