import { execFileSync, spawnSync } from "node:child_process"
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "./nginx.ts"

/** A PostgreSQL of a story's own, which it may stop and kill. */
export interface PostgresServer {
  readonly url: string
  readonly port: number
  readonly pid: () => number
  start(): void
  stop(mode: "fast" | "immediate"): void
  close(): void
}

/** Where Debian and others keep the programs that are not for every day. */
function binaries(): string | undefined {
  const root = "/usr/lib/postgresql"
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : []
  return versions
    .map(version => join(root, version, "bin"))
    .find(folder => existsSync(join(folder, "initdb")))
}

export const hasPostgresServer = () => binaries() !== undefined

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "denglu-postgres-"))
  const data = join(folder, "data")
  const port = await freePort()
  const bin = binaries() as string
  const isRoot = process.getuid?.() === 0
  // PostgreSQL refuses to run as root.
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }))
    chownSync(folder, id("-u"), id("-g"))
  }
  const run = (program: string, args: readonly string[]) => {
    const words = [join(bin, program), ...args]
    const [command = "", ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...words] : words
    const { status, stderr } = spawnSync(command, rest, {
      encoding: "utf8",
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    })
    if (status !== 0) throw new Error(`${program}: ${stderr}`)
  }
  run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"])
  const start = () =>
    run("pg_ctl", [
      ...["-D", data, "-w", "-t", "60", "-l", join(folder, "log"), "start"],
      ...["-o", `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=on`],
    ])
  const stop = (mode: "fast" | "immediate") => run("pg_ctl", ["-D", data, "-w", "-m", mode, "stop"])
  start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    pid: () => Number(execFileSync("head", ["-1", join(data, "postmaster.pid")], { encoding: "utf8" })),
    start,
    stop,
    close() {
      try {
        stop("immediate")
      } catch {
        // It was stopped already.
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
