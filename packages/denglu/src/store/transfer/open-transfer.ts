import { existsSync } from "node:fs"
import { DengluError } from "../../errors.ts"
import { connectMysql, type Mysql, mysqlUnavailable } from "../mysql-pool.ts"
import { connectPostgres, type PostgresConnection, postgresUnavailable } from "../postgres-pool.ts"
import { migrateMysql } from "../sql/mysql-schema.ts"
import { mysqlTransferSource, mysqlTransferTarget } from "../sql/mysql-transfer.ts"
import { migratePostgres } from "../sql/postgres-schema.ts"
import { postgresTransferSource, postgresTransferTarget } from "../sql/postgres-transfer.ts"
import { sqliteTransferSource } from "../sql/sqlite-transfer.ts"
import { openSqliteFile } from "../sqlite.ts"
import type { TransferSource, TransferTarget } from "./transfer.ts"

/** A statement of a copy carries two thousand rows, and counts whole tables. */
const patient = { statementTimeoutMs: 600_000, connections: 2 }

const kindOf = (url: string) => /^([a-z]+):/.exec(url)?.[1]

/**
 * Opens the database a URL names, to copy from.
 *
 * @throws TypeError for a scheme nothing can be copied from
 * @throws DengluError `store_unavailable`, also while a server is using a SQLite file
 */
export async function openTransferSource(url: string): Promise<TransferSource> {
  switch (kindOf(url)) {
    case "sqlite": {
      const path = url.replace(/^sqlite:(\/\/(?=\/))?/, "")
      if (!existsSync(path))
        throw new DengluError("store_unavailable", { message: `there is no file ${path} to copy from` })
      const { database, lock } = openSqliteFile({ path })
      return sqliteTransferSource(database, () => {
        database.close()
        lock?.close()
      })
    }
    case "postgres":
    case "postgresql": {
      const { use, close } = await openPostgres(url)
      // It may be of an older version, and lack a table.
      await closingOnFailure(close, () => use(client => migratePostgres(client)))
      return postgresTransferSource(use, close)
    }
    case "mysql":
    case "mariadb": {
      const { use, close } = await openMysql(url)
      await closingOnFailure(close, () => use(connection => migrateMysql(connection)))
      return mysqlTransferSource(use, close)
    }
    default:
      throw new TypeError('--from is a database: "sqlite:./data/login.db", "postgres://…" or "mysql://…"')
  }
}

/**
 * Opens the database a URL names, to copy into; its tables are made if need be.
 *
 * @throws TypeError for a scheme nothing can be copied into
 * @throws DengluError `store_unavailable`
 */
export async function openTransferTarget(url: string): Promise<TransferTarget> {
  switch (kindOf(url)) {
    case "postgres":
    case "postgresql": {
      const { use, close } = await openPostgres(url)
      await closingOnFailure(close, () => use(client => migratePostgres(client)))
      return postgresTransferTarget(use, close)
    }
    case "mysql":
    case "mariadb": {
      const { use, close } = await openMysql(url)
      await closingOnFailure(close, () => use(connection => migrateMysql(connection)))
      return mysqlTransferTarget(use, close)
    }
    default:
      throw new TypeError('--to is a database that several instances share: "postgres://…" or "mysql://…"')
  }
}

async function closingOnFailure(close: () => Promise<void>, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    await close()
    throw error
  }
}

// The drivers' own errors hold statements, rows and all: none of them gets out of here.

async function openPostgres(url: string): Promise<Pick<PostgresConnection, "use" | "close">> {
  const { use, close } = await connectPostgres({ url, ...patient })
  return {
    use: async work => {
      try {
        return await use(work)
      } catch (error) {
        throw postgresUnavailable(error)
      }
    },
    close,
  }
}

async function openMysql(url: string): Promise<Mysql> {
  const { use, close } = await connectMysql({ url, ...patient })
  return {
    use: async work => {
      try {
        return await use(work)
      } catch (error) {
        throw mysqlUnavailable(error)
      }
    },
    close,
  }
}
