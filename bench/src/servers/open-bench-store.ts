import { openStore } from "../../../packages/denglu/src/store/open-store.ts"
import { openPostgresStore } from "../../../packages/denglu/src/store/postgres.ts"
import { openSqliteStore } from "../../../packages/denglu/src/store/sqlite.ts"
import type { Store } from "../../../packages/denglu/src/store/store.ts"

/** The store at the URL, writing so many logins together at most; `undefined`: as the product does. */
export async function openBenchStore(url: string, most: number | undefined): Promise<Store> {
  if (most === undefined) return await openStore(url)
  if (url.startsWith("postgres:")) return await openPostgresStore({ url, groupCommit: most })
  if (url.startsWith("sqlite:"))
    return await openSqliteStore({ path: url.slice("sqlite:".length), groupCommit: most })
  throw new Error(`${url}: has no mode of its own for the bench`)
}
