// `better-auth.js sqlite|pg`: better-auth has no way in by a mini program's code. This is the plugin that its documentation tells one to
// write (docs/concepts/plugins): an endpoint, then the library's own sign-in by a provider's account, its session and cookie.
import { createServer } from "node:http"
import axios from "axios"
import { betterAuth } from "better-auth"
import { APIError, createAuthEndpoint } from "better-auth/api"
import { setSessionCookie } from "better-auth/cookies"
import { getMigrations } from "better-auth/db/migration"
import { toNodeHandler } from "better-auth/node"
import { handleOAuthUserInfo } from "better-auth/oauth2"
import Database from "better-sqlite3"
import pg from "pg"
import { z } from "zod"
import { known, openidSql } from "./people.js"
import { parameters, sessionUrl } from "./upstream.js"

const providerId = "wechat-mini-program"
const onSqlite = process.argv[2] === "sqlite"

function openSqlite() {
  const database = new Database(process.env.BENCH_STORE)
  database.pragma("journal_mode = WAL")
  database.pragma("synchronous = FULL")
  return database
}
const database = onSqlite ? openSqlite() : new pg.Pool({ connectionString: process.env.BENCH_STORE })

const logInByCode = createAuthEndpoint(
  "/login",
  { method: "POST", body: z.object({ code: z.string().max(128) }) },
  async ctx => {
    const { data } = await axios.get(sessionUrl, { params: parameters(ctx.body.code) })
    const { error, data: signedIn } = await handleOAuthUserInfo(ctx, {
      // WeChat gives no address; better-auth wants one.
      userInfo: { id: data.openid, email: `${data.openid}@wechat.invalid`, name: "", emailVerified: true },
      account: { providerId, accountId: data.openid, accessToken: data.session_key },
    })
    if (error) throw new APIError("UNAUTHORIZED", { message: error })
    await setSessionCookie(ctx, signedIn)
    return ctx.json({ token: signedIn.session.token, user: { id: signedIn.user.id } })
  },
)

const options = {
  database,
  baseURL: "http://127.0.0.1",
  basePath: "/",
  secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-bench",
  plugins: [{ id: providerId, endpoints: { logInByCode } }],
  rateLimit: { enabled: false },
  logger: { disabled: true },
  telemetry: { enabled: false },
}

if (process.argv.at(-1) === "prepare") {
  await (await getMigrations(options)).runMigrations()
  const numbers = onSqlite
    ? `(WITH RECURSIVE people(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM people WHERE n < ${known - 1}) SELECT n FROM people)`
    : `(SELECT n FROM generate_series(0, ${known - 1}) n)`
  const text = onSqlite ? "printf('%010d', n)" : "lpad(n::text, 10, '0')"
  const openid = onSqlite ? `'oBenchAAAAAAAAAAAA' || ${text}` : openidSql("n::text")
  const [now, later] = onSqlite
    ? ["strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+7 days')"]
    : ["now()", "now() + interval '7 days'"]
  const verified = onSqlite ? "1" : "true"
  for (const statement of [
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
      SELECT 'person' || ${text}, '', lower(${openid} || '@wechat.invalid'), ${verified}, ${now}, ${now} FROM ${numbers} AS p`,
    `INSERT INTO account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
      SELECT 'account' || ${text}, ${openid}, '${providerId}', 'person' || ${text}, ${now}, ${now} FROM ${numbers} AS p`,
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
      SELECT 'session' || ${text}, 'token' || ${text}, 'person' || ${text}, ${later}, ${now}, ${now} FROM ${numbers} AS p`,
  ]) {
    if (onSqlite) database.exec(statement)
    else await database.query(statement)
  }
  process.exit(0)
}

const server = createServer(toNodeHandler(betterAuth(options)))
server.listen(0, "127.0.0.1", () => console.log(`ready ${server.address().port}`))
process.on("SIGTERM", () => process.exit(0))
