import { createLogin, type Login, type LoginOptions } from "denglu"
import { openSqliteStore } from "../../../packages/denglu/src/store/sqlite.ts"
import { benchApp, benchLimits, benchSecret } from "./bench-app.ts"

/** The whole product over a file, committing so many logins together at most. */
export async function sqliteLogin(
  path: string,
  most: number,
  wechat: NonNullable<LoginOptions["wechat"]>,
): Promise<Login> {
  return await createLogin({
    apps: [benchApp],
    store: await openSqliteStore({ path, groupCommit: most }),
    secret: benchSecret,
    limits: benchLimits,
    wechat,
  })
}
