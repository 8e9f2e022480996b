import type { Store } from "./store.ts"

/**
 * Opens the store a URL names: `sqlite:./data/login.db` (relative to the working directory), `sqlite::memory:`, `memory:`,
 * `postgres://user:password@host/database`, `mysql://user:password@host/database` (also for MariaDB). With `?connections=20` the last two
 * open that many connections at most.
 *
 * @throws TypeError for a scheme there is no engine for, or a number of connections that can't be
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
    return openPostgresStore(readConnections(url))
  }
  if (scheme === "mysql" || scheme === "mariadb") {
    const { openMysqlStore } = await import("./mysql.ts")
    return openMysqlStore(readConnections(url))
  }
  throw new TypeError(
    'store must be "sqlite:./data/login.db", "postgres://…", "mysql://…", "sqlite::memory:" or "memory:"',
  )
}

/** Takes `connections` out of a URL's query: the drivers don't know it. @throws TypeError if it is not 2 to 1,000 */
export function readConnections(url: string): { readonly url: string; readonly connections?: number } {
  const [start, query] = url.split("?", 2) as [string, string?]
  const fields = query?.split("&") ?? []
  const found = fields.find(field => field.startsWith("connections="))
  if (found === undefined) return { url }
  const connections = Number(found.slice("connections=".length))
  if (!Number.isInteger(connections) || connections < 2 || connections > 1_000)
    throw new TypeError(
      "store: connections must be a whole number from 2 to 1000: postgres://…?connections=20",
    )
  const others = fields.filter(field => field !== found)
  return { url: others.length === 0 ? start : `${start}?${others.join("&")}`, connections }
}
