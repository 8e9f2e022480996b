/**
 * Secrets as files instead of variables, which programs print and children inherit. Each file is optional; a variable of
 * the environment goes over it. The folder is systemd's (`LoadCredential=`), or the one where Compose and
 * Kubernetes put theirs.
 *
 * | file | instead of |
 * |---|---|
 * | `wechat_secret` | `WECHAT_SECRET` |
 * | `denglu_secret` | `DENGLU_SECRET`; while it is changed one a line, the new one first |
 * | `denglu_store` | `DENGLU_STORE` |
 * | `denglu_redis` | `DENGLU_REDIS` |
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

const { CREDENTIALS_DIRECTORY, WECHAT_APPID = "", WECHAT_SECRET } = process.env
const folder = CREDENTIALS_DIRECTORY ?? "/run/secrets"

function read(name) {
  const file = join(folder, name)
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : ""
  return text === "" ? undefined : text
}

const config = {
  apps:
    WECHAT_SECRET || !read("wechat_secret")
      ? undefined
      : [{ appid: WECHAT_APPID.trim(), secret: read("wechat_secret") }],
  secret: read("denglu_secret")?.split(/[\s,]+/),
  store: read("denglu_store"),
  redis: read("denglu_redis"),
}

// What is not given must not be named, or it would hide a default.
// biome-ignore lint/style/noDefaultExport: a configuration is loaded by its default export
export default Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined))
