/** The names of pictures that are kept as avatars. `remove_after` is NULL while one is in use. */
export const sqliteAvatars = `
  CREATE TABLE avatars (
    name TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    remove_after INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX avatars_of_user ON avatars (user_id);
  CREATE INDEX avatars_unused ON avatars (remove_after);`

export const postgresAvatars = `
  CREATE TABLE denglu_avatars (
    name text PRIMARY KEY,
    user_id text NOT NULL,
    remove_after bigint
  );
  CREATE INDEX denglu_avatars_of_user ON denglu_avatars (user_id);
  CREATE INDEX denglu_avatars_unused ON denglu_avatars (remove_after);`

/** @param like the options of every table */
export const mysqlAvatars = (like: string): string =>
  `CREATE TABLE IF NOT EXISTS denglu_avatars (
        name VARBINARY(64) NOT NULL,
        user_id VARBINARY(64) NOT NULL,
        remove_after BIGINT,
        PRIMARY KEY (name),
        KEY denglu_avatars_of_user (user_id),
        KEY denglu_avatars_unused (remove_after)
      ) ${like}`
