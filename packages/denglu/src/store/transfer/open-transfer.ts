import { existsSync } from "node:fs"
import { DengluError } from "../../errors.ts"
import { connectPostgres } from "../postgres-pool.ts"
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
      const { use, close } = await connectPostgres({ url, ...patient })
      return postgresTransferSource(use, close)
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
      const { use, close } = await connectPostgres({ url, ...patient })
      await use(client => migratePostgres(client))
      return postgresTransferTarget(use, close)
    }
    default:
      throw new TypeError('--to is a database that several instances share: "postgres://…" or "mysql://…"')
  }
}
