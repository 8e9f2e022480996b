import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, test } from "vitest"
import { storeContract } from "../../src/store/contract.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import { dropPostgres, freshPostgres } from "../support/engines.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-contract-"))
afterAll(dropPostgres)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const file = () => {
  files += 1
  return join(folder, `${files}.db`)
}

describe.each([
  ["memory", async () => createMemoryStore()],
  ["SQLite in a file", () => openSqliteStore({ path: file() })],
  ["SQLite in a file, each write by itself", () => openSqliteStore({ path: file(), groupCommit: 1 })],
  ["PostgreSQL", async () => openPostgresStore({ url: await freshPostgres() })],
  [
    "PostgreSQL, each write by itself",
    async () => openPostgresStore({ url: await freshPostgres(), groupCommit: 1 }),
  ],
  ["SQLite in memory", () => openSqliteStore({ path: ":memory:" })],
])("the store in %s", (_name, open) => {
  test.each(storeContract.map(entry => [entry.name, entry.run] as const))("%s", (_case, run) => run(open))
})
