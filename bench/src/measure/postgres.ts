import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readdirSync } from "node:fs"
import { delimiter, join } from "node:path"
import { endWithUs } from "./children.ts"
import { databaseUser, folderOf } from "./database-user.ts"
import { folderOnDisk } from "./folders.ts"
import { freePort } from "./free-port.ts"
import { runCommand } from "./run-command.ts"

/** A PostgreSQL of the bench's own, on core 1, gone when the bench ends: it can be pinned, and nobody else's data is near it. */
export interface Postgres {
  readonly pid: number
  readonly version: string
  url(database: string): string
  /** What `psql` prints: a row a line, its values divided by `|`. */
  ask(database: string, sql: string): string
  create(database: string, template?: string): void
  drop(database: string): void
  stop(): Promise<void>
}

/** Where `initdb` and `postgres` are; Debian doesn't put them on the path. */
function programs(): string {
  const debian = "/usr/lib/postgresql"
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((one, other) => Number(other) - Number(one))
    : []
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.map(one => join(debian, one, "bin")),
  ]
  const found = folders.find(folder => ["initdb", "postgres"].every(name => existsSync(join(folder, name))))
  if (found === undefined) throw new Error("initdb: not found. On Debian: apt-get install -y postgresql")
  return found
}

/** @param settings beside the defaults, such as `shared_buffers=1GB` */
export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
  const bin = programs()
  const user = databaseUser("postgres")
  const folder = folderOf(user, folderOnDisk())
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", TZ: "UTC" } }
  const data = join(folder, "data")
  runCommand(
    join(bin, "initdb"),
    ["-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-sync"],
    options,
  )
  const port = await freePort()
  const all = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", ...settings]
  const child = spawn(
    "taskset",
    ["-c", "1", join(bin, "postgres"), "-D", data, ...all.flatMap(setting => ["-c", setting])],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  )
  endWithUs(child)
  const ended = once(child, "exit")
  let output = ""
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", chunk => {
      output = (output + chunk).slice(-4000)
      if (output.includes("ready to accept connections")) resolve()
    })
    child.once("error", reject)
    child.once("exit", () => reject(new Error(`postgres ended:\n${output}`)))
  })
  const url = (database: string) => `postgres://bench@127.0.0.1:${port}/${database}`
  const ask = (database: string, sql: string) =>
    runCommand("psql", ["-XAqt", "-v", "ON_ERROR_STOP=1", "-d", url(database), "-c", sql]).trim()
  // What makes a commit durable; the defaults, which somebody's initdb might have changed.
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"])
    if (ask("postgres", `SHOW ${setting}`) !== "on")
      throw new Error(`${setting} is not on: commits would not be durable`)
  return {
    pid: child.pid as number,
    version: ask("postgres", "SHOW server_version"),
    url,
    ask,
    create: (database, template = "template1") =>
      void ask("postgres", `CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY file_copy`),
    drop: database => void ask("postgres", `DROP DATABASE ${database} WITH (FORCE)`),
    async stop() {
      child.kill("SIGINT")
      await ended
    },
  }
}
