// Users and sessions in PostgreSQL as tutorials keep them: a row each, two statements a login, pg's pool as it comes.
import { randomUUID } from "node:crypto"
import pg from "pg"
import { known, openidSql } from "./people.js"
import { month, newToken } from "./tokens.js"

const pool = new pg.Pool({ connectionString: process.env.BENCH_STORE })

/** `prepare` as the last argument makes the tables and the people who are to be known, and ends. */
export async function prepareIfAsked() {
  if (process.argv.at(-1) !== "prepare") return
  await pool.query(`
    CREATE TABLE users (id uuid PRIMARY KEY, openid text NOT NULL UNIQUE, unionid text, session_key text,
      created_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE sessions (id text PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, expires_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now());
    CREATE INDEX sessions_user ON sessions (user_id);
    INSERT INTO users SELECT gen_random_uuid(), ${openidSql("n::text")}, ${openidSql("n::text", "u")},
      encode(decode(md5(n::text), 'hex'), 'base64') FROM generate_series(0, ${known - 1}) n;
    INSERT INTO sessions SELECT encode(sha256(id::text::bytea), 'hex'), id, now() + interval '30 days' FROM users;
  `)
  process.exit(0)
}

export async function logInByTwoStatements({ openid, unionid, session_key }) {
  const { rows } = await pool.query(
    `INSERT INTO users (id, openid, unionid, session_key) VALUES ($1, $2, $3, $4)
     ON CONFLICT (openid) DO UPDATE SET session_key = excluded.session_key RETURNING id`,
    [randomUUID(), openid, unionid, session_key],
  )
  const { token, hash } = newToken()
  await pool.query("INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, $3)", [
    hash,
    rows[0].id,
    new Date(Date.now() + month),
  ])
  return { token, user: { id: rows[0].id } }
}

/** The same in one prepared statement. */
export async function logInByOneStatement({ openid, unionid, session_key }) {
  const { token, hash } = newToken()
  const { rows } = await pool.query({
    name: "log_in",
    text: `WITH person AS (
        INSERT INTO users (id, openid, unionid, session_key) VALUES ($1, $2, $3, $4)
        ON CONFLICT (openid) DO UPDATE SET session_key = excluded.session_key RETURNING id)
      INSERT INTO sessions (id, user_id, expires_at) SELECT $5, id, $6 FROM person RETURNING user_id`,
    values: [randomUUID(), openid, unionid, session_key, hash, new Date(Date.now() + month)],
  })
  return { token, user: { id: rows[0].user_id } }
}
