import { connectMysql, mysqlUnavailable } from "./mysql-pool.ts"
import { connectPostgres, postgresUnavailable } from "./postgres-pool.ts"
import { migrateMysql, mysqlSchemaState, mysqlSchemaVersion } from "./sql/mysql-schema.ts"
import { migratePostgres, postgresSchemaState, postgresSchemaVersion } from "./sql/postgres-schema.ts"
import { openSqliteConnection } from "./sql/sqlite-connection.ts"
import { migrateSqlite, schemaVersion, sqliteSchemaVersion } from "./sql/sqlite-schema.ts"

/** What became of a database's schema. Versions are counted by engine; 0 is an empty database. */
export interface Migration {
  readonly engine: string
  readonly from: number
  readonly to: number
}

/**
 * Brings a database's schema up to date, or with `check` only looks what is to do. Instances may be running.
 *
 * @throws TypeError for a store that has no schema
 * @throws DengluError `store_unavailable`
 */
export async function migrateStore(url: string, check: boolean): Promise<Migration> {
  const [, scheme, rest = ""] = /^([a-z]+):(.*)$/s.exec(url) ?? []
  switch (scheme) {
    case "sqlite": {
      const database = openSqliteConnection(rest.replace(/^\/\/(?=\/)/, ""))
      try {
        const from = schemaVersion(database)
        if (!check) migrateSqlite(database)
        return { engine: "sqlite", from, to: sqliteSchemaVersion }
      } finally {
        database.close()
      }
    }
    case "postgres":
    case "postgresql": {
      // A step may take as long as it takes: it builds indexes.
      const { use, close } = await connectPostgres({ url, connections: 1, statementTimeoutMs: 3_600_000 })
      try {
        const { version: from } = await use(postgresSchemaState)
        if (!check) await use(client => migratePostgres(client))
        return { engine: "postgres", from, to: Math.max(from, postgresSchemaVersion) }
      } catch (error) {
        throw postgresUnavailable(error)
      } finally {
        await close()
      }
    }
    case "mysql":
    case "mariadb": {
      const { use, close } = await connectMysql({ url, connections: 1, statementTimeoutMs: 3_600_000 })
      try {
        const { version: from } = await use(mysqlSchemaState)
        if (!check) await use(connection => migrateMysql(connection))
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
