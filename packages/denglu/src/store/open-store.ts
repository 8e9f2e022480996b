import type { Store } from "./store.ts"
import { readServerUrl, sqlitePath } from "./store-url.ts"

/**
 * Opens the store a URL names: `sqlite:./data/login.db` (relative to the working directory), `sqlite::memory:`, `memory:`,
 * `postgres://user:password@host/database`, `mysql://user:password@host/database` (also for MariaDB). With `?connections=20` the last two
 * open that many connections at most.
 *
 * @throws TypeError for a scheme there is no engine for, for what is not a URL, or a number of connections that can't be
 * @throws DengluError `store_unavailable` if it can't be opened
 */
export async function openStore(
  url: string,
  options: { readonly role?: "server" | "guest" } = {},
): Promise<Store> {
  const [, scheme, rest] = /^([a-z]+):(.*)$/s.exec(url) ?? []
  if (scheme === "memory" && rest === "") {
    const { createMemoryStore } = await import("./memory.ts")
    return createMemoryStore()
  }
  const path = sqlitePath(url)
  if (path !== undefined) {
    const { openSqliteStore } = await import("./sqlite.ts")
    return openSqliteStore({ path, ...options })
  }
  if (scheme === "postgres" || scheme === "postgresql") {
    const { openPostgresStore } = await import("./postgres.ts")
    return openPostgresStore(readServerUrl(url))
  }
  if (scheme === "mysql" || scheme === "mariadb") {
    const { openMysqlStore } = await import("./mysql.ts")
    return openMysqlStore(readServerUrl(url))
  }
  throw new TypeError(
    'store must be "sqlite:./data/login.db", "postgres://…", "mysql://…", "sqlite::memory:" or "memory:"',
  )
}
