import { spawn } from "node:child_process"
import { once } from "node:events"
import { endWithUs } from "./children.ts"
import { temporaryFolder } from "./folders.ts"
import { freePort } from "./free-port.ts"
import { runCommand } from "./run-command.ts"

/** A Redis of the bench's own, on core 1 and on nothing but memory: one that is used for other things could not be pinned. */
export interface Redis {
  readonly url: string
  readonly pid: number
  readonly version: string
  /** Forgets everything. */
  empty(): void
  stop(): Promise<void>
}

/** @throws Error with what it printed if it does not start */
export async function startRedis(): Promise<Redis> {
  const port = await freePort()
  const options = `--port ${port} --bind 127.0.0.1 --appendonly no --dir ${temporaryFolder()}`.split(" ")
  const child = spawn("taskset", ["-c", "1", "redis-server", ...options, "--save", ""], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  endWithUs(child)
  const ended = once(child, "exit")
  let output = ""
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", chunk => {
      output += chunk
      if (output.includes("Ready to accept connections")) resolve()
    })
    child.once("error", reject)
    child.once("exit", () => reject(new Error(`redis-server ended:\n${output.slice(-2000)}`)))
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid as number,
    version: /v=([\d.]+)/.exec(runCommand("redis-server", ["--version"]))?.[1] ?? "unknown",
    empty: () => void runCommand("redis-cli", ["-p", String(port), "flushall"]),
    async stop() {
      child.kill("SIGTERM")
      await ended
    },
  }
}
