import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../../bin/denglu.js", import.meta.url))

export interface Result {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Both streams, in the order in which they arrived. */
  readonly output: string
}

/** A `denglu` that is running, for commands that go on until they are told to stop. */
export interface Running {
  readonly process: ChildProcess
  /** Everything printed so far. */
  output(): string
  /** Resolves with the first match in what it prints; rejects if it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves when the process has ended and all it printed was read. */
  readonly ended: Promise<Result>
  /** Sends the signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Result>
}

export interface Where {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts `denglu ARGS` in a folder; its environment holds only what a shell needs and what is given. */
function startCli(args: readonly string[], { cwd, env = {} }: Where, script = bin): Running {
  const { PATH = "" } = process.env
  const child = spawn(process.execPath, ["--conditions=denglu-source", script, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME: cwd, LANG: "C", ...env },
  })
  const said = { stdout: "", stderr: "", output: "" }
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      said[name] += chunk
      said.output += chunk
    })
  let over = false
  const ended = once(child, "close").then(([code]): Result => {
    over = true
    return { code, ...said }
  })
  return {
    process: child,
    output: () => said.output,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(said.output)
        if (match !== null) return match
        if (over) throw new Error(`denglu ${args.join(" ")} ended: ${said.output}`)
        const more = new Promise(resolve => {
          child.stdout.once("data", resolve)
          child.stderr.once("data", resolve)
        })
        await Promise.race([more, ended])
      }
    },
    ended,
    end(signal = "SIGTERM") {
      if (!over) child.kill(signal)
      return ended
    },
  }
}

/** Runs `denglu ARGS` to its end. */
export function runCli(args: readonly string[], where: Where, script = bin): Promise<Result> {
  return startCli(args, where, script).ended
}

/** Temporary folders, and running commands, that `close` does away with. */
export function createBench() {
  const folders: string[] = []
  const runs: Running[] = []
  return {
    folder(): string {
      const path = mkdtempSync(join(tmpdir(), "denglu-cli-"))
      folders.push(path)
      return path
    },
    start(args: readonly string[], where: Where): Running {
      const run = startCli(args, where)
      runs.push(run)
      return run
    },
    async close(): Promise<void> {
      await Promise.all(runs.splice(0).map(run => run.end("SIGKILL")))
      for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true })
    },
  }
}
