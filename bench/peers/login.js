// `login.js FILE`: POST /login as tutorials build it, on a good day: prepared statements, WAL, a key object.
import { createSecretKey, randomBytes, randomUUID } from "node:crypto"
import axios from "axios"
import Database from "better-sqlite3"
import express from "express"
import jwt from "jsonwebtoken"

const database = new Database(process.argv[2])
database.pragma("journal_mode = WAL")
database.pragma("synchronous = FULL")
database.exec(`
  CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, openid TEXT NOT NULL UNIQUE, unionid TEXT, session_key TEXT, created_at INTEGER);
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, created_at INTEGER, expires_at INTEGER);
  CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id);
`)
const addUser = database.prepare(`
  INSERT INTO users (id, openid, unionid, session_key, created_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (openid) DO UPDATE SET session_key = excluded.session_key RETURNING id`)
const addSession = database.prepare(
  "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
)

// The same people are known as with the others: BENCH_KNOWN of them, logged in once.
if (database.prepare("SELECT count(*) AS count FROM users").get().count === 0)
  database.transaction(() => {
    const now = Date.now()
    for (let person = 0; person < Number(process.env.BENCH_KNOWN); person += 1) {
      const name = String(person).padStart(10, "0").padStart(22, "A")
      const sessionKey = randomBytes(16).toString("base64")
      const { id } = addUser.get(randomUUID(), `oBench${name}`, `uBench${name}`, sessionKey, now)
      addSession.run(randomUUID(), id, now, now + 2_592_000_000)
    }
  })()

const key = createSecretKey(randomBytes(32))

const app = express()
app.use(express.json())
app.post("/login", async (req, res) => {
  const { data } = await axios.get(`${process.env.BENCH_UPSTREAM}/sns/jscode2session`, {
    params: {
      appid: "wxsim0000000000001",
      secret: "0".repeat(32),
      js_code: req.body.code,
      grant_type: "authorization_code",
    },
  })
  const now = Date.now()
  const { id } = addUser.get(randomUUID(), data.openid, data.unionid, data.session_key, now)
  addSession.run(randomUUID(), id, now, now + 2_592_000_000)
  res.json({ token: jwt.sign({ sub: id }, key, { expiresIn: "30m" }), user: { id } })
})
const server = app.listen(0, "127.0.0.1", () => console.log(`ready ${server.address().port}`))
process.on("SIGTERM", () => process.exit(0))
