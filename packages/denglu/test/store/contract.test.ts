import assert from "node:assert/strict"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, afterEach, describe, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { type OpenStore, storeContract } from "../../src/store/contract.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import type { Store } from "../../src/store/store.ts"
import { hasMysql, hasPostgres, mysqlNeed, postgresNeed } from "../support/engines.ts"
import { reusedMysql, reusedPostgres } from "../support/reused-places.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-contract-"))
const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
const places = { postgres: reusedPostgres(), mysql: reusedMysql() }
afterEach(() => {
  places.postgres.giveBack()
  places.mysql.giveBack()
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await places.postgres.drop()
  await places.mysql.drop()
})
let files = 0
const file = () => {
  files += 1
  return join(folder, `${files}.db`)
}

/** Three instances on one database as one store: each call goes to the next of them. */
async function openThree(openOne: () => Promise<Store>): Promise<Store> {
  const stores = [await openOne(), await openOne(), await openOne()] as const
  let calls = 0
  return new Proxy(stores[0], {
    get: (first, name: keyof Store) =>
      name === "close"
        ? () => Promise.all(stores.map(store => store.close()))
        : typeof first[name] === "function"
          ? (...values: never[]) => {
              calls += 1
              const store = stores[calls % 3] as unknown as Record<string, (...values: never[]) => unknown>
              return store[name]?.(...values)
            }
          : first[name],
  })
}

/** SQLite in a file. What its foreign keys say must be so when it is closed: nothing enforces them. */
async function openChecked(): Promise<Store> {
  const path = file()
  const store = await openSqliteStore({ path })
  return Object.assign(Object.create(store), {
    async close() {
      await store.close()
      const database = new DatabaseSync(path, { readOnly: true })
      const dangling = database.prepare("PRAGMA foreign_key_check").all()
      database.close()
      assert.deepEqual(dangling, [])
    },
  })
}

interface Engine {
  readonly name: string
  readonly open: OpenStore
  /** Whether the machine has it, and what it is. */
  readonly needs?: readonly [boolean, string]
}

const postgres = [there.postgres, postgresNeed] as const
const mysql = [there.mysql, mysqlNeed] as const

const engines: readonly Engine[] = [
  { name: "memory", open: async () => createMemoryStore() },
  { name: "SQLite in a file", open: openChecked },
  {
    name: "SQLite in a file, each write by itself",
    open: () => openSqliteStore({ path: file(), groupCommit: 1 }),
  },
  { name: "SQLite in memory", open: () => openSqliteStore({ path: ":memory:" }) },
  {
    name: "PostgreSQL",
    needs: postgres,
    open: async () => openPostgresStore({ url: await places.postgres.take() }),
  },
  {
    name: "PostgreSQL, each write by itself",
    needs: postgres,
    open: async () => openPostgresStore({ url: await places.postgres.take(), groupCommit: 1 }),
  },
  {
    name: "PostgreSQL, three instances",
    needs: postgres,
    open: async () => {
      const url = await places.postgres.take()
      return openThree(() => openPostgresStore({ url }))
    },
  },
  { name: "MariaDB", needs: mysql, open: async () => openMysqlStore({ url: await places.mysql.take() }) },
  {
    name: "MariaDB, each write by itself",
    needs: mysql,
    open: async () => openMysqlStore({ url: await places.mysql.take(), groupCommit: 1 }),
  },
  {
    name: "MariaDB, three instances",
    needs: mysql,
    open: async () => {
      const url = await places.mysql.take()
      return openThree(() => openMysqlStore({ url }))
    },
  },
]

describe.each(engines)("the store in $name", ({ open, needs: [met, what] = [true, ""] }) => {
  test.for(storeContract)("$name", async ({ run }, context) => {
    need(context, met, what)
    await run(open)
  })
})
