import { execFileSync, spawnSync } from "node:child_process"
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type DatabaseServer, here, type Site } from "./database-server.ts"
import { freePort } from "./nginx.ts"

/** Where Debian and others keep the programs that are not for every day. */
function binaries(): string | undefined {
  const root = "/usr/lib/postgresql"
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : []
  return versions
    .map(version => join(root, version, "bin"))
    .find(folder => existsSync(join(folder, "initdb")))
}

export const hasPostgresServer = () => binaries() !== undefined

export async function startPostgres({ address, enter }: Site = here): Promise<DatabaseServer> {
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
    const asUser = isRoot ? ["runuser", "-u", "postgres", "--"] : []
    const [command = "", ...rest] = [...enter, ...asUser, join(bin, program), ...args]
    const { status, stderr } = spawnSync(command, rest, {
      encoding: "utf8",
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    })
    if (status !== 0) throw new Error(`${program}: ${stderr}`)
  }
  run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"])
  appendFileSync(join(data, "pg_hba.conf"), `host all all ${address}/24 trust\n`)
  const start = async () =>
    run("pg_ctl", [
      ...["-D", data, "-w", "-t", "60", "-l", join(folder, "log"), "start"],
      ...["-o", `-p ${port} -k ${folder} -c listen_addresses=${address} -c max_connections=200 -c fsync=on`],
    ])
  const stop = async (mode: "fast" | "immediate") => run("pg_ctl", ["-D", data, "-w", "-m", mode, "stop"])
  const signal = (name: "SIGSTOP" | "SIGCONT") => {
    const [postmaster = ""] = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")
    const children = execFileSync("pgrep", ["-P", postmaster], { encoding: "utf8" }).trim().split("\n")
    for (const pid of [postmaster, ...children]) {
      try {
        process.kill(Number(pid), name)
      } catch {
        // A backend that ended in between.
      }
    }
  }
  await start()
  return {
    url: `postgres://postgres@${address}:${port}/postgres`,
    start,
    stop: () => stop("fast"),
    crash: () => stop("immediate"),
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    async close() {
      await stop("immediate").catch(() => {
        // It was stopped already.
      })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
