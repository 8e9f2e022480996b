import type { Store } from "./store.ts"

/**
 * Opens the store a URL names: `sqlite:./data/login.db` (relative to the working directory), `sqlite::memory:`, `memory:`,
 * `postgres://user:password@host/database`, `mysql://user:password@host/database` (also for MariaDB).
 *
 * @throws TypeError for a scheme there is no engine for
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
  if (scheme === "sqlite" && rest) {
    const { openSqliteStore } = await import("./sqlite.ts")
    return openSqliteStore({ path: rest.replace(/^\/\/(?=\/)/, ""), ...options })
  }
  if (scheme === "postgres" || scheme === "postgresql") {
    const { openPostgresStore } = await import("./postgres.ts")
    return openPostgresStore({ url })
  }
  if (scheme === "mysql" || scheme === "mariadb") {
    const { openMysqlStore } = await import("./mysql.ts")
    return openMysqlStore({ url })
  }
  throw new TypeError(
    'store must be "sqlite:./data/login.db", "postgres://…", "mysql://…", "sqlite::memory:" or "memory:"',
  )
}
