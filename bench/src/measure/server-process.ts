import { spawn } from "node:child_process"
import { once } from "node:events"
import { closeSync, openSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { endWithUs } from "./children.ts"

/** A server in a process of its own, pinned to one core. */
export interface ServerProcess {
  readonly pid: number
  readonly port: number
  /** The server's process, and that of the command in front of it if there is one. */
  readonly pids: readonly number[]
  stop(): Promise<void>
}

export interface ServerSpec {
  /** File below `bench/`, such as `src/servers/check.ts`. */
  readonly file: string
  readonly args: readonly string[]
  readonly cpu: number
  readonly env?: Readonly<Record<string, string>>
  /** A command in front of the server's: `strace …`. */
  readonly through?: readonly string[]
  /** Where its standard output goes, if it is a log; then it says on standard error that it is ready. */
  readonly log?: string
}

/** Starts it and waits until it prints `ready PORT`. @throws Error with what it printed if it ends before */
export async function startServer({
  file,
  args,
  cpu,
  env = {},
  through = [],
  log,
}: ServerSpec): Promise<ServerProcess> {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  const out = log === undefined ? "pipe" : openSync(log, "w")
  const child = spawn(
    "taskset",
    [
      "-c",
      String(cpu),
      ...through,
      process.execPath,
      "--conditions=denglu-source",
      "--disable-warning=ExperimentalWarning",
      path,
      ...args,
    ],
    { stdio: ["ignore", out, "pipe"], env: { ...process.env, NODE_ENV: "production", ...env } },
  )
  if (typeof out === "number") closeSync(out)
  endWithUs(child)
  const ended = once(child, "exit")
  let output = ""
  const [port, pid] = await new Promise<readonly [number, number]>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", chunk => {
        output += chunk
        const ready = /ready (\d+)(?: (\d+))?\n/.exec(output)
        if (ready !== null) resolve([Number(ready[1]), Number(ready[2] ?? child.pid)])
      })
    child.once("error", reject)
    child.once("exit", () => reject(new Error(`${file} ${args.join(" ")} ended:\n${output.slice(-2000)}`)))
  })
  endWithUs(child, pid)
  return {
    pid,
    port,
    pids: [...new Set([pid, child.pid as number])],
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      process.kill(pid, "SIGTERM")
      const timer = setTimeout(() => process.kill(pid, "SIGKILL"), 3_000)
      await ended
      clearTimeout(timer)
    },
  }
}
