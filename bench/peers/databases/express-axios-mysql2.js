// Express 5, axios, mysql2, two prepared statements, mysql2's pool as it comes.
import axios from "axios"
import express from "express"
import mysql from "mysql2/promise"
import { known, openidSql } from "./people.js"
import { serve } from "./serve.js"
import { month, newToken } from "./tokens.js"
import { parameters, sessionUrl } from "./upstream.js"

const pool = mysql.createPool({
  uri: process.env.BENCH_STORE,
  multipleStatements: process.argv.at(-1) === "prepare",
})

if (process.argv.at(-1) === "prepare") {
  await pool.query(`
    CREATE TABLE users (id BIGINT AUTO_INCREMENT PRIMARY KEY, openid VARCHAR(64) CHARACTER SET ascii NOT NULL UNIQUE,
      unionid VARCHAR(64) CHARACTER SET ascii, session_key VARCHAR(64) CHARACTER SET ascii,
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
    CREATE TABLE sessions (id CHAR(64) CHARACTER SET ascii PRIMARY KEY, user_id BIGINT NOT NULL, expires_at DATETIME NOT NULL,
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, INDEX (user_id));
    INSERT INTO users (openid, unionid, session_key)
      SELECT ${openidSql("seq")}, ${openidSql("seq", "u")}, to_base64(unhex(md5(seq))) FROM seq_0_to_${known - 1};
    INSERT INTO sessions (id, user_id, expires_at) SELECT sha2(openid, 256), id, now() + INTERVAL 30 DAY FROM users;
  `)
  process.exit(0)
}

const app = express()
app.use(express.json())
app.post("/login", async (req, res) => {
  const { data } = await axios.get(sessionUrl, { params: parameters(req.body.code) })
  const [{ insertId }] = await pool.execute(
    `INSERT INTO users (openid, unionid, session_key) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), session_key = VALUES(session_key)`,
    [data.openid, data.unionid, data.session_key],
  )
  const { token, hash } = newToken()
  await pool.execute("INSERT INTO sessions (id, user_id, expires_at) VALUES (?, ?, ?)", [
    hash,
    insertId,
    new Date(Date.now() + month),
  ])
  res.json({ token, user: { id: insertId } })
})
serve(app)
