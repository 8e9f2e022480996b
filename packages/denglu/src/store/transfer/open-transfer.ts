import { existsSync } from "node:fs"
import { migrateStore } from "../migrate-store.ts"
import { connectMysql, type Mysql, mysqlUnavailable } from "../mysql-pool.ts"
import { connectPostgres, type PostgresConnection, postgresUnavailable } from "../postgres-pool.ts"
import { mysqlSchemaState, mysqlSchemaVersion } from "../sql/mysql-schema.ts"
import { mysqlTransferSource, mysqlTransferTarget } from "../sql/mysql-transfer.ts"
import { postgresSchemaState, postgresSchemaVersion } from "../sql/postgres-schema.ts"
import { postgresTransferSource, postgresTransferTarget } from "../sql/postgres-transfer.ts"
import { sqliteSchemaState, sqliteSchemaVersion } from "../sql/sqlite-schema.ts"
import { sqliteTransferSource } from "../sql/sqlite-transfer.ts"
import { openSqliteFile, SqliteFileInUse } from "../sqlite.ts"
import { readServerUrl, sqlitePath } from "../store-url.ts"
import { CopyRefused, NotToBeCopied } from "./copy-refused.ts"
import type { TransferSource, TransferTarget } from "./transfer.ts"

/** A statement of a copy carries two thousand rows, and counts whole tables. */
const patient = { statementTimeoutMs: 600_000, connections: 2 }

const kindOf = (url: string) => /^([a-z]+):/.exec(url)?.[1]

/**
 * Opens the database a URL names, to copy from. It stays as it is.
 *
 * @throws TypeError for a scheme nothing can be copied from
 * @throws DengluError `store_unavailable`, also while a server is using a SQLite file, and for another schema than this code's
 */
export async function openTransferSource(url: string): Promise<TransferSource> {
  switch (kindOf(url)) {
    case "sqlite": {
      const path = sqlitePath(url) ?? ""
      if (!existsSync(path))
        throw new CopyRefused({
          en: `there is no file ${path} to copy from`,
          zh: `来源文件 ${path} 不存在`,
        })
      const { database, lock } = openSource(path)
      return sqliteTransferSource(database, () => {
        database.close()
        lock?.close()
      })
    }
    case "postgres":
    case "postgresql": {
      const { use, close } = await openPostgres(url)
      await closingOnFailure(close, async () => {
        const { version } = await use(postgresSchemaState)
        refuseUnlessCurrent(version, postgresSchemaVersion)
      })
      return postgresTransferSource(use, close)
    }
    case "mysql":
    case "mariadb": {
      const { use, close } = await openMysql(url)
      await closingOnFailure(close, async () => {
        const { version } = await use(mysqlSchemaState)
        refuseUnlessCurrent(version, mysqlSchemaVersion)
      })
      return mysqlTransferSource(use, close)
    }
    default:
      throw new NotToBeCopied({
        en: '--from is a database: "sqlite:./data/login.db", "postgres://…" or "mysql://…"',
        zh: '--from 应为数据库："sqlite:./data/login.db"、"postgres://…" 或 "mysql://…"',
      })
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
      await migrateStore(url, false)
      const { use, close } = await openPostgres(url)
      return postgresTransferTarget(use, close)
    }
    case "mysql":
    case "mariadb": {
      await migrateStore(url, false)
      const { use, close } = await openMysql(url)
      return mysqlTransferTarget(use, close)
    }
    default:
      throw new NotToBeCopied({
        en: '--to is a database that several instances share: "postgres://…" or "mysql://…"',
        zh: '--to 应为可供多个实例共享的数据库："postgres://…" 或 "mysql://…"',
      })
  }
}

/** What is read is what this code knows: of an older schema it would miss tables, of a newer one leave some behind. */
function refuseUnlessCurrent(version: number, known: number): void {
  if (version === known) return
  if (version === 0)
    throw new CopyRefused({
      en: "there is nothing of Denglu in the source; look at --from",
      zh: "来源中没有 Denglu 的数据，请检查 --from",
    })
  const remedy =
    version < known
      ? {
          en: "copying changes nothing there, so run denglu migrate on it first, with DENGLU_STORE set to it",
          zh: "复制不会改动来源，请先把 DENGLU_STORE 设为来源并运行 denglu migrate",
        }
      : { en: "install the newer version", zh: "请安装更新的版本" }
  throw new CopyRefused({
    en: `the source has schema ${version}, this version copies schema ${known}: ${remedy.en}`,
    zh: `来源的结构版本为 ${version}，本版本可复制 ${known}：${remedy.zh}`,
  })
}

function openSource(path: string): ReturnType<typeof openSqliteFile> {
  try {
    return openSqliteFile({ path }, opened =>
      refuseUnlessCurrent(sqliteSchemaState(opened).version, sqliteSchemaVersion),
    )
  } catch (error) {
    if (!(error instanceof SqliteFileInUse)) throw error
    throw new CopyRefused({
      en: `a login server is using ${error.path}: stop it first, or copy a backup of it`,
      zh: `登录服务器正在使用 ${error.path}：请先停止它，或复制它的备份`,
    })
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
  const { use, close } = await connectPostgres({ ...readServerUrl(url), ...patient })
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
  const { use, close } = await connectMysql({ ...readServerUrl(url), ...patient })
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
