import { existsSync } from "node:fs"
import type { DatabaseSync } from "node:sqlite"
import { connectMysql, mysqlUnavailable } from "./mysql-pool.ts"
import { type Patience, patiently } from "./patiently.ts"
import { connectPostgres, postgresUnavailable } from "./postgres-pool.ts"
import { migrateMysql } from "./sql/mysql-migration.ts"
import { mysqlSchemaState, mysqlSchemaVersion } from "./sql/mysql-schema.ts"
import { migratePostgres } from "./sql/postgres-migration.ts"
import { postgresSchemaState, postgresSchemaVersion } from "./sql/postgres-schema.ts"
import { isBusy, openSqliteConnection } from "./sql/sqlite-connection.ts"
import { migrateSqlite, sqliteSchemaState, sqliteSchemaVersion } from "./sql/sqlite-schema.ts"
import { makeSqliteFile, sqliteUnavailable } from "./sqlite-file.ts"
import { readServerUrl, sqlitePath } from "./store-url.ts"

/** What became of a database's schema. Versions are counted by engine; 0 is an empty database. */
export interface Migration {
  readonly engine: string
  readonly from: number
  readonly to: number
}

/** A step may take as long as it takes: it may have to build an index. */
const slowly = { statementTimeoutMs: 3_600_000, connections: 1 }
/** How long (ms) PostgreSQL waits for a table before it lets those go on who want it too: they wait behind. */
const lockTimeoutMs = 500

/**
 * Brings a database's schema up to date, or with `check` only looks what is to do. Instances may be running: their transactions are waited
 * for, about a minute.
 *
 * @throws TypeError for a store that has no schema, or a URL that is none
 * @throws DengluError `store_unavailable`, also for a schema that a newer Denglu has made unusable for this one; as a SchemaHeldUp if it has
 * waited in vain
 */
export async function migrateStore(url: string, check: boolean, patience: Patience = {}): Promise<Migration> {
  const [, scheme] = /^([a-z]+):/.exec(url) ?? []
  switch (scheme) {
    case "sqlite": {
      const path = sqlitePath(url) ?? ""
      // Opening it would make it.
      if (check && path !== ":memory:" && !existsSync(path))
        return { engine: "sqlite", from: 0, to: sqliteSchemaVersion }
      let database: DatabaseSync | undefined
      try {
        if (!check && path !== ":memory:") makeSqliteFile(path)
        const opened = openSqliteConnection(path)
        database = opened
        const { version: from } = sqliteSchemaState(opened)
        if (!check) await patiently(isBusy, async () => migrateSqlite(opened), patience)
        return { engine: "sqlite", from, to: Math.max(from, sqliteSchemaVersion) }
      } catch (error) {
        throw sqliteUnavailable(error)
      } finally {
        database?.close()
      }
    }
    case "postgres":
    case "postgresql": {
      const { use, close } = await connectPostgres({ ...readServerUrl(url), ...slowly, lockTimeoutMs })
      try {
        const { version: from } = await use(postgresSchemaState)
        if (!check) await use(client => migratePostgres(client, patience))
        return { engine: "postgres", from, to: Math.max(from, postgresSchemaVersion) }
      } catch (error) {
        throw postgresUnavailable(error)
      } finally {
        await close()
      }
    }
    case "mysql":
    case "mariadb": {
      const { use, close } = await connectMysql({ ...readServerUrl(url), ...slowly })
      try {
        const { version: from } = await use(mysqlSchemaState)
        if (!check) await use(connection => migrateMysql(connection, patience))
        return { engine: "mysql", from, to: Math.max(from, mysqlSchemaVersion) }
      } catch (error) {
        throw mysqlUnavailable(error)
      } finally {
        await close()
      }
    }
    default:
      throw new TypeError("this store has no schema to migrate")
  }
}
