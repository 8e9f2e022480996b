import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { type OpenStore, storeContract } from "../../src/store/contract.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-contract-"))
const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
afterAll(dropPostgres)
afterAll(dropMysql)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const file = () => {
  files += 1
  return join(folder, `${files}.db`)
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
  { name: "SQLite in a file", open: () => openSqliteStore({ path: file() }) },
  {
    name: "SQLite in a file, each write by itself",
    open: () => openSqliteStore({ path: file(), groupCommit: 1 }),
  },
  { name: "SQLite in memory", open: () => openSqliteStore({ path: ":memory:" }) },
  {
    name: "PostgreSQL",
    needs: postgres,
    open: async () => openPostgresStore({ url: await freshPostgres() }),
  },
  {
    name: "PostgreSQL, each write by itself",
    needs: postgres,
    open: async () => openPostgresStore({ url: await freshPostgres(), groupCommit: 1 }),
  },
  { name: "MariaDB", needs: mysql, open: async () => openMysqlStore({ url: await freshMysql() }) },
  {
    name: "MariaDB, each write by itself",
    needs: mysql,
    open: async () => openMysqlStore({ url: await freshMysql(), groupCommit: 1 }),
  },
]

describe.each(engines)("the store in $name", ({ open, needs: [met, what] = [true, ""] }) => {
  test.for(storeContract)("$name", async ({ run }, context) => {
    need(context, met, what)
    await run(open)
  })
})
