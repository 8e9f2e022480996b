import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { hasCommand } from "../../scripts/need.ts"
import { type DatabaseServer, here, type Site } from "./database-server.ts"
import { freePort } from "./nginx.ts"

/** Where Debian keeps the server; only root's PATH leads there. */
const programs = "/usr/sbin"

export const hasMariaDbServer = () =>
  hasCommand("mariadb-install-db") && (hasCommand("mariadbd") || existsSync(join(programs, "mariadbd")))

export async function startMariaDb({ address, enter }: Site = here): Promise<DatabaseServer> {
  const folder = mkdtempSync(join(tmpdir(), "denglu-mariadb-"))
  const data = join(folder, "data")
  const port = await freePort()
  const env = { ...process.env, PATH: [process.env.PATH, programs].join(delimiter) }
  // MariaDB refuses to run as root, unless it is told to.
  const user = process.getuid?.() === 0 ? ["--user=root"] : []
  const installed = spawnSync(
    "mariadb-install-db",
    ["--no-defaults", `--datadir=${data}`, "--skip-test-db", ...user],
    { encoding: "utf8", env },
  )
  if (installed.status !== 0) throw new Error(`mariadb-install-db: ${installed.stdout}${installed.stderr}`)
  const firstStatements = join(folder, "init.sql")
  writeFileSync(
    firstStatements,
    `CREATE DATABASE IF NOT EXISTS login;
CREATE USER IF NOT EXISTS login@'%';
GRANT ALL ON login.* TO login@'%';
`,
  )
  const [command = "", ...args] = [
    ...enter,
    ...["mariadbd", "--no-defaults", ...user, "--skip-name-resolve", "--skip-log-bin"],
    ...["--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=128M", "--max-connections=200"],
    ...[`--datadir=${data}`, `--init-file=${firstStatements}`],
    ...[`--bind-address=${address}`, `--port=${port}`],
    ...[`--socket=${join(folder, "socket")}`, `--pid-file=${join(folder, "pid")}`],
  ]
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const started = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] })
    child = started
    let output = ""
    await new Promise<void>((resolve, reject) => {
      started.stderr.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-4_000)
        if (output.includes("ready for connections")) resolve()
      })
      started.once("error", reject)
      started.once("exit", () => reject(new Error(`mariadbd ended:\n${output}`)))
    })
  }

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (child === undefined) return
    const gone = once(child, "exit")
    child.kill(signal)
    child = undefined
    await gone
  }

  await start()
  return {
    url: `mysql://login@${address}:${port}/login`,
    start,
    stop: () => end("SIGTERM"),
    crash: () => end("SIGKILL"),
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async close() {
      await end("SIGKILL")
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
