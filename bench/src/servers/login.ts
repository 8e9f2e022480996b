/** `login.ts FILE MOST`: the whole product over SQLite, committing so many logins together at most. */
import { createServer } from "node:http"
import { listen } from "./listen.ts"
import { sqliteLogin } from "./sqlite-login.ts"

const [, , path = "", most = "256"] = process.argv
const login = await sqliteLogin(path, Number(most), { simulator: process.env.BENCH_UPSTREAM as string })
listen(createServer(login.node))
