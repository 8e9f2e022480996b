import { createLogin, type Login, type LoginOptions } from "denglu"
import { openSqliteStore } from "../../../packages/denglu/src/store/sqlite.ts"

/** The whole product over a file, committing so many logins together at most. */
export async function sqliteLogin(
  path: string,
  most: number,
  wechat: NonNullable<LoginOptions["wechat"]>,
): Promise<Login> {
  return await createLogin({
    apps: [{ appid: "wxsim0000000000001", secret: "0".repeat(32) }],
    store: await openSqliteStore({ path, groupCommit: most }),
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-bench",
    // On, as in production, and too high to be met.
    limits: { loginsPerAddress: 1_000_000_000, loginsPerApp: 1_000_000_000 },
    wechat,
  })
}
