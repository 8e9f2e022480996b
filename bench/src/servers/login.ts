/** `login.ts FILE MOST`: the whole product over SQLite, committing so many logins together at most. */
import { createServer } from "node:http"
import { createLogin } from "denglu"
import { openSqliteStore } from "../../../packages/denglu/src/store/sqlite.ts"
import { listen } from "./listen.ts"

const [, , path = "", most = "256"] = process.argv
const login = await createLogin({
  apps: [{ appid: "wxsim0000000000001", secret: "0".repeat(32) }],
  store: await openSqliteStore({ path, groupCommit: Number(most) }),
  secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-bench",
  // On, as in production, and too high to be met.
  limits: { loginsPerAddress: 1_000_000_000, loginsPerApp: 1_000_000_000 },
  wechat: { simulator: process.env.BENCH_UPSTREAM as string },
})
listen(createServer(login.node))
