import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { endWithUs } from "./children.ts"
import { databaseUser, folderOf } from "./database-user.ts"
import { folderOnDisk } from "./folders.ts"
import { freePort } from "./free-port.ts"
import { runCommand } from "./run-command.ts"

/**
 * What every installation sets first: with the default buffer pool of 128 MB and 96 MB of log, InnoDB reads and writes pages the whole time once
 * there are some hundred thousand rows, and the disk is what is measured.
 */
const memory = ["--innodb-buffer-pool-size=1G", "--innodb-log-file-size=1G"]

/** A MariaDB of the bench's own, on core 1, gone when the bench ends. */
export interface MariaDb {
  readonly pid: number
  readonly version: string
  url(database: string): string
  /** What the client prints: a row a line, its values divided by tabs. */
  ask(database: string, sql: string): string
  /** An empty database, or one with the tables and rows of another. */
  create(database: string, template?: string): void
  drop(database: string): void
  stop(): Promise<void>
}

export async function startMariaDb(): Promise<MariaDb> {
  const user = databaseUser("mysql")
  const folder = folderOf(user, folderOnDisk())
  const options = {
    ...user,
    cwd: folder,
    env: { PATH: `${process.env.PATH}:/usr/sbin`, LC_ALL: "C.UTF-8", TZ: "UTC" },
  }
  const data = join(folder, "data")
  runCommand(
    "mariadb-install-db",
    ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db"],
    options,
  )
  const port = await freePort()
  const child = spawn(
    "taskset",
    [
      ..."-c 1 mariadbd --no-defaults --bind-address=127.0.0.1 --innodb-flush-log-at-trx-commit=1".split(" "),
      ...memory,
      `--datadir=${data}`,
      `--port=${port}`,
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
    ],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  )
  endWithUs(child)
  const ended = once(child, "exit")
  let output = ""
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", chunk => {
      output = (output + chunk).slice(-4000)
      if (output.includes("ready for connections")) resolve()
    })
    child.once("error", reject)
    child.once("exit", () => reject(new Error(`mariadbd ended:\n${output}`)))
  })
  const connection = `--no-defaults -h 127.0.0.1 -P ${port} -u root -BN`.split(" ")
  const ask = (database: string, sql: string) =>
    runCommand("mariadb", [...connection, database, "-e", sql]).trim()
  const [flush, version = ""] = ask("mysql", "SELECT @@innodb_flush_log_at_trx_commit, version()").split("\t")
  if (flush !== "1") throw new Error("innodb_flush_log_at_trx_commit is not 1: commits would not be durable")
  return {
    pid: child.pid as number,
    version,
    url: database => `mysql://root@127.0.0.1:${port}/${database}`,
    ask,
    create(database, template) {
      ask("mysql", `CREATE DATABASE ${database}`)
      if (template === undefined) return
      const tables = ask(template, "SHOW TABLES").split("\n").filter(Boolean)
      const copies = tables.map(
        table =>
          `CREATE TABLE ${table} LIKE ${template}.${table}; INSERT INTO ${table} SELECT * FROM ${template}.${table}`,
      )
      ask(database, copies.join("; "))
    },
    drop: database => void ask("mysql", `DROP DATABASE ${database}`),
    async stop() {
      child.kill("SIGTERM")
      await ended
    },
  }
}
